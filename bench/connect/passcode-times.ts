import { Occupancy, type Profile, withProfile } from '@usher/domain';
import { type ProfileId, utf8 } from '@usher/protocol';
import { id, phone, profile } from '../../packages/domain/testing/profiles.ts';
import { systemClock as clock } from '../../packages/host/src/clock.ts';
import { Entrance, type SeatHolder } from '../../packages/host/src/profiles/entrance.ts';
import { Argon2Hasher } from '../../packages/host/src/profiles/passcode-hasher.ts';
import { FakeIsolation, MemoryGate, MemoryRoster, RecordedAudit } from '../../packages/host/testing/fake-profiles.ts';
import { silentLog as log } from '../../packages/host/testing/silent-log.ts';
import { summary } from '../figures.ts';

const DEVICE = phone(1);
const PASSCODE = 'tea at 4';

/** What a passcode can be held against. */
interface Kind {
  readonly name: string;
  readonly profile: ProfileId;
  readonly passcode: string;
}

/**
 * The medians, in milliseconds, of the way into a profile with a passcode, by what it is held against (requirement P2.1): the host's own code
 * with its real argon2id, and memory in the place of the disk, whose syncs would be the noise of somebody else's files. The kinds take turns,
 * each round beginning with another one, so that a machine that gets slower is slower for all of them.
 */
export async function passcodeMedians(rounds: number): Promise<ReadonlyMap<string, number>> {
  const hasher = await Argon2Hasher.create();
  const phc = await hasher.claim().hash(utf8(PASSCODE));
  const file = new MemoryRoster();
  for (const each of profilesWith(phc)) await file.change((roster) => withProfile(roster, each));
  const gate = new MemoryGate();
  const occupancy = new Occupancy<SeatHolder>();
  const entrance = new Entrance({ clock, log, audit: new RecordedAudit(), file, gate, hasher, isolation: new FakeIsolation(), occupancy });

  const times = new Map(KINDS.map((kind) => [kind.name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < KINDS.length; turn += 1) {
      const kind = KINDS[(round + turn) % KINDS.length];
      if (kind === undefined) throw new RangeError('a remainder is an index');
      const before = performance.now();
      await enter(entrance, kind);
      times.get(kind.name)?.push(performance.now() - before);
      gate.counters.forgetDevice(DEVICE); // or the next one would be locked out
      gate.counters.forgetProfile(kind.profile);
    }
  }
  return new Map([...times].map(([name, measured]) => [name, summary(measured).median]));
}

const KINDS: readonly Kind[] = [
  { name: 'right', profile: id(1), passcode: PASSCODE },
  { name: 'wrong', profile: id(1), passcode: 'coffee at 5' },
  { name: 'damaged', profile: id(2), passcode: PASSCODE },
  { name: 'none', profile: id(3), passcode: PASSCODE },
  { name: 'missing', profile: id(4), passcode: PASSCODE },
];

/** With a passcode, with one that can't be read, and without one; the fourth isn't there. */
function profilesWith(phc: string): readonly Profile[] {
  return [
    profile({ id: id(1), passcode: { phc } }),
    profile({ id: id(2), passcode: { phc: '$argon2id$damaged' } }),
    profile({ id: id(3) }),
  ];
}

async function enter(entrance: Entrance, { profile: requested, passcode }: Kind): Promise<void> {
  const entrant = { device: DEVICE, deviceName: 'bench', requested, passcode: utf8(passcode), takenOver: () => undefined };
  await entrance.enter(entrant).then(
    (entered) => entered.leave(),
    () => undefined, // all but one are refused, which is what is measured
  );
}
