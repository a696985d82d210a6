import { stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeUsbAgent } from '../../testing/fake-services.ts';
import { inTemporaryDirectory, TOKEN, testApi } from '../../testing/test-api.ts';
import { USB_ANSWERS } from '../../testing/usb-answers.ts';
import { LocalSocket } from './local-socket.ts';

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

const event = (seq: number) => ({
  ...{ seq, kind: 'added', device: { vendor_id: '1050', product_id: '0407', manufacturer: null, product: null, serial: null } },
});
const whole = (seq: number) => ({ ...event(seq), device: { ...event(seq).device, bus_location: null, risks: [], extra: {} } });

async function serve(path: string, usb = new FakeUsbAgent(USB_ANSWERS)) {
  const local = new LocalSocket();
  const api = await testApi({ usb, local });
  await api.ready();
  ended.push(
    () => local.close(),
    () => api.close(),
  );
  await local.listen(path, (incoming, response) => api.routing(incoming, response));
}

/** Calls by the socket; resolves with the answer's head. */
async function call(socketPath: string, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const call = request({ socketPath, path, headers: { host: 'localhost', authorization: `Bearer ${TOKEN}`, ...headers } }).end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => call.once('response', resolve).once('error', reject));
  answer.on('error', () => undefined); // streams end when the test does
  call.on('error', () => undefined);
  return answer;
}

/** The stream's text up to and with a mark. */
async function textUpTo(answer: IncomingMessage, mark: string): Promise<string> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.includes(mark)) break;
  }
  return text;
}

describe('the local socket', () => {
  it('U5.3: is the owner’s alone, takes the place of a dead one, and is gone afterwards', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'api.sock');
      await writeFile(path, 'what a killed host left');
      await serve(path);
      const { mode } = await stat(path);
      expect([mode & 0o777, (await call(path, '/usb/acl')).statusCode]).toEqual([0o600, 200]);
      expect((await call(path, '/usb/acl', { authorization: `Bearer ${'0'.repeat(64)}` })).statusCode).toBe(401);
      expect((await call(path, '/usb/acl', { host: 'evil.example' })).statusCode).toBe(421);
      for (const end of ended.splice(0)) await end();
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });

  it('U5.3: a path that no socket can have is told', async () => {
    await inTemporaryDirectory(async (directory) => {
      const local = new LocalSocket();
      const path = join(directory, 'x'.repeat(120));
      await expect(local.listen(path, () => undefined)).rejects.toMatchObject({ code: 'store.write-failed' });
      await local.close();
    });
  });
});

describe('the stream of USB news', () => {
  const stream = { accept: 'text/event-stream' };

  it('U5.1: tells what was missed, then what comes, each once and in order', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'api.sock');
      const events = { events: [whole(8), whole(9)], count: 2, watcher_running: true, last_seq: 9 };
      const usb = new FakeUsbAgent({ ...USB_ANSWERS, events });
      await serve(path, usb);
      const answer = await call(path, '/usb/events', { ...stream, 'last-event-id': '7' });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
      usb.tell({ kind: 'hotplug', event: whole(9) });
      usb.tell({ kind: 'hotplug', event: { nonsense: true } });
      usb.tell({ kind: 'hotplug', event: whole(10) });
      const text = await textUpTo(answer, 'id: 10\nevent: device');
      expect([...text.matchAll(/^(?:id|event): (.*)$/gm)].map(([, value]) => value)).toEqual([
        'sharing',
        ...['8', 'device', '9', 'device', '10', 'device'],
      ]);
    });
  });

  it('U5.1: too many listeners are refused, and one that left makes room', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'api.sock');
      await serve(path);
      const listeners: IncomingMessage[] = [];
      for (let count = 0; count < 32; count += 1) {
        const listener = await call(path, '/usb/events', stream);
        expect(listener.statusCode).toBe(200);
        listeners.push(listener);
      }
      expect((await call(path, '/usb/events', stream)).statusCode).toBe(429);
      listeners[0]?.destroy();
      await expect.poll(async () => (await call(path, '/usb/events', stream)).statusCode, { timeout: 10_000 }).toBe(200);
    });
  });
});
