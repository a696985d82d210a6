import { type AuditRecord, EMPTY_ROSTER, PasscodeGate, type Profile, type Roster } from '@usher/domain';
import { CodedError, type ProfileId, type ProfileReject } from '@usher/protocol';
import type { Accounts } from '../src/broker/accounts.ts';
import type { Person } from '../src/broker/person.ts';
import type { AuditLog } from '../src/profile-services.ts';
import type { GateFile } from '../src/profiles/gate-file.ts';
import { brokeredIsolation, type Isolation } from '../src/profiles/isolation.ts';
import type { HashingPlace, PasscodeHasher } from '../src/profiles/passcode-hasher.ts';
import type { ProfilesFile } from '../src/store/profiles-file.ts';

/** What profiles stand on, in memory. */

export class RecordedAudit implements Pick<AuditLog, 'append'> {
  readonly records: AuditRecord[] = [];

  append(record: AuditRecord): Promise<void> {
    this.records.push(record);
    return Promise.resolve();
  }

  /** The fields of each record of one event. */
  of(event: string): readonly AuditRecord['fields'][] {
    return this.records.filter((record) => record.event === event).map(({ fields }) => fields);
  }
}

export class MemoryRoster implements Pick<ProfilesFile, 'roster' | 'change' | 'problem'> {
  /** Set: the file can't be read. */
  failure: CodedError | undefined;
  #roster = EMPTY_ROSTER;

  roster(): Roster {
    if (this.failure !== undefined) throw this.failure;
    return this.#roster;
  }

  change(edit: (roster: Roster) => Roster): Promise<Roster> {
    try {
      this.#roster = edit(this.roster());
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new TypeError('not an error'));
    }
    return Promise.resolve(this.#roster);
  }

  problem() {
    return this.failure && { code: this.failure.code, message: this.failure.message };
  }
}

export class MemoryGate implements Pick<GateFile, 'counters' | 'begin' | 'change' | 'problem'> {
  readonly counters = new PasscodeGate();

  change<T>(edit: (gate: PasscodeGate) => T): Promise<T> {
    return Promise.resolve(edit(this.counters));
  }

  begin<T>(edit: (gate: PasscodeGate) => T) {
    return { answer: edit(this.counters), saved: Promise.resolve() };
  }

  problem() {
    return undefined;
  }
}

/** Hashes that are the passcode itself, in hex. */
export class FakeHasher implements PasscodeHasher {
  /** Evaluations, decoys included. */
  evaluations = 0;
  isBusy = false;
  /** What happens while a passcode is checked. */
  meanwhile: () => unknown = () => undefined;

  claim(): HashingPlace {
    if (this.isBusy) throw new CodedError('api.rate-limited', 'busy', { retrySeconds: 2 });
    return {
      hash: (passcode) => Promise.resolve(Buffer.from(passcode).toString('hex')),
      verify: async (phc, passcode) => {
        this.evaluations += 1;
        await this.meanwhile();
        return phc === Buffer.from(passcode).toString('hex');
      },
      release: () => undefined,
    };
  }
}

/** The accounts that a broker would have been told of, in the order in which it was. */
export class FakeAccounts implements Pick<Accounts, 'bound' | 'released'> {
  readonly told: string[] = [];

  bound({ id, account }: Person): Promise<void> {
    this.told.push(`bound ${id} ${account}`);
    return Promise.resolve();
  }

  released(profile: ProfileId): Promise<void> {
    this.told.push(`released ${profile}`);
    return Promise.resolve();
  }
}

/** A host without a broker, until a test says that it opens everything. */
export class FakeIsolation implements Isolation {
  opensAll = false;
  readonly #none = brokeredIsolation({ isThere: false, problem: 'there is none' }, () => true);

  refusal(profile: Profile): ProfileReject | undefined {
    return this.opensAll ? undefined : this.#none.refusal(profile);
  }
}
