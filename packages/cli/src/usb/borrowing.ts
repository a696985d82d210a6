import { hostname } from 'node:os';
import { CodedError, connect, fingerprint, openFileIdentity, type UsbClient } from '@usher/sdk/node';
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** The viewer needs a picture's size to enter; the smallest costs the least. */
const SMALLEST = { width: 320, height: 200, refreshHz: 10 } as const;

/** How this program becomes a viewer of a host that lends devices. */
export interface BorrowOptions {
  readonly from?: string;
  readonly key?: string;
  readonly pin?: string;
  readonly hostFingerprint?: string;
}

export function withBorrowing(command: Command): Command {
  return command
    .option('--from <url>', 'the host that lends it; this program is one of its viewers then, by WebRTC')
    .option('--key <file>', 'with --from: this device’s identity, as for `usher connect`')
    .option('--pin <digits>', 'with --from: pair with the PIN that the host shows')
    .option('--host-fingerprint <hex>', 'with --from: the host’s fingerprint, compared by you');
}

/** Enters the host, and leaves it again when `use` is done. `lost` aborts, with the reason, when the session ends by itself. */
export async function borrowing<Result>(
  url: string,
  { key, pin, hostFingerprint }: BorrowOptions,
  terminal: Pick<Terminal, 'err' | 'signal'>,
  use: (client: UsbClient, lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (key === undefined) throw new CodedError('config.invalid', '--from takes --key FILE: the identity that the host knows');
  await using session = await connect({
    url,
    identity: await openFileIdentity(key),
    deviceName: `usher usb on ${hostname()}`,
    mode: SMALLEST,
    signal: terminal.signal,
    ...(pin === undefined ? {} : { pin }),
    ...(hostFingerprint === undefined ? {} : { hostFingerprint: fingerprint(hostFingerprint) }),
    onKnock: (seconds) => terminal.err(`This device isn’t paired; the operator has ${Math.ceil(seconds / 60)} minutes to approve it.`),
  });
  const lost = new AbortController();
  session.on('ended', (reason) => lost.abort(reason));
  return await use(await session.usb(), lost.signal);
}
