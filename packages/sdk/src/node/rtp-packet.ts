/** One RTP packet (RFC 3550 §5.1), as views of the bytes that came. */
export interface RtpPacket {
  readonly payloadType: number;
  /** 16 bits, wraps. */
  readonly sequence: number;
  /** 32 bits of the stream's clock, wraps. */
  readonly timestamp: number;
  /** Set on the last packet of a picture. */
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

const HEADER = 12;

/** Undefined for RTCP, which shares the transport (RFC 5761 §4: second byte 192…223), and for what is no RTP. */
export function readRtp(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first, second] = [view.getUint8(0), view.getUint8(1)];
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined;
  let start = HEADER + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (bytes.length < start + 4) return undefined;
    start += 4 + view.getUint16(start + 2) * 4;
  }
  const padding = (first & 0x20) === 0 ? 0 : view.getUint8(bytes.length - 1);
  if (start + padding > bytes.length) return undefined;
  return {
    payloadType: second & 0x7f,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    marker: (second & 0x80) !== 0,
    payload: bytes.subarray(start, bytes.length - padding),
  };
}
