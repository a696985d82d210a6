import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { isCoded, type Reader } from '@usher/sdk/node';
import { wordOf } from '../../own-host.ts';
import { talkToAbstract } from './abstract-socket.ts';
import { greetDisplay, HANGS_UP } from './display-greeting.ts';

/** A way to reach into somebody's session, as any program could go it: whoever gets there has only knocked, and nothing has changed. */
export type Deed =
  | { readonly kind: 'list' | 'read'; readonly path: string }
  /** A device, for reading and writing. */
  | { readonly kind: 'use'; readonly path: string }
  /** A Unix socket; one without a place in the file system begins with `@`. */
  | { readonly kind: 'connect'; readonly path: string }
  /** An X display, with a cookie file or without. */
  | { readonly kind: 'look'; readonly path: string; readonly cookieFile?: string }
  | { readonly kind: 'signal'; readonly pid: number };

/** Whether whoever tried got there. What gave no answer has refused nobody: it proves nothing. */
const RESULTS = ['reached', 'refused', 'unanswered'] as const;

export interface Outcome {
  readonly result: (typeof RESULTS)[number];
  /** The system's word for it, such as EACCES. */
  readonly word: string;
}

/** What listens on this machine answers at once, or is stopped. */
const ANSWERS_WITHIN_MS = 5_000;
/** Deeds of one account, and bytes that say them: far more than 64 sessions of a family offer. */
export const DEEDS_MAX = 10_000;
/** What the permissions say is judged, before it is looked whether something is behind. */
const DENIED: readonly string[] = ['EACCES', 'ENOENT'];
/** What knocking at a socket with a full queue comes to, at once or after waiting: whoever may not connect is told so before it comes to that. */
const QUEUED: readonly string[] = ['EAGAIN', 'ETIMEDOUT'];
/** What a display says that is stopped, or that hangs up however often it is asked. */
const NO_VERDICT: readonly string[] = [...QUEUED, ...HANGS_UP];

/** Tries it, as whoever this process is. Rejects with `worker.missing-program` where it can't be tried at all. */
export async function attempt(deed: Deed): Promise<Outcome> {
  try {
    await perform(deed);
    return { result: 'reached', word: 'done' };
  } catch (error) {
    if (isCoded(error)) throw error;
    const word = wordOf(error);
    return { result: resultOf(deed, word), word };
  }
}

/** Of a deed that failed. */
function resultOf({ kind }: Deed, word: string): Outcome['result'] {
  if (kind === 'use') return DENIED.includes(word) ? 'refused' : 'reached';
  if (kind === 'connect') return QUEUED.includes(word) ? 'reached' : 'refused';
  return kind === 'look' && NO_VERDICT.includes(word) ? 'unanswered' : 'refused';
}

async function perform(deed: Deed): Promise<void> {
  switch (deed.kind) {
    case 'list':
      await readdir(deed.path);
      return;
    case 'read':
      return (await open(deed.path, constants.O_RDONLY | constants.O_NONBLOCK)).close();
    case 'use':
      return (await open(deed.path, constants.O_RDWR | constants.O_NONBLOCK)).close();
    case 'connect':
      return knock(deed.path);
    case 'look':
      return greetDisplay(deed.path, deed.cookieFile, ANSWERS_WITHIN_MS);
    case 'signal':
      process.kill(deed.pid, 0);
  }
}

async function knock(path: string): Promise<void> {
  if (path.startsWith('@')) await talkToAbstract(path.slice(1), Buffer.alloc(0), ANSWERS_WITHIN_MS);
  else await knockAtFile(path);
}

function knockAtFile(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.setTimeout(ANSWERS_WITHIN_MS, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** @throws CodedError `message.malformed`. */
export function readDeed(body: Reader): Deed {
  const kind = body.word('kind', ['list', 'read', 'use', 'connect', 'look', 'signal']);
  if (kind === 'signal') return { kind, pid: body.integer('pid', 2, 0x7fff_ffff) };
  const path = body.string('path', 4096);
  const cookieFile = kind === 'look' ? body.optionalString('cookieFile', 4096) : undefined;
  return kind === 'look' && cookieFile !== undefined ? { kind, path, cookieFile } : { kind, path };
}

/** @throws CodedError `message.malformed`. */
export function readOutcome(body: Reader): Outcome {
  return { result: body.word('result', RESULTS), word: body.string('word', 64) };
}
