import {
  ABI_VERSION,
  CodedError,
  decodeKnockPending,
  decodeProfileList,
  decodeProfileReject,
  decodeWelcome,
  encodeHello,
  encodeListProfiles,
  encodeProfileUnlock,
  HelloCaps,
  MessageType,
  type Mode,
  messageKind,
  type ProfileEntry,
  type Welcome,
} from '@usher/protocol';
import { rejectedByHost } from './connect-error.ts';
import type { ControlChannel } from './control-channel.ts';

/** A host answers from memory within its own 10 s (requirement P5.3). */
const ANSWER_MS = 10_000;
/** Opening a session starts a display, a window manager and an encoder; a slow machine needs several seconds for it. */
const START_MS = 30_000;
/** A knock waits for the operator for ten minutes at most; what claims to last longer isn't waited for. */
const KNOCK_SECONDS_MAX = 600;

export interface Wish {
  readonly mode: Mode;
  readonly deviceName: string;
  readonly profile?: string;
  readonly passcode?: Uint8Array;
  readonly launch?: string;
  onKnock(secondsLeft: number): void;
}

/** Hello, and whatever the host makes of it: Welcome, or a coded error. A knock is waited out in between. */
export async function enter(control: ControlChannel, wish: Wish, signal: AbortSignal): Promise<Welcome> {
  sayHello(control, wish);
  const first = await control.next(START_MS, signal);
  if (messageKind(first) !== MessageType.KnockPending) return welcomed(first);
  const seconds = Math.min(decodeKnockPending(first), KNOCK_SECONDS_MAX);
  wish.onKnock(seconds);
  return welcomed(await control.next(seconds * 1000 + START_MS, signal));
}

/** Which profiles may this device see? Nothing is opened by it (requirement P5.2). */
export async function askProfiles(control: ControlChannel, signal: AbortSignal): Promise<readonly ProfileEntry[]> {
  control.send(encodeListProfiles());
  return decodeProfileList(await control.next(ANSWER_MS, signal));
}

function sayHello(control: ControlChannel, wish: Wish): void {
  control.send(
    encodeHello({
      abiVersion: ABI_VERSION,
      ...wish.mode,
      compositor: 0,
      gamepad: 0,
      bitrateKbps: 0,
      name: wish.deviceName,
      caps: wish.passcode === undefined ? 0 : HelloCaps.UnlockFollows,
      ...(wish.profile === undefined ? {} : { profileId: wish.profile }),
      ...(wish.launch === undefined ? {} : { launch: wish.launch }),
    }),
  );
  if (wish.passcode === undefined) return;
  const unlock = encodeProfileUnlock(wish.passcode);
  control.send(unlock);
  unlock.fill(0); // requirement P2.4; the passcode itself is the caller's to wipe
}

function welcomed(message: Uint8Array): Welcome {
  const kind = messageKind(message);
  if (kind === MessageType.ProfileReject) throw rejectedByHost(decodeProfileReject(message));
  if (kind !== 'positional') throw new CodedError('message.unexpected', 'the host answered Hello with something else than Welcome');
  return decodeWelcome(message);
}
