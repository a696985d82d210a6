import { join } from 'node:path';
import type { UsbAcl } from '@usher/sdk/api';
import type { Check } from './check.ts';
import type { Machine, Surroundings } from './machine.ts';
import { checkOwned } from './owned.ts';

const NAME = 'USB rules';
/** The rules and what vouches for them: one that is open to others makes them worth nothing (requirement U3.1). */
const FILES = ['usb_acl.json', 'usb_acl.json.sig', 'usb_acl.json.key', 'usb_acl.json.revision'] as const;

/** Whether the USB rules are believed. Where they aren't, devices are not lent, and every session comes about all the same. */
export async function checkUsbRules({ machine, home, openHost }: Surroundings): Promise<readonly Check[]> {
  const open = await openFile(machine, home);
  if (open !== undefined) return [{ ...open, stops: false, detail: `${open.detail}: no USB device is lent` }];
  const acl = await rulesOf(openHost);
  if (acl === undefined) return [];
  if (acl.integrity_ok) return [{ name: NAME, ok: true, stops: false, detail: `the host believes them: ${acl.rules.length}` }];
  const mend = acl.mend ?? 'look at usb_acl.json; if it says what you want: usher usb acl sign';
  return [{ name: NAME, ok: false, stops: false, detail: `no USB device is lent: ${acl.problem ?? 'the rules are not believed'}`, mend }];
}

async function openFile(machine: Machine, home: string): Promise<Check | undefined> {
  const checks = await Promise.all(FILES.map((name) => checkOwned(machine, NAME, join(home, name), false)));
  return checks.find((check) => check?.ok === false);
}

/** Undefined where no host answers, or where it lends no USB devices. */
async function rulesOf(openHost: Surroundings['openHost']): Promise<UsbAcl | undefined> {
  try {
    return await (await openHost()).usbAcl();
  } catch {
    return undefined; // the check of the host says why it doesn't answer
  }
}
