import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Reader, utf8 } from '@usher/protocol';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { type Child, childStarter } from './child.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/programs/envelope-child.mjs', import.meta.url));
/** The kernel and init collect a killed process in milliseconds. */
const WITHIN_MS = 20_000;

const running: TestChild[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.child.stop()));
});

/** A real child, and everything that it says. */
class TestChild {
  readonly child: Child;
  readonly messages: Uint8Array[] = [];
  readonly logged: string[] = [];
  readonly ended: Promise<string>;
  readonly #waiting: (() => void)[] = [];

  constructor(command: readonly [string, ...string[]]) {
    const log = pino({ level: 'trace' }, { write: (line: string) => void this.logged.push(line) });
    const start = childStarter({
      name: 'test',
      command,
      inherits: ['USHER_FOR_THIS_CHILD'],
      maxMessage: 64 * 1024,
      clock: systemClock,
      log,
    });
    let end = (_problem: string): void => {};
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.child = start({
      message: (message) => {
        this.messages.push(message);
        for (const wake of this.#waiting.splice(0)) wake();
      },
      ended: end,
    });
    running.push(this);
  }

  static as(behaviour: string): TestChild {
    return new TestChild([process.execPath, PROGRAM, behaviour]);
  }

  async message(index: number): Promise<string> {
    while (this.messages.length <= index) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return Buffer.from(this.messages[index] ?? []).toString();
  }
}

/** Waits for a process that was killed to be gone: its parent, or init, has yet to collect it. */
async function gone(pid: number): Promise<boolean> {
  const untilMs = systemClock.now() + WITHIN_MS;
  while (systemClock.now() < untilMs) {
    try {
      process.kill(pid, 0);
    } catch {
      return true; // ESRCH
    }
    if (await isZombie(pid)) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

async function isZombie(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return /\) Z/.test(stat);
}

describe('a child process', () => {
  it('W1: gets whole messages and answers with whole messages, and tells what it has taken', async () => {
    const echo = TestChild.as('echo');
    const big = new Uint8Array(60_000).fill(7);
    const written: number[] = [];
    for (const message of [utf8('one'), new Uint8Array(), big]) echo.child.send(message, () => written.push(message.length));
    expect(await echo.message(0)).toBe('one');
    expect(await echo.message(1)).toBe('');
    await echo.message(2);
    expect(echo.messages[2]).toEqual(big);
    expect(written).toEqual([3, 0, 60_000]);
    expect(echo.child.queuedBytes()).toBe(0);
  });

  it('design §6: ends with the end of its stdin', async () => {
    const echo = TestChild.as('echo');
    echo.child.send(utf8('up'));
    await echo.message(0);
    await echo.child.stop();
    expect(await echo.ended).toBe('it was told to end');
    await echo.child.stop();
  });

  it('issue 2: that ends by itself has its last words heard first', async () => {
    const child = TestChild.as('last-words');
    expect(await child.ended).toBe('it ended with code 3');
    expect(child.messages).toHaveLength(100);
    expect(child.logged.join('')).toContain('about to end');
    child.child.send(utf8('nobody'));
  });

  it('issue 2: that sends noise is ended', async () => {
    const child = TestChild.as('too-long');
    expect(await child.ended).toMatch(/^it sent noise: a message of 4294967295 bytes was announced/);
  });

  it('issue 2: that can’t be started has ended', async () => {
    const child = new TestChild(['/nonexistent/program']);
    expect(await child.ended).toMatch(/^it could not be started: /);
    await child.child.stop();
  });

  it('P6.7: that doesn’t end is killed after two seconds, with what it started', async () => {
    const child = TestChild.as('stubborn');
    const grandchild = Number(await child.message(0));
    const beganMs = systemClock.now();
    await child.child.stop();
    expect(systemClock.now() - beganMs).toBeGreaterThanOrEqual(1_900);
    expect(await gone(grandchild)).toBe(true);
  });

  it('P6.7: that is killed leaves nothing of its own behind', async () => {
    const child = TestChild.as('leaves-orphan');
    const grandchild = Number(await child.message(0));
    expect(await child.ended).toBe('it was ended by SIGKILL');
    expect(await gone(grandchild)).toBe(true);
  });

  it('issue 2: that doesn’t read shows in the queue', async () => {
    const child = TestChild.as('deaf');
    await child.message(0);
    for (let count = 0; count < 20; count += 1) child.child.send(new Uint8Array(60_000));
    await new Promise((resolve) => setImmediate(resolve));
    expect(child.child.queuedBytes()).toBeGreaterThan(500_000);
    child.child.kill();
    await child.ended;
  });

  it('SEC: knows where it is and what language is spoken, what is for it alone, and none of the operator’s secrets', async () => {
    process.env['USHER_TOKEN'] = 'secret';
    process.env['USHER_FOR_THIS_CHILD'] = 'its own';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
    try {
      const child = TestChild.as('environment');
      const environment = Reader.json(await child.message(0), 'environment');
      expect(environment.string('PATH')).toBe(process.env['PATH']);
      expect(environment.string('USHER_FOR_THIS_CHILD')).toBe('its own');
      for (const name of environment.names()) expect(name).not.toMatch(/TOKEN|SECRET|NODE|npm|VITEST/);
    } finally {
      delete process.env['USHER_TOKEN'];
      delete process.env['USHER_FOR_THIS_CHILD'];
      delete process.env['AWS_SECRET_ACCESS_KEY'];
    }
  });
});
