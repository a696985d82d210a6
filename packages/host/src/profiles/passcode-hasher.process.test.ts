import { hash, verify } from '@node-rs/argon2';
import { utf8 } from '@usher/protocol';
import { expect, it } from 'vitest';
import { PasscodeTimes } from '../../testing/passcode-times.ts';
import { Argon2Hasher, type HashingPlace, type PasscodeHasher } from './passcode-hasher.ts';

/** How far two kinds may be apart in the median (issue 4). */
const APART_MAX = 1.05;
/** As many of each kind are looked at in any case, … */
const ROUNDS_MIN = 60;
/** … and as many more at a time where they haven't settled: beside a busy neighbour one attempt costs two thirds more than the next. */
const ROUNDS_MORE = 20;
/** By then they have, by far; what isn't alike by then isn't alike. */
const ROUNDS_MAX = 1000;
/** Enough for a hasher that tells, which is far more apart than chance. */
const ROUNDS_TELLING = 60;

it('P2.1: the time that a passcode takes tells nothing about what it was held against', { timeout: 600_000 }, async () => {
  const times = await PasscodeTimes.by(await Argon2Hasher.create(), processorTime);
  await times.measure(ROUNDS_MIN);
  for (let rounds = ROUNDS_MIN; rounds < ROUNDS_MAX && times.spread() > APART_MAX; rounds += ROUNDS_MORE) await times.measure(ROUNDS_MORE);
  expect(times.spread(), JSON.stringify(Object.fromEntries(times.medians()))).toBeLessThanOrEqual(APART_MAX);
});

it.each([
  ['has no decoy', leaky({ none: () => Promise.resolve(false) })],
  ['gives up at a damaged hash', leaky({ damaged: () => Promise.resolve(false) })],
  ['has a decoy with a sixth less memory', leaky({ none: async (passcode) => verify(await CHEAP, passcode) })],
] as const)('P2.1: … and a hasher that %s would be found out', { timeout: 120_000 }, async (_what, hasher) => {
  const times = await PasscodeTimes.by(await hasher, processorTime);
  await times.measure(ROUNDS_TELLING);
  expect(times.spread()).toBeGreaterThan(APART_MAX);
});

/** Of all threads of this process, in milliseconds: what other programs do meanwhile isn't in it. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const CHEAP = hash(utf8('nobody knows it'), { algorithm: 2, version: 1, memoryCost: 16_384, timeCost: 2, parallelism: 1 });

type Instead = (passcode: Uint8Array) => Promise<boolean>;

/** The real one, with something of its own for what isn't there or can't be read. */
async function leaky({ none, damaged }: { readonly none?: Instead; readonly damaged?: Instead }): Promise<PasscodeHasher> {
  const real = await Argon2Hasher.create();
  return {
    claim(): HashingPlace {
      const place = real.claim();
      return {
        ...place,
        verify(phc, passcode) {
          const instead = phc === undefined ? none : phc.startsWith('$argon2id$v=') ? undefined : damaged;
          return instead === undefined ? place.verify(phc, passcode) : instead(passcode).finally(() => place.release());
        },
      };
    },
  };
}
