import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { descendants } from '../harness/processes.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import type { Ended } from '../harness/usher.ts';

/**
 * The authority table of the profiles design (D4, requirement P3.1), every row with its flags, from `usher connect` with a device's key to
 * a running host: once with profiles of an account of their own, which no host without a broker opens, and once with profiles of the
 * operator's account, which reach pictures.
 */

const PASSCODE = 'tea at 4';
const UNKNOWN = 'ffffffffffff';
/** A visit starts two programs and a connection; a first one the desktop too. */
const CASE_MS = 60_000;

/** The one profile of a case. The tablet is the device that is assigned to it, the laptop one that never is. */
interface Given {
  readonly assigned?: true;
  readonly passcode?: true;
  /** `require_passcode_even_when_assigned` */
  readonly even?: true;
  /** `allow_shared_view` */
  readonly shared?: true;
  readonly isDefault?: true;
}

interface Asked {
  readonly who: 'tablet' | 'laptop';
  /** Whose desktop is named: the case's profile, none, or something else. */
  readonly names?: 'it' | 'operator' | 'unknown' | 'nonsense';
  readonly passcode?: 'right' | 'wrong';
}

type Outcome = 'in' | 'PasscodeRequired' | 'WrongPasscode' | 'NotFound';

const TABLE: readonly (readonly [row: string, what: string, given: Given, asked: Asked, outcome: Outcome])[] = [
  ['1', 'an assigned device is in', { assigned: true }, { who: 'tablet' }, 'in'],
  ['1', 'whatever passcode others need', { assigned: true, passcode: true }, { who: 'tablet' }, 'in'],
  ['1', 'a shared view changes nothing for it', { assigned: true, shared: true }, { who: 'tablet' }, 'in'],
  ['1', 'unless the profile asks even it', { assigned: true, passcode: true, even: true }, { who: 'tablet' }, 'PasscodeRequired'],
  ['1', 'and wants the right one', { assigned: true, passcode: true, even: true }, { who: 'tablet', passcode: 'wrong' }, 'WrongPasscode'],
  ['1', 'which it has', { assigned: true, passcode: true, even: true }, { who: 'tablet', passcode: 'right' }, 'in'],
  ['2', 'others come to the default', { isDefault: true }, { who: 'laptop' }, 'in'],
  ['2', 'also to one that is a shared view', { isDefault: true, shared: true }, { who: 'laptop' }, 'in'],
  ['2', 'not to one that asks for a passcode it never got', { isDefault: true, even: true }, { who: 'laptop' }, 'PasscodeRequired'],
  ['3', 'a default with a passcode asks', { isDefault: true, passcode: true }, { who: 'laptop' }, 'PasscodeRequired'],
  ['3', 'as a shared view too', { isDefault: true, passcode: true, shared: true }, { who: 'laptop' }, 'PasscodeRequired'],
  ['3', 'and wants the right one', { isDefault: true, passcode: true }, { who: 'laptop', passcode: 'wrong' }, 'WrongPasscode'],
  ['3', 'which opens it', { isDefault: true, passcode: true, even: true }, { who: 'laptop', passcode: 'right' }, 'in'],
  ['3', 'the operator’s desktop is no way around', { isDefault: true, passcode: true }, { who: 'laptop', names: 'operator' }, 'NotFound'],
  ['4', 'an assigned device may name its profile', { assigned: true }, { who: 'tablet', names: 'it' }, 'in'],
  ['4', 'with a passcode for others', { assigned: true, passcode: true }, { who: 'tablet', names: 'it' }, 'in'],
  ['4', 'unless it asks even it', { assigned: true, passcode: true, even: true }, { who: 'tablet', names: 'it' }, 'PasscodeRequired'],
  ['4', 'and gets it', { assigned: true, passcode: true, even: true }, { who: 'tablet', names: 'it', passcode: 'right' }, 'in'],
  ['5', 'a right passcode opens a profile', { assigned: true, passcode: true }, { who: 'laptop', names: 'it', passcode: 'right' }, 'in'],
  ['5', 'with every flag set', { passcode: true, even: true, shared: true }, { who: 'laptop', names: 'it', passcode: 'right' }, 'in'],
  ['6', 'without one it stays shut', { assigned: true, passcode: true }, { who: 'laptop', names: 'it' }, 'PasscodeRequired'],
  ['6', 'a wrong one is told apart', { passcode: true }, { who: 'laptop', names: 'it', passcode: 'wrong' }, 'WrongPasscode'],
  ['6', 'a shared view doesn’t weaken it', { passcode: true, shared: true }, { who: 'laptop', names: 'it' }, 'PasscodeRequired'],
  ['7', 'without a passcode it keeps to its devices', { assigned: true }, { who: 'laptop', names: 'it' }, 'NotFound'],
  ['7', 'whatever passcode is tried', { assigned: true }, { who: 'laptop', names: 'it', passcode: 'wrong' }, 'NotFound'],
  ['7', 'unless it is a shared view', { assigned: true, shared: true }, { who: 'laptop', names: 'it' }, 'in'],
  ['8', 'an id that nobody has isn’t found', {}, { who: 'laptop', names: 'unknown' }, 'NotFound'],
  ['8', 'nor with a passcode', { passcode: true }, { who: 'laptop', names: 'unknown', passcode: 'right' }, 'NotFound'],
  ['8', 'nor is what is no id', { assigned: true }, { who: 'tablet', names: 'nonsense' }, 'NotFound'],
];

const STATUS = { PasscodeRequired: -11, WrongPasscode: -11, NotFound: -12, SessionUnavailable: -14 } as const;

/** A host with two paired devices, and one case after the other on it. */
class Stage implements AsyncDisposable {
  readonly host: HostProcess;
  readonly people: People;
  readonly #account: unknown;
  readonly #directory: string;
  readonly #tablet: string;

  private constructor(host: HostProcess, people: People, account: unknown, directory: string, tablet: string) {
    this.host = host;
    this.people = people;
    this.#account = account;
    this.#directory = directory;
    this.#tablet = tablet;
  }

  static async set(account: unknown): Promise<Stage> {
    const host = await HostProcess.start();
    const directory = await mkdtemp(join(tmpdir(), 'usher-table-'));
    const people = new People(host, directory);
    // Into a profile that no broker opens: so that pairing starts no desktop.
    const hall = await people.profile('Hall', { os_account: { kind: 'linux', username: 'hall' } });
    const tablet = await people.pair('tablet', hall);
    await people.pair('laptop', hall);
    await people.removeProfile(hall);
    return new Stage(host, people, account, directory, tablet);
  }

  async play({ assigned, passcode, even, shared, isDefault }: Given, { who, names, passcode: said }: Asked): Promise<Ended> {
    const fields = {
      os_account: this.#account,
      assigned_fingerprints: assigned === true ? [this.#tablet] : [],
      require_passcode_even_when_assigned: even === true,
      allow_shared_view: shared === true,
    };
    const profile = await this.people.profile('Case', fields, passcode === true ? PASSCODE : undefined);
    try {
      if (isDefault === true) await this.people.makeDefault(profile);
      return await this.people.connect(who, {
        ...(names === undefined ? {} : { profile: { it: profile, operator: 'operator', unknown: UNKNOWN, nonsense: '../kids' }[names] }),
        ...(said === undefined ? {} : { passcode: said === 'right' ? PASSCODE : 'coffee at 5' }),
      });
    } finally {
      await this.people.removeProfile(profile);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await removeDirectory(this.#directory);
  }
}

function told({ exitCode, answer }: Ended) {
  return {
    exitCode,
    code: answer.optionalString('code'),
    status: answer.has('status') ? answer.integer('status', -99, 0) : undefined,
    reject: answer.optionalString('reject'),
    detail: answer.optionalString('detail'),
  };
}

describe('profiles with an account of their own, on a host without a broker', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set({ kind: 'linux', username: 'kid' });
  }, CASE_MS);
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(TABLE)(
    'P3.1 row %s: %s',
    async (_row, _what, given, asked, outcome) => {
      const refused = outcome === 'in' ? 'SessionUnavailable' : outcome;
      expect(told(await stage.play(given, asked))).toEqual({
        exitCode: 3,
        code: 'profile.rejected',
        status: STATUS[refused],
        reject: refused,
        detail: outcome === 'in' ? 'NoBroker' : undefined,
      });
    },
    CASE_MS,
  );

  it('P6.4: for all of that no worker was started, and nobody had a session', async () => {
    expect(await descendants(stage.host.process.pid ?? 0)).toEqual([]);
    const { answer } = await stage.people.manage(['audit', 'show', '--limit', '1000']);
    const events = answer.list(
      'entries',
      1000,
      (entry) => [entry.string('event'), entry.has('fields') ? entry.object('fields').optionalString('outcome') : undefined] as const,
    );
    expect(events.filter(([event]) => event.startsWith('session.'))).toEqual([]);
    const outcomes = events.filter(([event]) => event === 'profile.resolved').map(([, outcome]) => outcome);
    // One for each case, and the two pairings.
    expect(outcomes).toHaveLength(TABLE.length + 2);
    expect(outcomes).not.toContain('granted');
  });
});

describe('profiles of the operator’s account', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set({ kind: 'operator' });
  }, CASE_MS);
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(TABLE.filter(([, , , , outcome]) => outcome === 'in'))(
    'P3.1 row %s: %s, and there are pictures',
    async (_row, _what, given, asked) => {
      const { exitCode, answer } = await stage.play(given, asked);
      expect([exitCode, answer.optionalString('message')]).toEqual([0, undefined]);
      expect(answer.string('profile')).toMatch(/^[0-9a-f]{12}$/);
      expect(answer.object('video').integer('frames', 0, 10_000)).toBeGreaterThan(0);
    },
    CASE_MS,
  );

  it(
    'P3.1 row 2: without a default others come to the operator’s own',
    async () => {
      const { exitCode, answer } = await stage.play({ assigned: true }, { who: 'laptop' });
      expect([exitCode, answer.optionalString('message'), answer.string('profile')]).toEqual([0, undefined, 'operator']);
    },
    CASE_MS,
  );

  it('P8.5: each of them is in the audit, by device and profile', async () => {
    const { body } = await stage.host.api('GET', '/api/v1/audit?limit=1000&event=session.began');
    const began = Reader.of(body, 'audit').list('entries', 1000, (entry) => entry.string('principal'));
    expect(began).toHaveLength(TABLE.filter(([, , , , outcome]) => outcome === 'in').length + 1);
    expect(began.every((principal) => /^device:[0-9a-f]{64}$/.test(principal))).toBe(true);
  });
});
