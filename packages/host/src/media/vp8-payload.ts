import type { Payload } from './rtp-stream.ts';

const DESCRIPTOR = 4;
const EXTENDED = 0x80;
const START_OF_PARTITION = 0x10;
const PICTURE_ID = 0x80;
const LONG_PICTURE_ID = 0x80;

/**
 * A VP8 frame as RTP payloads of at most `maxPayload` bytes (RFC 7741 §4.2): `X,S ‖ I ‖ M,picture id u15 ‖ part`. The picture id lets
 * the viewer tell a missing frame from a missing packet. Parts are of nearly one size, so that none is a stray few bytes.
 */
export function vp8Payloads(frame: Uint8Array, pictureId: number, maxPayload: number): readonly Payload[] {
  const count = Math.ceil(frame.length / (maxPayload - DESCRIPTOR));
  const size = Math.ceil(frame.length / count);
  const id = [LONG_PICTURE_ID | ((pictureId >> 8) & 0x7f), pictureId & 0xff];
  return Array.from({ length: count }, (_, index) => ({
    header: [EXTENDED | (index === 0 ? START_OF_PARTITION : 0), PICTURE_ID, ...id],
    body: frame.subarray(index * size, (index + 1) * size),
  }));
}
