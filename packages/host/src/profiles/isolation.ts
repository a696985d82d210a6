import type { Profile } from '@usher/domain';
import type { ProfileReject } from '@usher/protocol';
import type { Broker } from '../broker/broker.ts';
import { personOf } from '../broker/person.ts';
import { noBroker, noIsolation } from '../broker/refusals.ts';

/** Whether this machine can open a desktop in another account than the operator's (requirement P6.4). */
export interface Isolation {
  /** Why not, for the viewer; undefined where it can. Asked for profiles outside the operator's account only. */
  refusal(profile: Profile): ProfileReject | undefined;
}

/**
 * Through the broker alone, and on a display of its own: without either nothing of a session is begun. Whether the account is eligible is
 * the broker's to say, when it is asked to open it.
 */
export function brokeredIsolation(broker: Pick<Broker, 'isThere' | 'problem'>, hasVirtualDisplay: () => boolean): Isolation {
  return {
    refusal(profile) {
      const { display_name: name } = profile;
      if (personOf(profile) === undefined)
        return noIsolation(name, `this host opens no such account; its name must be one of a Linux account, in small letters`);
      if (!broker.isThere) return noBroker(name, broker.problem ?? 'it is starting');
      return hasVirtualDisplay() ? undefined : noIsolation(name, 'there is no X server for it: sudo apt install xvfb');
    },
  };
}
