import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { wordOf } from '../../own-host.ts';
import { talkToAbstract } from './abstract-socket.ts';

const PROTOCOL = 'MIT-MAGIC-COOKIE-1';
/** The first byte of an X server's answer (X11 protocol, connection setup): 1 is success; 0 and 2 want to know more. */
const SUCCESS = 1;
/** A server that begins anew, because its last client has left, hangs up on whoever comes meanwhile: it has refused nobody. */
export const HANGS_UP: readonly string[] = ['ECONNRESET', 'EPIPE'];
/** Beginning anew takes a server some 50 ms; one that goes on hanging up gives no answer. */
const TRIES = 10;
const AGAIN_AFTER_MS = 100;

/** Says hello to an X server, by its socket's path or, after `@`, its name; resolves where it lets the caller in. The connection ends at once. */
export async function greetDisplay(path: string, cookieFile: string | undefined, withinMs: number): Promise<void> {
  const cookie = cookieFile === undefined ? undefined : cookieOf(await readFile(cookieFile), displayNumber(path));
  const hello = greeting(cookie);
  const answer = await answerTo(hello, path, withinMs);
  if (answer !== SUCCESS) throw Object.assign(new Error('the server refuses'), { code: 'REFUSED' });
}

/** The first byte of it. */
async function answerTo(hello: Buffer, path: string, withinMs: number): Promise<number | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return path.startsWith('@') ? await talkToAbstract(path.slice(1), hello, withinMs) : await firstByte(path, hello, withinMs);
    } catch (error) {
      if (tries === TRIES || !HANGS_UP.includes(wordOf(error))) throw error;
    }
    await delay(AGAIN_AFTER_MS);
  }
}

/** Little-endian, protocol 11.0. */
function greeting(cookie: Buffer = Buffer.alloc(0)): Buffer {
  const name = cookie.length === 0 ? Buffer.alloc(0) : Buffer.from(PROTOCOL, 'latin1');
  const head = Buffer.from([0x6c, 0, 11, 0, 0, 0, name.length, 0, cookie.length, 0, 0, 0]);
  return Buffer.concat([head, padded(name), padded(cookie)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function displayNumber(path: string): string {
  return /X(\d+)$/.exec(path)?.[1] ?? '';
}

/** The cookie of a display in an Xauthority file: family u16, then address, number, name and data, each after its length (u16, big-endian). */
function cookieOf(file: Buffer, display: string): Buffer | undefined {
  let offset = 0;
  const field = (): Buffer => {
    const start = offset + 2;
    offset = start + (start <= file.length ? file.readUInt16BE(offset) : 0);
    return file.subarray(start, offset);
  };
  while (offset < file.length) {
    offset += 2;
    field();
    const [number, name, data] = [field(), field(), field()];
    const isOurs = number.length === 0 || number.toString('latin1') === display;
    if (isOurs && name.toString('latin1') === PROTOCOL && data.length <= 255) return data;
  }
  return undefined;
}

function firstByte(path: string, bytes: Buffer, withinMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    const fail = (code: string) => socket.destroy(Object.assign(new Error('no answer'), { code }));
    socket.setTimeout(withinMs, () => fail('ETIMEDOUT'));
    socket.once('error', reject);
    socket.once('end', () => fail('ECONNRESET'));
    socket.once('connect', () => socket.write(bytes));
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk[0] ?? 0);
      socket.destroy();
    });
  });
}
