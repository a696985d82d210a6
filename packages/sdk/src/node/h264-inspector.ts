import { BitReader } from './bit-reader.ts';
import type { PayloadFacts } from './payload-facts.ts';

const Unit = { Idr: 5, Sps: 7, StapA: 24, FuA: 28 } as const;
/** Profiles whose SPS has the chroma and scaling fields (H.264 §7.3.2.1.1). Baseline, main and extended don't. */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

/** What one RTP payload of H.264 in packetization-mode 1 (RFC 6184) tells about its picture. */
export function inspectH264(payload: Uint8Array): PayloadFacts {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type === Unit.FuA) {
    const header = payload[1] ?? 0;
    return { key: (header & 0x1f) === Unit.Idr };
  }
  const units = type === Unit.StapA ? aggregated(payload) : [payload];
  const sps = units.find((unit) => unitType(unit) === Unit.Sps);
  const size = sps === undefined ? undefined : sizeOfSps(sps);
  return { key: units.some((unit) => unitType(unit) === Unit.Idr), ...(size === undefined ? {} : { size }) };
}

function unitType(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 0x1f;
}

/** STAP-A: `u16 length ‖ unit`, repeated, behind one byte (RFC 6184 §5.7.1). A unit that runs off the end is left out. */
function aggregated(payload: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const units: Uint8Array[] = [];
  for (let at = 1; at + 2 <= payload.length; ) {
    const end = at + 2 + view.getUint16(at);
    if (end > payload.length) break;
    units.push(payload.subarray(at + 2, end));
    at = end;
  }
  return units;
}

/** Picture size from a sequence parameter set (H.264 §7.3.2.1.1); undefined for one that isn't whole, or of a kind we never ask for. */
export function sizeOfSps(unit: Uint8Array): { width: number; height: number } | undefined {
  const bits = new BitReader(withoutEmulation(unit.subarray(1)));
  const profile = bits.read(8);
  bits.read(16); // constraints, level
  bits.exponential(); // id
  if (HIGH_PROFILES.has(profile)) return undefined;
  bits.exponential(); // log2_max_frame_num
  const orderType = bits.exponential();
  if (orderType === 0) bits.exponential();
  else if (orderType !== 2) return undefined; // type 1 is a list of offsets; no encoder of ours writes it
  bits.exponential(); // reference frames
  bits.read(1);
  const width = (bits.exponential() + 1) * 16;
  const mapUnits = bits.exponential() + 1;
  const frameOnly = bits.read(1);
  if (frameOnly === 0) bits.read(1);
  bits.read(1); // direct 8x8
  const [left, right, top, bottom] = bits.read(1) === 1 ? [0, 1, 2, 3].map(() => bits.exponential()) : [0, 0, 0, 0];
  if (bits.overrun) return undefined;
  // 4:2:0 crops in steps of two pixels, twice that between fields.
  const size = {
    width: width - 2 * ((left ?? 0) + (right ?? 0)),
    height: (2 - frameOnly) * (mapUnits * 16 - 2 * ((top ?? 0) + (bottom ?? 0))),
  };
  return size.width > 0 && size.height > 0 ? size : undefined;
}

/** Takes the 3 out of every 0,0,3 (H.264 §7.4.1.1). */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, index) => !(byte === 3 && index >= 2 && bytes[index - 1] === 0 && bytes[index - 2] === 0));
}
