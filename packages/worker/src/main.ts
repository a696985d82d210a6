import { Socket } from 'node:net';
import { CodedError, toWire } from '@usher/protocol';
import { destination, pino } from 'pino';
import type { Desktop } from './desktop.ts';
import { openDesktop } from './open-desktop.ts';
import { accountName, graphicsLacks } from './process/account.ts';
import { Cleanup } from './process/cleanup.ts';
import { type LaterMessage, readHost } from './relay/inbox.ts';
import { Outbox } from './relay/outbox.ts';

/** Whatever hasn't closed by then is left to the kernel, which ends every child with the worker (2 s in all). */
const ENDING_MS = 1700;
/** Messages that may wait while the display opens: a host that is sensible waits for `ready` and sends none. */
const EARLY_MAX = 1000;

const wishedLevel = process.env['USHER_LOG'] ?? '';
const level = Object.hasOwn(pino.levels.values, wishedLevel) ? wishedLevel : 'info';
const log = pino({ name: 'worker', level }, destination({ dest: 2, sync: true }));
const cleanup = new Cleanup(log);
// Not process.stdout: writing to that blocks the whole process while the host doesn't read.
const stdout = new Socket({ fd: 1, readable: false, writable: true });
const outbox = new Outbox(stdout, {
  blocked: () => {
    log.warn('the host does not read; pictures and sound are left out');
    desktop?.pause();
  },
  drained: () => {
    log.info('the host reads again');
    desktop?.resume();
  },
});

let desktop: Desktop | undefined;
let early: LaterMessage[] = [];
let ending = false;

stdout.on('error', () => end(0)); // nobody reads any more: the host is gone
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(0));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

// Before anything is read: over a broker's connection the host waits for the first word (rules B5, W9).
outbox.send({ type: 'hello', account: accountName(), lacks: graphicsLacks(accountName()) });

readHost(process.stdin, {
  started: (start) => {
    openDesktop(start, { cleanup, send: (message) => outbox.send(message), failed: fail, log }).then((opened) => {
      desktop = opened;
      for (const message of early) opened.receive(message);
      early = [];
    }, fail);
  },
  received: (message) => {
    if (desktop !== undefined) desktop.receive(message);
    else if (early.length < EARLY_MAX) early.push(message);
    else fail(new CodedError('message.unexpected', 'relay: too many messages before ready'));
  },
  ended: () => end(0),
  failed: fail,
});

function fail(error: unknown): void {
  if (ending) return;
  const { code, message } = toWire(error);
  log.error({ code, err: error }, 'the worker ends');
  try {
    outbox.send({ type: 'failed', code, message });
  } catch {
    // the host doesn't read: it will see the end all the same
  }
  end(1);
}

function end(status: 0 | 1): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(status), ENDING_MS);
  void Promise.all([cleanup.run(), outbox.flush()]).finally(() => process.exit(status));
}
