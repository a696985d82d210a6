import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { CodedError, connect, fingerprint, openFileIdentity, type UsbClient, usbOverStreams } from '@usher/sdk/node';
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** The viewer needs a picture's size to enter; the smallest costs the least. */
const SMALLEST = { width: 320, height: 200, refreshHz: 10 } as const;
/** How long a program that lends may take to end once its input has ended. */
const FAREWELL_MS = 3000;

/** How this program becomes a viewer of whoever lends devices. */
export interface BorrowOptions {
  readonly from?: string;
  readonly key?: string;
  readonly pin?: string;
  readonly hostFingerprint?: string;
  readonly through?: string;
}

type Speaker = Pick<Terminal, 'err' | 'signal'>;
/** `lost` aborts, with the reason, when the connection ends by itself. */
type Use<Result> = (client: UsbClient, lost: AbortSignal) => Promise<Result>;

export function withBorrowing(command: Command): Command {
  return command
    .option('--from <url>', 'the host that lends it; this program is one of its viewers then, by WebRTC')
    .option('--key <file>', 'with --from: this device’s identity, as for `usher connect`')
    .option('--pin <digits>', 'with --from: pair with the PIN that the host shows')
    .option('--host-fingerprint <hex>', 'with --from: the host’s fingerprint, compared by you')
    .option('--through <command>', 'a command that lends over its standard input and output, such as "ssh attic usher usb stdio"');
}

export function isBorrowing({ from, through }: BorrowOptions): boolean {
  return from !== undefined || through !== undefined;
}

/** Goes to whoever lends, and leaves again when `use` is done. */
export async function borrowing<Result>(options: BorrowOptions, terminal: Speaker, use: Use<Result>): Promise<Result> {
  const { from, through } = options;
  if (from !== undefined && through === undefined) return byWebRtc(from, options, terminal, use);
  if (through !== undefined && from === undefined) return byProgram(through, use);
  throw new CodedError('config.invalid', 'say who lends: one of --from URL, --through COMMAND');
}

async function byWebRtc<Result>(url: string, options: BorrowOptions, terminal: Speaker, use: Use<Result>): Promise<Result> {
  const { key, pin, hostFingerprint } = options;
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

/** What the program says on stderr is for whoever sits here: ssh asks for its passphrase there. */
async function byProgram<Result>(command: string, use: Use<Result>): Promise<Result> {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  const lost = new AbortController();
  child.once('error', (cause) => lost.abort(new CodedError('session.transport', 'the command that lends can’t be started', { cause })));
  child.once('exit', () => lost.abort(new CodedError('session.transport', 'the command that lends ended')));
  const client = usbOverStreams(stdout, stdin);
  try {
    return await use(client, lost.signal);
  } finally {
    client.shutdown();
    stdin.end();
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), FAREWELL_MS);
  await once(child, 'exit');
  clearTimeout(timer);
}
