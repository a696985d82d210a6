import type { Socket } from 'node:net';
import { type BrokerRefusal, CodedError, type Fingerprint, isCoded, type ProfileId } from '@usher/protocol';
import type { Logger } from '../log.ts';
import { ProfileRejected } from '../profile-rejected.ts';
import type { AuditLog } from '../profile-services.ts';
import type { BindingsFile } from './bindings-file.ts';
import type { Broker } from './broker.ts';
import { type OpenedSession, openSession } from './open-session.ts';
import type { Person } from './person.ts';
import { noBroker, refused } from './refusals.ts';

export interface AccountsOptions {
  readonly broker: Broker;
  readonly socketPath: string;
  readonly told: Pick<BindingsFile, 'get' | 'set' | 'all'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly log: Logger;
}

/** A worker at the other end, which has said its first word. */
export interface OpenedAccount {
  readonly socket: Socket;
  readonly first: Uint8Array;
}

/**
 * Which profile is which account, kept the same with the broker, and the way into the accounts. A session is only asked for where the broker is
 * known to hold what the roster says: a profile that got another account while there was no broker must not open the old one.
 */
export class Accounts {
  readonly #options: AccountsOptions;
  /** Profiles whose account is another person's than when it was bound: the operator's next word about them counts as a new one. */
  readonly #changed = new Set<ProfileId>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** The operator has said that the profile is this account. Never rejects: what is refused now is said to whoever wants in. */
  async bound(person: Person): Promise<void> {
    if (!this.#options.broker.isThere) return;
    await this.#quietly(person.id, async () => {
      if (this.#changed.has(person.id)) await this.#unbind(person.id);
      await this.#bind(person);
    });
  }

  /** The profile has this account no more. Never rejects; what the broker couldn't be told is told when it is there again. */
  async released(profile: ProfileId): Promise<void> {
    if (this.#options.told.get(profile) === undefined || !this.#options.broker.isThere) return;
    await this.#quietly(profile, () => this.#unbind(profile));
  }

  /** The broker is there again: forgets what no profile is any more. `people` are those of the roster. */
  async settle(people: readonly Person[]): Promise<void> {
    const wanted = new Map(people.map(({ id, account }) => [id, account]));
    for (const [profile, account] of this.#options.told.all()) {
      if (wanted.get(profile) !== account) await this.released(profile);
    }
  }

  /** Rejects with `ProfileRejected`, which says what mends it, with `store.write-failed`, or as `signal` says. */
  async open(person: Person, device: Fingerprint, signal: AbortSignal): Promise<OpenedAccount> {
    try {
      for (const mended = new Set<BrokerRefusal>(); ; ) {
        const opened = await this.#ask(person, device, signal);
        if (opened.outcome === 'opened') return opened;
        const { refusal } = opened;
        if (mended.has(refusal) || !(await this.#mend(refusal, person))) throw refused(refusal, person);
        mended.add(refusal);
      }
    } catch (error) {
      if (!isCoded(error, 'broker.unavailable') || signal.aborted) throw error;
      throw new ProfileRejected(noBroker(person.name, error.message));
    }
  }

  /** Resolves once nothing of the profile's session is left, as far as the broker can be asked; never rejects. */
  async close(profile: ProfileId): Promise<void> {
    const { broker, log } = this.#options;
    try {
      const refusal = await broker.close(profile);
      if (refusal !== undefined && refusal !== 'NotOpen') log.warn({ profile, refusal }, 'the broker did not close a session');
    } catch (error) {
      if (!isCoded(error, 'broker.unavailable')) throw error; // its end has ended the session (rule B7)
    }
  }

  async #ask(person: Person, device: Fingerprint, signal: AbortSignal): Promise<OpenedSession> {
    const { broker, socketPath } = this.#options;
    await this.#inTurn(() => this.#bind(person));
    const { token } = broker;
    if (token === undefined) throw new CodedError('broker.unavailable', broker.problem ?? 'it has gone');
    return openSession(socketPath, { type: 'open', token, profile: person.id, device }, signal);
  }

  /** Whether asking again may help. */
  async #mend(refusal: BrokerRefusal, { id }: Person): Promise<boolean> {
    const { broker, told } = this.#options;
    if (refusal === 'AccountChanged') this.#changed.add(id);
    if (refusal === 'UnknownToken') return broker.isThere;
    // A session of ours that ends at this moment: CLOSE waits for it. Anybody else's isn't ours to end.
    if (refusal === 'Occupied') return (await broker.close(id)) === undefined;
    if (refusal !== 'NotBound') return false;
    await told.set(id, undefined); // root has removed it, or the broker's state is a new one
    return true;
  }

  /** @throws ProfileRejected where the broker refuses. */
  async #bind(person: Person): Promise<void> {
    const { broker, told } = this.#options;
    const { id, account } = person;
    const before = told.get(id);
    if (before === account) return;
    if (before !== undefined) await this.#unbind(id);
    await told.set(id, account);
    const refusal = await broker.bind(id, account);
    await this.#tell('account.bound', id, { account, outcome: refusal ?? 'bound' });
    if (refusal === undefined) return;
    await told.set(id, undefined);
    throw refused(refusal, person);
  }

  async #unbind(profile: ProfileId): Promise<void> {
    const { broker, told } = this.#options;
    let refusal = await broker.unbind(profile);
    if (refusal === 'StillOpen') {
      await this.close(profile);
      refusal = await broker.unbind(profile);
    }
    await this.#tell('account.unbound', profile, { outcome: refusal ?? 'unbound' });
    if (refusal !== undefined) throw new CodedError('broker.unavailable', `the broker does not forget the profile: ${refusal}`);
    await told.set(profile, undefined);
    this.#changed.delete(profile);
  }

  #tell(event: string, profile: ProfileId, fields: Readonly<Record<string, string>>): Promise<void> {
    return this.#options.audit.append({ event, principal: 'host', profile, fields });
  }

  async #quietly(profile: ProfileId, change: () => Promise<void>): Promise<void> {
    try {
      await this.#inTurn(change);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#options.log.warn({ profile, code: error.code, problem: error.message }, 'the broker was not told of a profile');
    }
  }

  /** One change after the other: what comes between two lines of one would be a binding that nobody wanted. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined); // whoever asked hears of it
    return done;
  }
}
