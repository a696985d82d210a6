import fc from 'fast-check';
import { type Fingerprint, fingerprint, type ProfileId, profileId } from '../src/ids.ts';

/** Values of the fields that messages are made of. */
export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const i32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
export const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });

/** Text of any script that has at most `maxBytes` bytes as UTF-8: a code point has up to four. */
export function text(maxBytes: number, minLength = 0): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', minLength, maxLength: Math.floor(maxBytes / 4) });
}

export function bytes(maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength });
}

const hexDigit = fc.constantFrom(...'0123456789abcdef');

export const fingerprints: fc.Arbitrary<Fingerprint> = fc
  .array(hexDigit, { minLength: 64, maxLength: 64 })
  .map((digits) => fingerprint(digits.join('')));

export const profileIds: fc.Arbitrary<ProfileId> = fc
  .oneof(
    fc.constant('operator'),
    fc.array(hexDigit, { minLength: 12, maxLength: 12 }).map((digits) => digits.join('')),
  )
  .map(profileId);
