import type { PayloadFacts } from './payload-facts.ts';

/** What one RTP payload of VP8 (RFC 7741) tells about its picture. */
export function inspectVp8(payload: Uint8Array): PayloadFacts {
  const start = descriptorLength(payload);
  const first = payload[0] ?? 0;
  const beginsPicture = (first & 0x10) !== 0 && (first & 0x07) === 0; // S, and partition 0
  const tag = payload[start];
  if (!beginsPicture || tag === undefined || (tag & 1) !== 0) return { key: false };
  const size = sizeOfKeyFrame(payload.subarray(start));
  return { key: true, ...(size === undefined ? {} : { size }) };
}

/** RFC 7741 §4.2: `X R N S R PID`, then, as X, I, L, T and K say, up to five more bytes. */
function descriptorLength(payload: Uint8Array): number {
  if (((payload[0] ?? 0) & 0x80) === 0) return 1;
  const extension = payload[1] ?? 0;
  let length = 2;
  if ((extension & 0x80) !== 0) length += ((payload[length] ?? 0) & 0x80) === 0 ? 1 : 2;
  if ((extension & 0x40) !== 0) length += 1;
  if ((extension & 0x30) !== 0) length += 1;
  return length;
}

/** RFC 6386 §9.1: three bytes of frame tag, 9d 01 2a, then width and height, 14 bits each, little-endian. */
function sizeOfKeyFrame(frame: Uint8Array): { width: number; height: number } | undefined {
  if (frame.length < 10 || frame[3] !== 0x9d || frame[4] !== 0x01 || frame[5] !== 0x2a) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}
