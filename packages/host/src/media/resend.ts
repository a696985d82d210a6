import type { RtpPacket } from './rtp-stream.ts';

/**
 * Packets kept for resending: half a second at 20 Mbit/s. It stays below 1024, the replay window of SRTP (RFC 3711 §3.3.2): what is
 * older would be refused by the viewer.
 */
const KEPT_PACKETS = 1000;
/** A packet that was lost this often is worth less than the key frame that the viewer asks for without it. */
const MAX_RESENDS = 8;
/** Share of the bitrate that resent packets may take: a link that drops what we send isn't helped by our sending it twice. */
const BUDGET_SHARE = 0.25;
/** What may be resent at once: half of it repairs a key frame that lost a tenth of its packets. */
const BUDGET_BURST_BYTES = 24 * 1024;
/** The least time between two resends of one packet, where the round trip is shorter or unknown. */
const MIN_GAP_US = 20_000;

/** A packet that is still missed so long after it was sent won't come in time any more: resending can't keep up. */
const MIN_OVERDUE_US = 300_000;
const OVERDUE_ROUND_TRIPS = 3;

interface Kept {
  readonly packet: RtpPacket;
  readonly sentUs: number;
  resends: number;
  resentUs: number;
}

/**
 * The packets that were sent lately, and which of those that a viewer misses may be sent again: each at once when it is first missed,
 * then at most once a round trip, all within a budget. Without the budget a narrow link drowns (facts: media §1.6).
 */
export class ResendHistory {
  readonly #kept = new Map<number, Kept>();
  #budget = BUDGET_BURST_BYTES;
  #filledUs: number;

  constructor(nowUs: number) {
    this.#filledUs = nowUs;
  }

  /** A key frame follows: what was sent well before it is of no use any more. The latest packets still complete their pictures. */
  forgetOverdue(nowUs: number): void {
    for (const [sequence, { sentUs }] of this.#kept) {
      if (nowUs - sentUs <= MIN_OVERDUE_US) return;
      this.#kept.delete(sequence);
    }
  }

  keep(packet: RtpPacket, nowUs: number): void {
    // Deleted first: a sequence number that came round again must go to the end of the map's order.
    this.#kept.delete(packet.sequence);
    this.#kept.set(packet.sequence, { packet, sentUs: nowUs, resends: 0, resentUs: 0 });
    if (this.#kept.size <= KEPT_PACKETS) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      break;
    }
  }

  /** Whether any of the packets has been missed for so long that only a key frame helps. */
  isOverdue(sequences: readonly number[], { nowUs, rttMs }: { readonly nowUs: number; readonly rttMs: number }): boolean {
    const overdueUs = Math.max(MIN_OVERDUE_US, rttMs * 1000 * OVERDUE_ROUND_TRIPS);
    return sequences.some((sequence) => {
      const kept = this.#kept.get(sequence);
      return kept !== undefined && nowUs - kept.sentUs > overdueUs;
    });
  }

  /** The packets to send again now, in the order in which they are missed. */
  take(sequences: readonly number[], { nowUs, rttMs, kbps }: { nowUs: number; rttMs: number; kbps: number }): readonly RtpPacket[] {
    this.#refill(nowUs, kbps);
    const gapUs = Math.max(MIN_GAP_US, rttMs * 1000);
    const taken: RtpPacket[] = [];
    for (const sequence of sequences) {
      const kept = this.#kept.get(sequence);
      if (kept === undefined || kept.resends >= MAX_RESENDS) continue;
      if (kept.resends > 0 && nowUs - kept.resentUs < gapUs) continue;
      if (this.#budget < kept.packet.bytes.length) break;
      this.#budget -= kept.packet.bytes.length;
      kept.resends += 1;
      kept.resentUs = nowUs;
      taken.push(kept.packet);
    }
    return taken;
  }

  #refill(nowUs: number, kbps: number): void {
    const bytesPerUs = (kbps * BUDGET_SHARE) / 8 / 1000;
    this.#budget = Math.min(BUDGET_BURST_BYTES, this.#budget + (nowUs - this.#filledUs) * bytesPerUs);
    this.#filledUs = nowUs;
  }
}
