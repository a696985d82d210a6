import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text, u32 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import { PROFILE_ID_MAX } from './hello.ts';
import { decodeWelcome, encodeWelcome, type Welcome } from './welcome.ts';

const codec = { encode: encodeWelcome, decode: decodeWelcome };

function welcome(overrides: Partial<Welcome> = {}): Welcome {
  return { abiVersion: 2, width: 1280, height: 720, refreshHz: 60, compositor: 0, gamepad: 0, bitrateKbps: 4000, ...overrides };
}

const welcomes = fc.record(
  {
    abiVersion: u32,
    width: u32,
    height: u32,
    refreshHz: u32,
    compositor: fc.integer({ min: 0, max: 4 }),
    gamepad: fc.integer({ min: 0, max: 4 }),
    bitrateKbps: u32,
    resolvedProfile: text(PROFILE_ID_MAX, 1),
  },
  { requiredKeys: ['abiVersion', 'width', 'height', 'refreshHz', 'compositor', 'gamepad', 'bitrateKbps'] },
);

describe('Welcome', () => {
  it('C14: reads back whatever it writes', () => {
    assertRoundTrip(welcomes, codec);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(welcomes, codec);
  });

  it('V7: the profile is at offset 64, and an old viewer that stops there sees the same 64 bytes (P5.4)', () => {
    const placed = encodeWelcome(welcome({ resolvedProfile: 'operator' }));
    expect(placed.slice(0, 64)).toEqual(encodeWelcome(welcome()));
    expect(placed[64]).toBe(8);
    expect(placed).toHaveLength(73);
  });

  it('C14: keys, salt, FEC and port of the base layout are zero (gap G14)', () => {
    const bytes = encodeWelcome(welcome({ resolvedProfile: 'operator' }));
    expect([...bytes.slice(8, 10), ...bytes.slice(22, 53)].every((byte) => byte === 0)).toBe(true);
  });

  it('C4: a Welcome that is cut anywhere behind its 53 bytes decodes', () => {
    const whole = encodeWelcome(welcome({ compositor: 4, gamepad: 2, resolvedProfile: 'operator' }));
    for (let length = 53; length < whole.length; length += 1) {
      const decoded = decodeWelcome(whole.slice(0, length));
      expect(decoded).toEqual(
        welcome({ compositor: length > 53 ? 4 : 0, gamepad: length > 54 ? 2 : 0, bitrateKbps: length >= 59 ? 4000 : 0 }),
      );
    }
  });
});
