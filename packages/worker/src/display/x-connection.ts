import { existsSync } from 'node:fs';
import { CodedError } from '@usher/protocol';
import type { Logger } from 'pino';
import {
  type Client,
  createClient,
  type Damage,
  type Display,
  type Fixes,
  type Randr,
  type Reply,
  type Shm,
  type XEvent,
  type XTest,
} from 'x11';

/** A cookie to present to the X server; without one, the file named by XAUTHORITY is asked. */
export interface XCookie {
  readonly name: 'MIT-MAGIC-COOKIE-1';
  /** 16 bytes as a latin-1 string, which is how npm `x11` takes them. */
  readonly data: string;
}

interface XExtensions {
  readonly shm: Shm;
  readonly damage: Damage;
  readonly fixes: Fixes;
  readonly randr: Randr;
  readonly xtest: XTest;
}

/** Longest time for connecting to a server that exists; it answers in a few milliseconds unless it hangs. */
const CONNECT_TIMEOUT_MS = 5000;

/** Opens a local display (`:N`); anything that keeps it from being captured is `worker.no-display`. */
export async function connectX(name: string, cookie: XCookie | undefined, log: Logger): Promise<XConnection> {
  const number = /^:(\d{1,5})(\.0)?$/.exec(name)?.[1];
  if (number === undefined) throw new CodedError('worker.no-display', `"${name}" is no local X display; one is written like :0`);
  // Asked first: npm `x11` would fall back to TCP port 6000 + N, where anybody may listen.
  if (!existsSync(`/tmp/.X11-unix/X${number}`)) throw new CodedError('worker.no-display', `there is no X server on display ${name}`);

  const display = await openClient(name, cookie);
  const screen = display.screen[0];
  if (screen === undefined) throw new CodedError('worker.no-display', `display ${name} has no screen`);
  if (screen.root_depth !== 24 || display.format[24]?.bits_per_pixel !== 32 || display.image_byte_order !== 0) {
    throw new CodedError('worker.no-display', `display ${name} has a depth of ${screen.root_depth} bits; only 24 in 32 can be captured`);
  }
  return new XConnection(name, display, screen.root, await loadExtensions(name, display.client), log);
}

/** The one connection of this worker to its X server, with the extensions that capture and input need. */
export class XConnection {
  readonly name: string;
  readonly client: Client;
  readonly root: number;
  readonly keycodes: { readonly min: number; readonly max: number };
  readonly extensions: XExtensions;
  /** Resolves when the server has gone away without `close`. */
  readonly lost: Promise<void>;
  /** Questions that wait for an answer; without it, they would wait for a dead server forever. */
  readonly #unanswered = new Set<(error: Error) => void>();
  #closed = false;

  constructor(name: string, display: Display, root: number, extensions: XExtensions, log: Logger) {
    this.name = name;
    this.client = display.client;
    this.root = root;
    this.keycodes = { min: display.min_keycode, max: display.max_keycode };
    this.extensions = extensions;
    this.client.on('error', (error) => {
      if (!this.#closed) log.warn({ problem: error.message }, 'an X request failed');
    });
    this.lost = new Promise((resolve) => {
      this.client.stream.once('close', () => {
        for (const reject of this.#unanswered) reject(new CodedError('worker.display-lost', `display ${name} closed the connection`));
        if (!this.#closed) resolve();
      });
    });
  }

  /** Asks the server something; an X error, or the end of the connection, rejects. */
  ask<T>(request: (done: Reply<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject);
      request((error, value) => {
        this.#unanswered.delete(reject);
        if (error) reject(error);
        else resolve(value);
        return true; // the error has been taken care of
      });
    });
  }

  /** Resolves when the server has done everything that was asked so far, and its events about it have been heard. */
  async sync(): Promise<void> {
    await this.ask<undefined>((done) => this.client.sync((error) => void done(error, undefined)));
  }

  onEvent(listener: (event: XEvent) => void): void {
    this.client.on('event', listener);
  }

  close(): void {
    this.#closed = true;
    this.client.terminate();
  }
}

function openClient(name: string, cookie: XCookie | undefined): Promise<Display> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) => reject(new CodedError('worker.no-display', `display ${name} can't be opened: ${reason}`));
    const timer = setTimeout(() => {
      refuse(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`);
      client.stream.destroy();
    }, CONNECT_TIMEOUT_MS);
    const onError = (error: Error) => {
      clearTimeout(timer);
      refuse(error.message);
    };
    const client = createClient(cookie === undefined ? { display: name } : { display: name, auth: cookie }, (error, display) => {
      clearTimeout(timer);
      client.off('error', onError);
      if (error) refuse(error.message);
      else resolve(display);
      return true;
    });
    // A refused cookie is reported here and never to the callback above.
    client.on('error', onError);
  });
}

async function loadExtensions(name: string, client: Client): Promise<XExtensions> {
  try {
    const [shm, damage, fixes, randr, xtest] = await Promise.all([
      load<Shm>((done) => client.require('shm', done)),
      load<Damage>((done) => client.require('damage', done)),
      load<Fixes>((done) => client.require('fixes', done)),
      load<Randr>((done) => client.require('randr', done)),
      load<XTest>((done) => client.require('xtest', done)),
    ]);
    return { shm, damage, fixes, randr, xtest };
  } catch (cause) {
    throw new CodedError('worker.no-display', `display ${name} lacks one of MIT-SHM, DAMAGE, XFIXES, RANDR, XTEST`, { cause });
  }
}

function load<T>(require: (done: Reply<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    require((error, extension) => {
      if (error) reject(error);
      else resolve(extension);
      return true;
    });
  });
}
