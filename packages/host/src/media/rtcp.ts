import { ntpTime } from './media-clock.ts';

/** What a viewer's RTCP says that a sender acts on; everything else is passed over. */
export type RtcpFeedback =
  /** The picture can't be decoded until a key frame comes (PLI: RFC 4585 §6.3.1, FIR: RFC 5104 §4.3.1). */
  | { readonly type: 'keyframe'; readonly ssrc: number }
  /** These packets didn't come (NACK: RFC 4585 §6.2.1). */
  | { readonly type: 'missing'; readonly ssrc: number; readonly sequences: readonly number[] }
  /** The most that the viewer's estimator lets through, in kbit/s (REMB: draft-alvestrand-rmcat-remb-03). */
  | { readonly type: 'bandwidth'; readonly kbps: number }
  /**
   * A receiver report block (RFC 3550 §6.4.1). `lossFraction` is of the packets since the viewer's last report; times are in 1/65536 s,
   * `lastReport` is 0 before the first sender report came.
   */
  | {
      readonly type: 'report';
      readonly ssrc: number;
      readonly lossFraction: number;
      readonly highestSequence: number;
      readonly lastReport: number;
      readonly sinceLastReport: number;
    };

/** RTCP travels in single datagrams; a longer message is not RTCP. */
const MAX_RTCP = 2048;

const PacketType = { SenderReport: 200, ReceiverReport: 201, TransportFeedback: 205, PayloadFeedback: 206 } as const;
const NACK = 1;
const PLI = 1;
const FIR = 4;
const APPLICATION = 15;
const REMB = 0x52454d42; // "REMB"
const REPORT_BLOCK = 24;
const HEADER = 4;

/** Reads a compound RTCP packet of a viewer. Never throws: what isn't well-formed, and all behind it, is passed over. */
export function readRtcp(bytes: Uint8Array): readonly RtcpFeedback[] {
  const feedback: RtcpFeedback[] = [];
  if (bytes.length > MAX_RTCP) return feedback;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER <= view.byteLength; ) {
    const length = (view.getUint16(at + 2) + 1) * 4;
    if (view.getUint8(at) >> 6 !== 2 || at + length > view.byteLength) break;
    readPacket(new DataView(view.buffer, view.byteOffset + at, length), feedback);
    at += length;
  }
  return feedback;
}

/** `V,P,count-or-format ‖ packet type ‖ length u16 ‖ ssrc of the viewer u32 ‖ …` */
function readPacket(packet: DataView, feedback: RtcpFeedback[]): void {
  const format = packet.getUint8(0) & 0x1f;
  switch (packet.getUint8(1)) {
    case PacketType.SenderReport:
      // Behind the viewer's own report: NTP, RTP time, two counts.
      readReports(packet, 28, format, feedback);
      break;
    case PacketType.ReceiverReport:
      readReports(packet, 8, format, feedback);
      break;
    case PacketType.TransportFeedback:
      if (format === NACK) readMissing(packet, feedback);
      break;
    case PacketType.PayloadFeedback:
      if (format === PLI && packet.byteLength >= 12) feedback.push({ type: 'keyframe', ssrc: packet.getUint32(8) });
      else if (format === FIR) readFullIntraRequests(packet, feedback);
      else if (format === APPLICATION) readBandwidth(packet, feedback);
      break;
    default:
  }
}

/** `ssrc u32 ‖ fraction lost u8 ‖ lost u24 ‖ highest sequence u32 ‖ jitter u32 ‖ last report u32 ‖ delay since u32` */
function readReports(packet: DataView, start: number, count: number, feedback: RtcpFeedback[]): void {
  for (let index = 0; index < count; index += 1) {
    const at = start + index * REPORT_BLOCK;
    if (at + REPORT_BLOCK > packet.byteLength) return;
    feedback.push({
      type: 'report',
      ssrc: packet.getUint32(at),
      lossFraction: packet.getUint8(at + 4) / 256,
      highestSequence: packet.getUint32(at + 8),
      lastReport: packet.getUint32(at + 16),
      sinceLastReport: packet.getUint32(at + 20),
    });
  }
}

/** `ssrc of the media u32 ‖ (packet u16 ‖ bit mask of the sixteen behind it u16)…` */
function readMissing(packet: DataView, feedback: RtcpFeedback[]): void {
  if (packet.byteLength < 12) return;
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.byteLength; at += 4) {
    const first = packet.getUint16(at);
    const mask = packet.getUint16(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1) if ((mask >> bit) & 1) sequences.push((first + bit + 1) & 0xffff);
  }
  feedback.push({ type: 'missing', ssrc: packet.getUint32(8), sequences });
}

/** `0 u32 ‖ (ssrc of the media u32 ‖ sequence u8 ‖ 0 u24)…` */
function readFullIntraRequests(packet: DataView, feedback: RtcpFeedback[]): void {
  for (let at = 12; at + 8 <= packet.byteLength; at += 8) feedback.push({ type: 'keyframe', ssrc: packet.getUint32(at) });
}

/** `0 u32 ‖ "REMB" ‖ count u8 ‖ exponent u6, mantissa u18 ‖ ssrc u32…` in bit/s */
function readBandwidth(packet: DataView, feedback: RtcpFeedback[]): void {
  if (packet.byteLength < 20 || packet.getUint32(12) !== REMB) return;
  const packed = packet.getUint32(16) & 0xff_ffff;
  const bitsPerSecond = (packed & 0x3_ffff) * 2 ** (packed >> 18);
  feedback.push({ type: 'bandwidth', kbps: bitsPerSecond / 1000 });
}

export interface SenderReport {
  readonly ssrc: number;
  /** The same moment on both clocks: the viewer lines picture and sound up by it. */
  readonly nowUs: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/**
 * A sender report (RFC 3550 §6.4.1) and the SDES with the CNAME that a compound packet must have (§6.1). Streams with one CNAME share
 * a clock.
 */
export function senderReport(report: SenderReport, cname: string): Buffer {
  const name = Buffer.from(cname, 'latin1');
  // SDES chunk: ssrc, item 1, length, name, then one to four zeros up to the next word.
  const chunk = 4 + 2 + name.length;
  const sdes = HEADER + chunk + (4 - (chunk % 4));
  const bytes = Buffer.alloc(28 + sdes);
  const { seconds, fraction } = ntpTime(report.nowUs);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8(PacketType.SenderReport, 1);
  bytes.writeUInt16BE(28 / 4 - 1, 2);
  bytes.writeUInt32BE(report.ssrc, 4);
  bytes.writeUInt32BE(seconds, 8);
  bytes.writeUInt32BE(fraction, 12);
  bytes.writeUInt32BE(report.rtpTimestamp >>> 0, 16);
  bytes.writeUInt32BE(report.packets >>> 0, 20);
  bytes.writeUInt32BE(report.octets >>> 0, 24);
  bytes.writeUInt8(0x81, 28);
  bytes.writeUInt8(202, 29);
  bytes.writeUInt16BE(sdes / 4 - 1, 30);
  bytes.writeUInt32BE(report.ssrc, 32);
  bytes.writeUInt8(1, 36);
  bytes.writeUInt8(name.length, 37);
  bytes.set(name, 38);
  return bytes;
}
