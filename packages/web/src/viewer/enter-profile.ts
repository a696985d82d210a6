import { provesPasscode, RejectReason } from '@usher/sdk';
import type { DesktopSession, Device, EnterOptions } from './link.ts';

type Doorway = Pick<Device, 'passcodes' | 'enter'>;

export interface EntryAttempt extends EnterOptions {
  /** Whether this device is to remember the passcode once it has proved right. */
  readonly remember: boolean;
}

/**
 * One try to come in, with the passcode that was typed, or with the one that this device remembers (requirement P9.3). It is remembered
 * only once the host has found it right, and forgotten when it is wrong. Whatever happens, its bytes are wiped.
 */
export async function enterProfile(device: Doorway, attempt: EntryAttempt): Promise<DesktopSession> {
  const { remember, ...options } = attempt;
  const passcode = options.passcode ?? (await recalled(device, options.profile));
  try {
    const session = await device.enter(passcode === undefined ? options : { ...options, passcode });
    if (remember) await keep(device, options.profile, passcode);
    return session;
  } catch (error) {
    if (isWrongPasscode(error)) await drop(device, options.profile);
    else if (remember && provesPasscode(error)) await keep(device, options.profile, passcode);
    throw error;
  } finally {
    passcode?.fill(0);
  }
}

function isWrongPasscode(error: unknown): boolean {
  return error instanceof Error && 'reject' in error && error.reject === RejectReason.WrongPasscode;
}

/** A browser that can't read what it stored has nothing to offer: the person is asked. */
async function recalled(device: Doorway, profile: string | undefined): Promise<Uint8Array | undefined> {
  if (profile === undefined) return undefined;
  return device.passcodes?.recall(profile).catch(() => undefined);
}

async function keep(device: Doorway, profile: string | undefined, passcode: Uint8Array | undefined): Promise<void> {
  if (profile === undefined || passcode === undefined) return;
  await device.passcodes?.remember(profile, passcode).catch(() => undefined); // a full disk: the next visit asks once more
}

async function drop(device: Doorway, profile: string | undefined): Promise<void> {
  if (profile === undefined) return;
  await device.passcodes?.forget(profile).catch(() => undefined); // it stays wrong, and the next visit says so again
}
