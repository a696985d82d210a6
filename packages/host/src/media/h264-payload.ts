import type { Payload } from './rtp-stream.ts';

const START_CODE = Buffer.from([0, 0, 1]);
/** More NAL units than an encoder makes of one picture; a worker can't make the host build millions of packets. */
const MAX_UNITS = 512;
const FU_A = 28;
const FU_START = 0x80;
const FU_END = 0x40;
const FU_HEADERS = 2;

/**
 * An Annex B access unit as RTP payloads of at most `maxPayload` bytes, packetization-mode 1 (RFC 6184): NAL units that fit travel alone
 * (§5.6), others in FU-A fragments (§5.8): `F,NRI of the unit,28 ‖ S,E,0,type of the unit ‖ part`.
 */
export function h264Payloads(accessUnit: Uint8Array, maxPayload: number): readonly Payload[] {
  return splitAnnexB(accessUnit)
    .filter(isSent)
    .flatMap((unit) => (unit.length <= maxPayload ? [{ header: [], body: unit }] : fragments(unit, maxPayload)));
}

/** The NAL units between the start codes, as views, without the zeros that may trail them (H.264 §B.1). */
export function splitAnnexB(accessUnit: Uint8Array): readonly Uint8Array[] {
  const bytes = Buffer.from(accessUnit.buffer, accessUnit.byteOffset, accessUnit.byteLength);
  const units: Uint8Array[] = [];
  let code = bytes.indexOf(START_CODE);
  while (code >= 0 && units.length < MAX_UNITS) {
    const start = code + START_CODE.length;
    const next = bytes.indexOf(START_CODE, start);
    let end = next < 0 ? bytes.length : next;
    while (end > start && bytes[end - 1] === 0) end -= 1;
    if (end > start) units.push(bytes.subarray(start, end));
    code = next;
  }
  return units;
}

/** Delimiters (9) and SEI (6) tell a viewer nothing that RTP doesn't; 0 and 24 up are not NAL units but RTP's own (RFC 6184 §5.2). */
function isSent(unit: Uint8Array): boolean {
  const type = unitType(unit);
  return type > 0 && type < 24 && type !== 6 && type !== 9;
}

function fragments(unit: Uint8Array, maxPayload: number): readonly Payload[] {
  const first = unit[0] ?? 0;
  const indicator = (first & 0xe0) | FU_A;
  const size = maxPayload - FU_HEADERS;
  const parts: Payload[] = [];
  // The unit's first byte is carried by the two headers.
  for (let at = 1; at < unit.length; at += size) {
    const end = Math.min(unit.length, at + size);
    const position = (at === 1 ? FU_START : 0) | (end === unit.length ? FU_END : 0);
    parts.push({ header: [indicator, position | (first & 0x1f)], body: unit.subarray(at, end) });
  }
  return parts;
}

function unitType(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 0x1f;
}
