import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CodedError, type Fingerprint, fingerprint, Reader } from '@usher/sdk/node';
import { exitOf } from '../processes/run.ts';
import { readableLogLine } from './host-log.ts';

/** A first start makes keys and opens a port: a second, several on a slow machine. */
const READY_MS = 60_000;

/** The host's one line on standard output. */
export interface Ready {
  readonly url: string;
  readonly fingerprint: Fingerprint;
  readonly tokenCreated: boolean;
}

/** A host that runs as this process's child. */
export interface HostChild {
  readonly child: ChildProcess;
  readonly exited: Promise<number>;
  /** Undefined where the host ended before; its log has said why. */
  ready(): Promise<Ready | undefined>;
}

export function startHost(entry: string, args: readonly string[], environment: NodeJS.ProcessEnv, say: (line: string) => void): HostChild {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, USHER_LOG: environment['USHER_LOG'] ?? 'warn' },
  });
  // Somebody who asks for more of the log gets it as it is.
  const readable = environment['USHER_LOG'] === undefined ? readableLogLine : (line: string) => line;
  createInterface({ input: child.stderr }).on('line', (line) => {
    const text = readable(line);
    if (text !== undefined) say(text);
  });
  const firstLine = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const exited = exitOf(child);
  return { child, exited, ready: () => readyLine(child, firstLine, exited) };
}

async function readyLine(child: ChildProcess, firstLine: Promise<string>, exited: Promise<number>): Promise<Ready | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CodedError('host.unreachable', 'the host was not ready within a minute')), READY_MS);
  });
  try {
    const line = await Promise.race([firstLine, exited.then(() => undefined), late]);
    return line === undefined ? undefined : readReady(line);
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function readReady(line: string): Ready {
  const ready = Reader.json(line, 'ready');
  return {
    url: ready.string('url', 512),
    fingerprint: fingerprint(ready.string('fingerprint', 64)),
    tokenCreated: ready.boolean('tokenCreated'),
  };
}
