import { type AclDecision, couldBeAllowed, decideAcl } from '@usher/domain';
import type { ProfileId } from '@usher/protocol';
import type { AccessDecision, AccessPolicy, UsbDeviceDescription } from '@usher/usb';
import type { AclStore } from './acl-store.ts';

/** The rules as they concern one profile. They are looked up anew each time: an edit counts at once. */
export function accessOf(store: AclStore, profile: ProfileId): AccessPolicy {
  const decide = (device: UsbDeviceDescription) => decideAcl(store.acl, { ...device, profile });
  return {
    mayOpen(query) {
      const may = couldBeAllowed(store.acl, { ...query, profile });
      // Where nobody watches the file, a rule that was just added counts at the next try.
      if (!may) void store.refresh();
      return may;
    },
    shows: (device) => decide(device).outcome !== 'deny',
    async decide(device) {
      await store.refresh(); // a device is given out by the rules as they are now, not as they were when somebody last looked (U3.2)
      return answerOf(decide(device));
    },
  };
}

function answerOf({ outcome }: AclDecision): AccessDecision {
  if (outcome === 'allow') return { allow: true };
  // Nobody can be asked through this agent, and a question without an answer is a refusal (U3.3).
  return outcome === 'prompt' ? { allow: false, reason: 'the operator has to be asked, and nobody can be' } : { allow: false };
}
