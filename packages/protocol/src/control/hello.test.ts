import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text, u8, u32 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import { tryUtf8, utf8 } from '../bytes.ts';
import { ABI_VERSION, decodeHello, encodeHello, HELLO_LAUNCH_MAX, HELLO_NAME_MAX, type Hello, HelloCaps, PROFILE_ID_MAX } from './hello.ts';

const codec = { encode: encodeHello, decode: decodeHello };

function hello(overrides: Partial<Hello> = {}): Hello {
  return {
    abiVersion: ABI_VERSION,
    width: 1280,
    height: 720,
    refreshHz: 60,
    compositor: 0,
    gamepad: 0,
    bitrateKbps: 0,
    caps: 0,
    ...overrides,
  };
}

/** Every Hello that says something a reader keeps: an empty text is the same as none. */
const hellos = fc.record(
  {
    abiVersion: u32,
    width: u32,
    height: u32,
    refreshHz: u32,
    compositor: fc.integer({ min: 0, max: 4 }),
    gamepad: fc.integer({ min: 0, max: 4 }),
    bitrateKbps: u32,
    caps: u8,
    name: text(HELLO_NAME_MAX, 1),
    launch: text(HELLO_LAUNCH_MAX, 1),
    profileId: text(PROFILE_ID_MAX, 1),
  },
  { requiredKeys: ['abiVersion', 'width', 'height', 'refreshHz', 'compositor', 'gamepad', 'bitrateKbps', 'caps'] },
);

describe('Hello', () => {
  it('C4: reads back whatever it writes', () => {
    assertRoundTrip(hellos, codec);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(hellos, codec);
  });

  it('C4: whatever follows the 20 fixed bytes, it decodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
        const bytes = new Uint8Array([...encodeHello(hello()).slice(0, 20), ...tail]);
        expect(decodeHello(bytes)).toMatchObject({ abiVersion: ABI_VERSION, width: 1280, height: 720, refreshHz: 60 });
      }),
    );
  });

  it.each([
    ['nothing', hello(), 26],
    ['a name', hello({ name: 'Tab' }), 27 + 3],
    ['a launch', hello({ launch: 'steam:1' }), 28 + 7],
    ['caps', hello({ caps: HelloCaps.Hdr }), 29],
    ['a profile', hello({ profileId: 'operator' }), 30 + 8],
    ['an empty name', hello({ name: '' }), 27],
    ['all of them', hello({ name: 'Tab', launch: 'steam:1', caps: HelloCaps.UnlockFollows, profileId: 'operator' }), 30 + 3 + 7 + 8],
  ])('C4: with %s the message has the length of the table', (_what, value, length) => {
    expect(encodeHello(value)).toHaveLength(length);
  });

  it.each([
    ['a name', 'name', HELLO_NAME_MAX],
    ['a launch', 'launch', HELLO_LAUNCH_MAX],
    ['a profile', 'profileId', PROFILE_ID_MAX],
  ] as const)('C4: %s that is too long is cut between characters', (_what, field, limit) => {
    const value = decodeHello(encodeHello(hello({ [field]: `x${'é'.repeat(limit)}` })))[field] ?? '';
    expect(value).toBe(`x${'é'.repeat(limit / 2 - 1)}`);
    expect(utf8(value)).toHaveLength(limit - 1);
  });

  it('V7: an old host that stops reading after the caps byte finds the same wish in a Hello with a profile (P5.4)', () => {
    fc.assert(
      fc.property(hellos, (value) => {
        const { profileId: _, ...old } = value;
        const bytes = encodeHello(value);
        const known = encodeHello(old);
        // What the old format would have sent is how the new message starts; only placeholders and the profile come behind it.
        expect(bytes.slice(0, known.length)).toEqual(known);
        expect(oldDecoder(bytes)).toEqual(oldDecoder(known));
      }),
    );
  });

  it('refuses to write a field that has no room for its value', () => {
    expect(() => encodeHello(hello({ caps: 256 }))).toThrow(RangeError);
    expect(() => encodeHello(hello({ width: -1 }))).toThrow(RangeError);
  });
});

/** The base protocol's reader of the tail (control-wire §1.2), written from its table: it knows no profile. */
function oldDecoder(bytes: Uint8Array): { name: string | undefined; launch: string | undefined; caps: number } {
  const nameLength = bytes[26] ?? 0;
  const launchAt = 27 + nameLength;
  const launchLength = bytes[launchAt] ?? 0;
  const read = (at: number, length: number) => tryUtf8(bytes.slice(at, at + length));
  return { name: read(27, nameLength), launch: read(launchAt + 1, launchLength), caps: bytes[launchAt + 1 + launchLength] ?? 0 };
}
