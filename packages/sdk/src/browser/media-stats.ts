import type { MediaStats } from '../viewer/peer.ts';

/** The part of the browser's statistics that a session shows; what a browser doesn't tell counts as 0. */
export function readMediaStats(report: Pick<ReadonlyMap<string, unknown>, 'values'>): MediaStats {
  let video = EMPTY.video;
  let audio = EMPTY.audio;
  let rttMs: number | undefined;
  for (const raw of report.values()) {
    const entry = new Entry(raw);
    if (entry.is('type', 'inbound-rtp') && entry.is('kind', 'video')) video = readVideo(entry);
    if (entry.is('type', 'inbound-rtp') && entry.is('kind', 'audio')) audio = readAudio(entry);
    if (entry.is('type', 'candidate-pair') && entry.is('state', 'succeeded')) rttMs = readRoundTrip(entry) ?? rttMs;
  }
  return { video, audio, ...(rttMs === undefined ? {} : { rttMs }) };
}

const EMPTY: MediaStats = {
  video: { width: 0, height: 0, frames: 0, keyframes: 0, bytes: 0, packets: 0, packetsLost: 0, dropped: 0, delayMs: 0 },
  audio: { packets: 0, bytes: 0, packetsLost: 0 },
};

function readVideo(entry: Entry): MediaStats['video'] {
  return {
    width: entry.number('frameWidth'),
    height: entry.number('frameHeight'),
    frames: entry.number('framesDecoded'),
    keyframes: entry.number('keyFramesDecoded'),
    bytes: entry.number('bytesReceived'),
    packets: entry.number('packetsReceived'),
    packetsLost: entry.number('packetsLost'),
    dropped: entry.number('framesDropped'),
    // Waiting in the jitter buffer and decoding, summed over the frames.
    delayMs: (entry.number('jitterBufferDelay') + entry.number('totalDecodeTime')) * 1000,
  };
}

/** Chromium counts whole milliseconds: on the machine itself 0 is a round trip like any other. */
function readRoundTrip(pair: Entry): number | undefined {
  const seconds = pair.optionalNumber('currentRoundTripTime');
  return seconds === undefined ? undefined : seconds * 1000;
}

function readAudio(entry: Entry): MediaStats['audio'] {
  return { packets: entry.number('packetsReceived'), bytes: entry.number('bytesReceived'), packetsLost: entry.number('packetsLost') };
}

/** One report of whatever kind: browsers differ in what they fill in. */
class Entry {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(raw: unknown) {
    this.#fields = typeof raw === 'object' && raw !== null ? { ...raw } : {};
  }

  is(name: string, value: string): boolean {
    return this.#fields[name] === value;
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? 0;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#fields[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }
}
