import type { AccountName, BrokerRefusal, ProfileId } from '@usher/protocol';
import { BINDINGS_MAX, type Bindings } from './accounts/bindings.ts';
import { ineligible, type SystemAccount } from './accounts/eligibility.ts';
import type { FindAccount } from './accounts/system-accounts.ts';
import type { Person } from './launchers/launcher.ts';

const DAY_S = 86_400;

export interface PeopleOptions {
  readonly bindings: Bindings;
  readonly findAccount: FindAccount;
  readonly uidMin: number;
  /** Seconds since 1970. */
  readonly unix: () => number;
}

/** Who may be opened, and which profile is whom. A refusal is a word; what throws is `StateUnusable`. */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /** Whether an account may be opened at all. */
  async check(name: AccountName): Promise<SystemAccount | BrokerRefusal> {
    const { findAccount, uidMin, unix } = this.#options;
    const account = await findAccount(name);
    if (account === undefined) return 'NoAccount';
    return ineligible(account, uidMin, Math.floor(unix() / DAY_S)) ?? account;
  }

  /** Whom a profile opens, if that is still somebody who may be opened and still the same (rule B5). */
  async of(profile: ProfileId): Promise<Person | BrokerRefusal> {
    const binding = this.#options.bindings.read().get(profile);
    if (binding === undefined) return 'NotBound';
    const account = await this.check(binding.account);
    if (typeof account === 'string') return account;
    const { name, uid, gid, home } = account;
    return uid === binding.uid ? { account: name, uid, gid, home } : 'AccountChanged';
  }

  /** Remembers that a profile is an account, after `confirm` has agreed to what would be written. */
  async bind(profile: ProfileId, name: AccountName, confirm: (account: SystemAccount) => void): Promise<BrokerRefusal | undefined> {
    const account = await this.check(name);
    if (typeof account === 'string') return account;
    const bindings = new Map(this.#options.bindings.read());
    for (const [other, { account: taken, uid }] of bindings) {
      if (other !== profile && (taken === name || uid === account.uid)) return 'AccountTaken';
    }
    if (!bindings.has(profile) && bindings.size >= BINDINGS_MAX) return 'TooMany';
    confirm(account);
    this.#options.bindings.write(bindings.set(profile, { account: name, uid: account.uid }));
    return undefined;
  }

  unbind(profile: ProfileId, confirm: () => void): void {
    const bindings = new Map(this.#options.bindings.read());
    if (!bindings.delete(profile)) return;
    confirm();
    this.#options.bindings.write(bindings);
  }
}
