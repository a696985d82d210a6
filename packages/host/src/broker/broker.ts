import type { AccountName, BrokerRefusal, BrokerToken, ProfileId } from '@usher/protocol';

/**
 * Root's broker, as the host sees it (rules B1–B9): it opens people's accounts. What it refuses is an answer, undefined where it agreed; only
 * what couldn't be asked rejects, with `broker.unavailable`.
 */
export interface Broker {
  /** Whether it answers right now. */
  readonly isThere: boolean;
  /** Why it doesn't, in words for the operator; undefined where it does. */
  readonly problem: string | undefined;
  /** What the connections that OPEN are known by (rule B5); undefined while it doesn't answer. */
  readonly token: BrokerToken | undefined;
  /** Calls after each change of {@link isThere}. */
  onChange(listener: () => void): void;
  /** Whether the account may be opened at all. */
  check(account: AccountName): Promise<BrokerRefusal | undefined>;
  bind(profile: ProfileId, account: AccountName): Promise<BrokerRefusal | undefined>;
  unbind(profile: ProfileId): Promise<BrokerRefusal | undefined>;
  /** Ends the profile's session, and answers once nothing of it is left (rule B7). */
  close(profile: ProfileId): Promise<BrokerRefusal | undefined>;
}
