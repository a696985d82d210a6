import { Occupancy, type Profile, withProfile } from '@usher/domain';
import { type ProfileId, utf8 } from '@usher/protocol';
import { id, phone, profile } from '../../domain/testing/profiles.ts';
import { systemClock as clock } from '../src/clock.ts';
import { Entrance, type SeatHolder } from '../src/profiles/entrance.ts';
import type { PasscodeHasher } from '../src/profiles/passcode-hasher.ts';
import { FakeIsolation, MemoryGate, MemoryRoster, RecordedAudit } from './fake-profiles.ts';
import { silentLog as log } from './silent-log.ts';

const DEVICE = phone(1);
const PASSCODE = 'tea at 4';

/** What a passcode can be held against. */
interface Kind {
  readonly name: string;
  readonly profile: ProfileId;
  readonly passcode: string;
}

const KINDS: readonly Kind[] = [
  { name: 'right', profile: id(1), passcode: PASSCODE },
  { name: 'wrong', profile: id(1), passcode: 'coffee at 5' },
  { name: 'damaged', profile: id(2), passcode: PASSCODE },
  { name: 'none', profile: id(3), passcode: PASSCODE },
  { name: 'missing', profile: id(4), passcode: PASSCODE },
];

/**
 * What the way into a profile with a passcode takes, by what it is held against (requirement P2.1): the host's own code with the hasher given,
 * and memory in the place of the disk, whose syncs would be the noise of somebody else's files. The kinds take turns, each round beginning with
 * another one, so that a machine that gets slower is slower for all of them.
 */
export class PasscodeTimes {
  readonly #meter: () => number;
  readonly #gate = new MemoryGate();
  readonly #entrance: Entrance;
  readonly #times = new Map(KINDS.map((kind) => [kind.name, [] as number[]]));
  #rounds = 0;

  private constructor(hasher: PasscodeHasher, file: MemoryRoster, meter: () => number) {
    this.#meter = meter;
    const occupancy = new Occupancy<SeatHolder>();
    const parts = { clock, log, audit: new RecordedAudit(), file, gate: this.#gate, hasher, isolation: new FakeIsolation(), occupancy };
    this.#entrance = new Entrance(parts);
  }

  /** `meter` gives milliseconds since some moment. */
  static async by(hasher: PasscodeHasher, meter: () => number): Promise<PasscodeTimes> {
    const phc = await hasher.claim().hash(utf8(PASSCODE));
    const file = new MemoryRoster();
    for (const each of profilesWith(phc)) await file.change((roster) => withProfile(roster, each));
    return new PasscodeTimes(hasher, file, meter);
  }

  /** As many attempts of each kind. */
  async measure(rounds: number): Promise<void> {
    for (const end = this.#rounds + rounds; this.#rounds < end; this.#rounds += 1) {
      for (const kind of turned(KINDS, this.#rounds)) {
        const before = this.#meter();
        await this.#enter(kind);
        this.#times.get(kind.name)?.push(this.#meter() - before);
        this.#gate.counters.forgetDevice(DEVICE); // or the next one would be locked out
        this.#gate.counters.forgetProfile(kind.profile);
      }
    }
  }

  /** In milliseconds, of everything that was measured so far. */
  medians(): ReadonlyMap<string, number> {
    return new Map([...this.#times].map(([name, measured]) => [name, medianOf(measured)]));
  }

  /**
   * How much longer one kind takes than another, of the two that are furthest apart: the median of their ratios, round by round. What a machine
   * does besides changes how fast it is from one moment to the next; attempts of one round share the moment, and medians of all rounds need not.
   */
  spread(): number {
    const measured = [...this.#times.values()];
    return Math.max(
      ...measured.flatMap((slow) => measured.map((quick) => medianOf(slow.map((time, round) => time / (quick[round] ?? 0))))),
    );
  }

  async #enter({ profile: requested, passcode }: Kind): Promise<void> {
    const entrant = { device: DEVICE, deviceName: 'measured', requested, passcode: utf8(passcode), takenOver: () => undefined };
    await this.#entrance.enter(entrant).then(
      (entered) => entered.leave(),
      () => undefined, // all but one are refused, which is what is measured
    );
  }
}

/** With a passcode, with one that can't be read, and without one; the fourth isn't there. */
function profilesWith(phc: string): readonly Profile[] {
  return [
    profile({ id: id(1), passcode: { phc } }),
    profile({ id: id(2), passcode: { phc: '$argon2id$damaged' } }),
    profile({ id: id(3) }),
  ];
}

function turned<T>(list: readonly T[], by: number): readonly T[] {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
