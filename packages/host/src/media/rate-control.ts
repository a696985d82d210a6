import { SentRate } from './sent-rate.ts';

/** Where a viewer starts: good for a desktop of 720p, and what most links take (facts: media §1.6 "start low, ramp"). */
const START_KBPS = 2500;
/** Where a viewer close by starts: a home's wireless takes it, and a page of text is sharp within three pictures. */
const START_NEAR_KBPS = 8000;
/** Close by: the same machine, or the same local network. */
const NEAR_MS = 10;
/** Below this a desktop can't be read any more. */
const MIN_KBPS = 300;
/** Above this nothing is seen to get better, and the host's packets cost more than 0.15 of a core. */
const MAX_KBPS = 20_000;

/** The estimate grows only while it is used: a quiet desktop proves nothing about the network. */
const USED_SHARE = 0.7;
/** What the viewer's estimator allows is taken almost whole. It allows at most 1.5 times what it receives. */
const BANDWIDTH_SHARE = 0.95;
/** Smaller changes of the viewer's estimate say nothing of the direction in which it goes. */
const FLUTTER = 0.02;
/** A cut while little is sent: the fall may be a chance delay of a few packets, so it is taken in steps. */
const UNUSED_CUT = 0.7;
/** Growth a second: fast until the first congestion, careful for a while after each, then bolder. */
const GROWTH = { start: 2, careful: 1.08, bold: 1.25 } as const;
const CAREFUL_US = 4_000_000;
/** Losses that the resending mends without harm, and those that mean that the link is full (as Chromium's own sender has it). */
const MILD_LOSS = 0.02;
const HEAVY_LOSS = 0.1;
const FULL_LOSS = 0.25;
/** A second cut before the first can have shown its effect would be one too many. */
const MIN_CUT_GAP_US = 400_000;
/** How long a viewer's estimate holds; where none comes, few losses are reason enough to grow. */
const BANDWIDTH_AGE_US = 3_000_000;
/** A round trip that is this much longer than the shortest one: our packets stand in a queue. */
const QUEUE_MS = 150;
const QUEUE_CUT = 0.85;

/**
 * What one viewer's network takes, in kbit/s. Time is an argument, in microseconds; it holds no timers and sends nothing.
 *
 * Three witnesses: the viewer's own estimate (REMB), which follows the delay of our packets; the losses of its reports; and the round
 * trip.
 */
export class RateControl {
  readonly #sent: SentRate;
  #kbps = START_KBPS;
  #grownUs: number;
  #cutUs: number | undefined;
  #bandwidth: { readonly kbps: number; readonly atUs: number; readonly falling: boolean } | undefined;
  #shortestRttMs = Number.POSITIVE_INFINITY;

  constructor(nowUs: number) {
    this.#sent = new SentRate(nowUs);
    this.#grownUs = nowUs;
  }

  /** Before the first packet; `rttMs` where the connection has measured its round trip already. */
  start(rttMs: number | undefined): void {
    if (rttMs !== undefined && rttMs <= NEAR_MS) this.#kbps = START_NEAR_KBPS;
  }

  get kbps(): number {
    return Math.round(this.#kbps);
  }

  /** Bytes that left for the viewer. */
  sent(bytes: number, nowUs: number): void {
    this.#sent.add(bytes, nowUs);
  }

  /** The viewer's estimate came. */
  bandwidth(kbps: number, nowUs: number): void {
    const falls = this.#falls(kbps);
    this.#bandwidth = { kbps, atUs: nowUs, falling: falls && this.#bandwidth !== undefined };
    const sentKbps = this.#sent.kbps(nowUs);
    // The viewer's estimator lets its estimate rise slowly and cuts it to what arrives when packets are delayed. So only one that fell,
    // and is below what is sent, tells of a full link; one that is merely low hasn't seen more yet.
    if (falls && kbps < sentKbps * BANDWIDTH_SHARE) {
      const least = sentKbps < this.#kbps * USED_SHARE ? this.#kbps * UNUSED_CUT : 0;
      this.#cut(Math.max(least, kbps * BANDWIDTH_SHARE), nowUs);
    } else {
      this.#grow(kbps * BANDWIDTH_SHARE, nowUs);
    }
  }

  /** The share of packets that the viewer missed lately. Whoever sends no estimate is given more for as long as hardly any is. */
  loss(share: number, nowUs: number): void {
    // A full queue drops what doesn't fit, so of many losses the rest is what the link takes; fewer may be chance.
    if (share > FULL_LOSS) this.#cut(this.#kbps * (1 - share), nowUs);
    else if (share > HEAVY_LOSS) this.#cut(this.#kbps * (1 - share / 2), nowUs);
    else if (share < MILD_LOSS && !this.#hasEstimate(nowUs)) this.#grow(MAX_KBPS, nowUs);
  }

  /** A round trip was measured. */
  roundTrip(ms: number, nowUs: number): void {
    this.#shortestRttMs = Math.min(this.#shortestRttMs, ms);
    if (ms > this.#shortestRttMs + QUEUE_MS) this.#cut(this.#kbps * QUEUE_CUT, nowUs);
  }

  /** Whether the estimate went down when it last moved; a first one counts as that. */
  #falls(kbps: number): boolean {
    if (this.#bandwidth === undefined) return true;
    if (kbps < this.#bandwidth.kbps * (1 - FLUTTER)) return true;
    return this.#bandwidth.falling && kbps <= this.#bandwidth.kbps * (1 + FLUTTER);
  }

  #hasEstimate(nowUs: number): boolean {
    return this.#bandwidth !== undefined && nowUs - this.#bandwidth.atUs < BANDWIDTH_AGE_US;
  }

  #grow(limit: number, nowUs: number): void {
    // After a pause the time since the last growth says nothing about the network either.
    const seconds = Math.min(1, (nowUs - this.#grownUs) / 1e6);
    this.#grownUs = nowUs;
    if (this.#sent.kbps(nowUs) < this.#kbps * USED_SHARE) return;
    const grown = this.#kbps * this.#growth(nowUs) ** seconds;
    this.#set(Math.max(this.#kbps, Math.min(grown, limit)));
  }

  #growth(nowUs: number): number {
    if (this.#cutUs === undefined) return GROWTH.start;
    return nowUs - this.#cutUs < CAREFUL_US ? GROWTH.careful : GROWTH.bold;
  }

  #cut(kbps: number, nowUs: number): void {
    if (this.#cutUs !== undefined && nowUs - this.#cutUs < MIN_CUT_GAP_US) return;
    if (kbps >= this.#kbps) return;
    this.#cutUs = nowUs;
    this.#grownUs = nowUs;
    this.#set(kbps);
  }

  #set(kbps: number): void {
    this.#kbps = Math.min(MAX_KBPS, Math.max(MIN_KBPS, kbps));
  }
}
