import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, text, u8, u16 } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import { codeOf } from '../../testing/vector-suite.ts';
import {
  decodeKnockPending,
  decodeListProfiles,
  decodeProfileList,
  decodeProfileReject,
  decodeProfileUnlock,
  decodeSessionEnded,
  encodeKnockPending,
  encodeListProfiles,
  encodeProfileList,
  encodeProfileReject,
  encodeProfileUnlock,
  encodeSessionEnded,
  MAX_PROFILES,
  type ProfileEntry,
  passcodeBytes,
  RejectReason,
  UnavailableDetail,
} from './profiles.ts';

const entries = fc.record({
  id: text(64),
  displayName: text(64),
  accent: text(64),
  avatar: text(64),
  passcodeRequired: fc.boolean(),
  assigned: fc.boolean(),
});
const lists = fc.array(entries, { maxLength: MAX_PROFILES });
const rejects = fc.record({
  reason: fc.constantFrom(...Object.values(RejectReason)),
  detail: fc.constantFrom(...Object.values(UnavailableDetail)),
  retrySeconds: u16,
  message: text(255),
});
const goodbyes = fc.record({ wire: u8, message: text(255) });
const list = { encode: encodeProfileList, decode: decodeProfileList };
const unlock = { encode: encodeProfileUnlock, decode: decodeProfileUnlock };
const reject = { encode: encodeProfileReject, decode: decodeProfileReject };
const knock = { encode: encodeKnockPending, decode: decodeKnockPending };
const goodbye = { encode: encodeSessionEnded, decode: decodeSessionEnded };

function entry(overrides: Partial<ProfileEntry> = {}): ProfileEntry {
  return { id: 'operator', displayName: 'Ada', accent: '', avatar: '', passcodeRequired: false, assigned: true, ...overrides };
}

describe('profile messages', () => {
  it('C10, C11, C15–C17: each reads back whatever it writes', () => {
    assertRoundTrip(lists, list);
    assertRoundTrip(bytes(64), unlock);
    assertRoundTrip(rejects, reject);
    assertRoundTrip(u16, knock);
    assertRoundTrip(goodbyes, goodbye);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(lists, list);
    assertFailsByCode(bytes(64), unlock);
    assertFailsByCode(rejects, reject);
    assertFailsByCode(u16, knock);
    assertFailsByCode(goodbyes, goodbye);
    assertFailsByCode(fc.constant(undefined), { encode: encodeListProfiles, decode: decodeListProfiles });
  });

  it('C10: 64 profiles of the largest size go into one message, a 65th is refused', () => {
    const large = entry({ id: 'i'.repeat(64), displayName: 'n'.repeat(64), accent: 'a'.repeat(64), avatar: 'v'.repeat(64) });
    const full = Array.from({ length: MAX_PROFILES }, () => large);
    expect(encodeProfileList(full)).toHaveLength(6 + 64 * (4 * 65 + 1));
    expect(decodeProfileList(encodeProfileList(full))).toEqual(full);
    expect(() => encodeProfileList([...full, large])).toThrow(RangeError);
  });

  it('C10: a name is cut to 64 bytes, an id never: half an id is another one', () => {
    const [cut] = decodeProfileList(encodeProfileList([entry({ displayName: 'é'.repeat(40) })]));
    expect(cut?.displayName).toBe('é'.repeat(32));
    expect(() => encodeProfileList([entry({ id: 'i'.repeat(65) })])).toThrow(RangeError);
  });

  it('C11: a wait beyond 18 hours and a long explanation are cut, not lost', () => {
    const reading = decodeProfileReject(
      encodeProfileReject({ reason: RejectReason.LockedOut, detail: 0, retrySeconds: 100_000, message: 'é'.repeat(200) }),
    );
    expect(reading).toMatchObject({ retrySeconds: 0xffff, message: 'é'.repeat(127) });
  });

  it('C16: a long goodbye is cut to 255 bytes', () => {
    expect(decodeSessionEnded(encodeSessionEnded({ wire: 1, message: 'é'.repeat(200) })).message).toBe('é'.repeat(127));
  });

  it('C17: a passcode has at most 64 bytes, and wiping what was read wipes the message', () => {
    expect(passcodeBytes('é'.repeat(32))).toHaveLength(64);
    expect(codeOf(() => passcodeBytes('é'.repeat(33)))).toBe('message.malformed');
    expect(() => encodeProfileUnlock(new Uint8Array(65))).toThrow(RangeError);
    const message = encodeProfileUnlock(passcodeBytes('2468'));
    decodeProfileUnlock(message).fill(0);
    expect([...message.slice(6)]).toEqual([0, 0, 0, 0]);
  });

  it('C17: no error says what the passcode was', () => {
    const message = encodeProfileUnlock(passcodeBytes('hunter2'));
    const texts = Array.from({ length: message.length }, (_, length) => messageOf(() => decodeProfileUnlock(message.slice(0, length))));
    texts.push(messageOf(() => passcodeBytes('hunter2'.repeat(20))));
    for (const said of texts) expect(said).not.toContain('hunter2');
  });
});

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return String(error);
  }
  throw new RangeError('nothing was refused');
}
