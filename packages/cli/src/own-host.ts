import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HostApi } from '@usher/sdk/api';
import { CodedError, pinnedFetch, Reader } from '@usher/sdk/node';
import type { Terminal } from './terminal.ts';

const DEFAULT_PORT = 9939;

/** Where a command finds the host that it manages. */
export interface HostChoice {
  /** The state directory, for the token and the certificate. */
  readonly home?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

/** The state directory: `--home`, else `USHER_HOME`, else `~/.config/usher` (design §6). */
export function homeOf(choice: Pick<HostChoice, 'home'>, environment: Terminal['environment']): string {
  const named = choice.home ?? (environment['USHER_HOME'] || undefined);
  return resolve(named ?? join(homedir(), '.config', 'usher'));
}

/** The API of one's own host: its address and token from the state directory, its certificate pinned to the one that lies there. */
export async function openOwnHost(choice: HostChoice, environment: Terminal['environment']): Promise<HostApi> {
  const home = homeOf(choice, environment);
  const token = await readToken(choice.tokenFile ?? join(home, 'token'));
  const certificate = await readText(join(home, 'host.crt'));
  return new HostApi({ baseUrl: choice.url ?? (await ownUrl(home, environment)), token, fetch: pinnedFetch(certificate) });
}

/** Where the host that runs listens; else `https://127.0.0.1:PORT`, with the port that it would read too: `USHER_PORT`, `config.json`, 9939. */
async function ownUrl(home: string, environment: Terminal['environment']): Promise<string> {
  return (await runningUrl(home)) ?? `https://127.0.0.1:${await ownPort(home, environment)}`;
}

/**
 * The address that a running host has left in `endpoint.json`; undefined where none runs. What answers there must show the host's own
 * certificate before it is sent the token, so a file that is wrong costs no more than a failed call.
 */
async function runningUrl(home: string): Promise<string | undefined> {
  const path = join(home, 'endpoint.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (wordOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  if (text === undefined) return undefined;
  const endpoint = Reader.json(text, path);
  if (endpoint.integer('version', 0, Number.MAX_SAFE_INTEGER) > 1) return undefined; // another version's, which this one can't read
  if (!isAlive(endpoint.integer('pid', 1, 2 ** 31 - 1))) return undefined; // left by a host that was killed
  const { protocol, origin } = urlOf(endpoint.string('url', 256), path);
  if (protocol !== 'https:') throw new CodedError('store.unreadable', `${path} names no address of a host`);
  return origin;
}

function urlOf(text: string, path: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new CodedError('store.unreadable', `${path} names no address`, { cause });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return wordOf(error) === 'EPERM'; // somebody else's, and there
  }
}

export async function ownPort(home: string, environment: Terminal['environment']): Promise<number> {
  const named = environment['USHER_PORT'] || undefined;
  if (named === undefined) return (await readConfig(home)).optionalInteger('port', 0, 0xffff) ?? DEFAULT_PORT;
  const port = Number(named);
  if (!/^\d{1,5}$/.test(named) || port > 0xffff) throw new CodedError('config.invalid', 'USHER_PORT: expected a number from 0 to 65535');
  return port;
}

/** The host's `config.json`; an empty one where there is none. */
export async function readConfig(home: string): Promise<Reader> {
  const path = join(home, 'config.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (wordOf(error) === 'ENOENT') return '{}';
    throw unreadable(path, error);
  });
  return Reader.json(text, path);
}

/** The bearer token. It is never part of a message. */
export async function readToken(path: string): Promise<string> {
  const token = (await readText(path)).trim();
  if (!/^[0-9a-f]{64}$/.test(token)) throw new CodedError('store.unreadable', `${path} holds no token (64 hex digits)`);
  return token;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (wordOf(error) === 'ENOENT') {
      throw new CodedError(
        'api.unauthorized',
        `${path} isn't there: has the host run on this machine, as this user? (--home names another place)`,
        {
          cause: error,
        },
      );
    }
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): CodedError {
  return new CodedError('store.unreadable', `${path} can't be read (${wordOf(cause)})`, { cause });
}

/** The system's word for a failure (`EACCES`). */
export function wordOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
