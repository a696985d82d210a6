import { performance } from 'node:perf_hooks';
import { utf8 } from '@usher/protocol';
import { expect, it } from 'vitest';
import { Argon2Hasher } from './passcode-hasher.ts';

/** Enough that each kind has had the machine for itself once, however busy it is. */
const ROUNDS = 25;

it('P2.1: the time that a passcode takes tells nothing about what it was held against', { timeout: 60_000 }, async () => {
  const hasher = await Argon2Hasher.create();
  const phc = await hasher.claim().hash(utf8('4711'));
  const kinds = { right: [phc, '4711'], wrong: [phc, '4712'], none: [undefined, '4711'], damaged: ['$argon2id$garbage', '4711'] } as const;
  const fastest: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [kind, [stored, passcode]] of Object.entries(kinds)) {
      const before = performance.now();
      await hasher.claim().verify(stored, utf8(passcode));
      fastest[kind] = Math.min(fastest[kind] ?? Number.POSITIVE_INFINITY, performance.now() - before);
    }
  }
  // Other work only ever adds time, so the fastest of each is what the evaluation itself takes.
  const times = Object.values(fastest);
  expect(Math.max(...times) / Math.min(...times)).toBeLessThan(1.2);
});
