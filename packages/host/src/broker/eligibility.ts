import { type AccountName, accountName, isCoded } from '@usher/protocol';
import type { Broker } from './broker.ts';
import { remedyFor } from './refusals.ts';

/** Whether root lets an account be opened (rule B4). */
interface Eligibility {
  readonly eligible: boolean;
  /** The command that changes it; undefined where it is eligible, or nothing would. */
  readonly remedy?: string;
}

/** By account; one that isn't in it wasn't asked about. */
export type AskEligibility = (usernames: readonly string[]) => Promise<ReadonlyMap<string, Eligibility>>;

/** Accounts that are asked about for one page: each costs the broker three programs, some 20 ms. */
const ASKED_MAX = 64;

/** Nothing is known of anybody while no broker answers. */
export function askEligibility(broker: Pick<Broker, 'isThere' | 'check'>): AskEligibility {
  return async (usernames) => {
    const known = new Map<string, Eligibility>();
    try {
      // One after the other: a control connection has other questions to answer too (rule B4).
      for (const account of usernames.flatMap(asAccount).slice(0, ASKED_MAX)) {
        if (!broker.isThere) break;
        const refusal = await broker.check(account);
        const remedy = refusal && remedyFor(refusal, account);
        known.set(account, { eligible: refusal === undefined, ...(remedy === undefined ? {} : { remedy }) });
      }
    } catch (error) {
      if (!isCoded(error, 'broker.unavailable')) throw error; // it has gone meanwhile: the rest isn't known
    }
    return known;
  };
}

function asAccount(username: string): readonly AccountName[] {
  try {
    return [accountName(username)];
  } catch {
    return []; // no broker opens an account of such a name (rule B3)
  }
}
