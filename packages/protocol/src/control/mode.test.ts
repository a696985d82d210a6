import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { u32, u64 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import {
  decodeClockEcho,
  decodeClockProbe,
  decodeReconfigure,
  decodeReconfigured,
  decodeRequestKeyframe,
  encodeClockEcho,
  encodeClockProbe,
  encodeReconfigure,
  encodeReconfigured,
  encodeRequestKeyframe,
} from './mode.ts';

const mode = { width: u32, height: u32, refreshHz: u32 };
const modes = fc.record(mode);
const answers = fc.record({ accepted: fc.boolean(), ...mode });
const echoes = fc.record({ t1: u64, t2: u64, t3: u64 });
const reconfigure = { encode: encodeReconfigure, decode: decodeReconfigure };
const reconfigured = { encode: encodeReconfigured, decode: decodeReconfigured };
const clockProbe = { encode: encodeClockProbe, decode: decodeClockProbe };
const clockEcho = { encode: encodeClockEcho, decode: decodeClockEcho };

describe('modes and clocks', () => {
  it('C5: Reconfigure and Reconfigured read back whatever they write', () => {
    assertRoundTrip(modes, reconfigure);
    assertRoundTrip(answers, reconfigured);
  });

  it('C8: ClockProbe and ClockEcho read back whatever they write', () => {
    assertRoundTrip(u64, clockProbe);
    assertRoundTrip(echoes, clockEcho);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(modes, reconfigure);
    assertFailsByCode(answers, reconfigured);
    assertFailsByCode(u64, clockProbe);
    assertFailsByCode(echoes, clockEcho);
    assertFailsByCode(fc.constant(undefined), { encode: encodeRequestKeyframe, decode: decodeRequestKeyframe });
  });

  it('C5: the sizes are those of the base protocol', () => {
    expect(encodeReconfigure({ width: 1, height: 1, refreshHz: 1 })).toHaveLength(17);
    expect(encodeReconfigured({ accepted: true, width: 1, height: 1, refreshHz: 1 })).toHaveLength(18);
    expect(encodeRequestKeyframe()).toHaveLength(5);
    expect(encodeClockProbe(0n)).toHaveLength(13);
    expect(encodeClockEcho({ t1: 0n, t2: 0n, t3: 0n })).toHaveLength(29);
  });
});
