import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { clampMode, MODE_LIMITS } from '@usher/domain';
import { CodedError, type Mode } from '@usher/protocol';
import type { Logger } from 'pino';
import { type Child, startChild } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import { writeCookie } from './cookie.ts';
import type { Display } from './display.ts';

import { setScreenMode } from './randr.ts';
import { expectRefusal } from './strangers.ts';
import { connectX, type XConnection } from './x-connection.ts';

/** Longest time for Xvfb to say which display it has; it takes about 100 ms on two slow cores. */
const START_TIMEOUT_MS = 10_000;

export interface VirtualDisplay extends Display {
  /** What a program needs to appear on this display. */
  readonly environment: { readonly DISPLAY: string; readonly XAUTHORITY: string };
}

/** Starts an X server without a screen, in a mode near the one wished for. Nothing of it outlives the worker. */
export async function openVirtualDisplay(directory: string, mode: Mode, log: Logger): Promise<VirtualDisplay> {
  const authority = join(directory, 'xauthority');
  const cookie = await writeCookie(authority);
  const server = await startServer(authority, log);
  let connection: XConnection;
  try {
    const name = `:${await readDisplayNumber(server)}`;
    connection = await connectX(name, cookie, log);
    await expectRefusal(name);
    await setScreenMode(connection, clampMode(mode));
  } catch (error) {
    await server.end();
    throw error;
  }
  return {
    connection,
    environment: { DISPLAY: connection.name, XAUTHORITY: authority },
    lost: server.ended.then((how) => `Xvfb ended (${how})`),
    resize: async (wanted) => {
      await setScreenMode(connection, clampMode(wanted));
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      connection.close();
      await server.end();
    },
  };
}

function startServer(authority: string, log: Logger): Promise<Child> {
  const args = [
    '-displayfd',
    '3', // picks a free number itself and writes it there once it listens
    '-screen',
    '0',
    `${MODE_LIMITS.maxWidth}x${MODE_LIMITS.maxHeight}x24`, // RandR only ever goes below the size at the start
    '-auth',
    authority,
    '-nolisten',
    'tcp',
    '-s',
    '0', // never goes dark
    '-noreset', // or the last program's end would throw away the screen's mode
    '-dpi',
    '96',
  ]; // prettier-ignore
  return startChild('Xvfb', args, { environment: childEnvironment({}), answersOn: 3, log });
}

async function readDisplayNumber(server: Child): Promise<string> {
  if (server.answer === undefined) throw new TypeError('Xvfb was started without descriptor 3');
  const line = await Promise.race([firstLine(server.answer), server.ended, timeout()]);
  if (/^\d{1,5}$/.test(line)) return line;
  throw new CodedError('worker.no-display', `Xvfb did not start: ${line}`);
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
    if (text.length > 16) break; // a display number is at most five digits
  }
  return text === '' ? new Promise(() => undefined) : text; // closed without a word: the child's end says more
}

function timeout(): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(resolve, START_TIMEOUT_MS, `no answer within ${START_TIMEOUT_MS / 1000} s`).unref();
  });
}
