import { parseOptions } from '@node-rs/argon2';
import { utf8 } from '@usher/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { Argon2Hasher } from './passcode-hasher.ts';

let hasher: Argon2Hasher;
let phc: string;
beforeAll(async () => {
  hasher = await Argon2Hasher.create();
  phc = await hasher.claim().hash(utf8('4711'));
});

describe('a hashed passcode', () => {
  it('P2.1: is argon2id, version 0x13, with the parameters of the design and a salt of its own', async () => {
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(phc)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1, saltLen: 16 });
    expect(await hasher.claim().hash(utf8('4711'))).not.toBe(phc);
  });

  it.each([
    ['the right one', 'stored', '4711', true],
    ['a wrong one', 'stored', '4712', false],
    ['none', undefined, '4711', false],
    ['a damaged one', '$argon2id$garbage', '4711', false],
    ['an empty one', '', '4711', false],
  ] as const)('P2.1: against %s', async (_case, stored, passcode, right) => {
    expect(await hasher.claim().verify(stored === 'stored' ? phc : stored, utf8(passcode))).toBe(right);
  });

  it('P2.1: leaves the main thread free', async () => {
    let turns = 0;
    let isCounting = true;
    const turn = () => {
      turns += 1;
      if (isCounting) setImmediate(turn);
    };
    setImmediate(turn);
    await Promise.all(Array.from({ length: 8 }, () => hasher.claim().verify(phc, utf8('4712'))));
    isCounting = false;
    expect(turns).toBeGreaterThan(20); // a thread that hashes itself gets a turn between two passcodes at most: eight
  });

  it('P2.1: more than sixteen at once are refused, and a place is free again when its work is done or given back', async () => {
    const places = Array.from({ length: 16 }, () => hasher.claim());
    expect(() => hasher.claim()).toThrow(expect.objectContaining({ code: 'api.rate-limited' }));
    const [first, ...others] = places;
    expect(await first?.verify(phc, utf8('4711'))).toBe(true);
    for (const place of others) place.release();
    others[0]?.release();
    const again = Array.from({ length: 16 }, () => hasher.claim());
    expect(() => hasher.claim()).toThrow();
    for (const place of again) place.release();
  });
});
