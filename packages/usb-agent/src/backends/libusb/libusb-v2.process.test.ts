import { describe, expect, it } from 'vitest';
import { AgentProcess } from '../../../testing/agent-process.ts';
import { FakeUsbfs } from '../../../testing/usbfs/fake-usbfs.ts';
import { FidoKey } from '../sim/fido-key.ts';
import { SerialBoard } from '../sim/serial-board.ts';

const missing = FakeUsbfs.missing();
const BOARD = { vendorId: '1209', productId: '0001' };
const KEY = { vendorId: '1050', productId: '0407' };

/** A viewer, the real agent, a real libusb, and a bus of simulated devices. */
async function withAgent(use: (agent: AgentProcess, bus: FakeUsbfs) => Promise<void>): Promise<void> {
  const bus = new FakeUsbfs();
  await bus.plug(new SerialBoard(), 'cdc_acm');
  await bus.plug(new FidoKey(), 'usbhid');
  const agent = new AgentProcess('libusb', bus.environment);
  try {
    for (const { vendorId, productId } of [BOARD, KEY]) await agent.request('acl.add', { vendor_id: vendorId, product_id: productId });
    await use(agent, bus);
  } finally {
    await agent.stop();
    await bus.close();
  }
}

describe.skipIf(missing !== undefined)('v2 over the real libusb', () => {
  it('U1.10, U20: a subscription pushes what a security key says, while many reads wait on another device', () =>
    withAgent(async (agent) => {
      const client = agent.attach(1);
      const [key, board] = [await client.open(KEY), await client.open(BOARD)];
      const echoes = Promise.all(Array.from({ length: 8 }, () => board.bulk({ endpoint: 0x81, length: 64, timeoutMs: 10_000 })));

      const reports = await key.subscribe({ endpoint: 0x81, length: 64 });
      const pushes = reports[Symbol.asyncIterator]();
      for (const nonce of [1, 2, 3]) {
        const init = new Uint8Array(64);
        init.set([0xff, 0xff, 0xff, 0xff, 0x86, 0, 8, nonce, 2, 3, 4, 5, 6, 7, 8]);
        await key.interrupt({ endpoint: 0x01, data: init });
        const push = await pushes.next();
        if (push.done === true) throw new Error('the subscription ended');
        expect([...push.value.subarray(7, 15)]).toEqual([nonce, 2, 3, 4, 5, 6, 7, 8]);
      }
      await reports.close();

      for (let at = 0; at < 8; at += 1) await board.bulk({ endpoint: 2, data: Uint8Array.of(at) });
      expect((await echoes).map(([byte]) => byte)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      await Promise.all([key.close(), board.close()]);
    }));

  it('U1.10, U17: half a megabyte goes there and back in many transfers at once; a transfer is cancelled', () =>
    withAgent(async (agent) => {
      const board = await agent.attach(1).open(BOARD);
      const sent = Uint8Array.from({ length: 512 * 1024 }, (_, at) => (at * 31) & 0xff);
      const chunk = 16 * 1024;
      const received: Uint8Array[] = [];
      let length = 0;
      const reading = (async () => {
        while (length < sent.length) {
          const read = await board.bulk({ endpoint: 0x81, length: chunk, timeoutMs: 20_000 });
          received.push(read);
          length += read.length;
        }
      })();
      const writing = [];
      for (let at = 0; at < sent.length; at += chunk)
        writing.push(board.bulk({ endpoint: 2, data: sent.subarray(at, at + chunk), timeoutMs: 20_000 }));
      await Promise.all([...writing, reading]);
      expect(Buffer.concat(received).equals(Buffer.from(sent))).toBe(true);

      const stop = new AbortController();
      const idle = board.bulk({ endpoint: 0x81, length: 64, timeoutMs: 20_000, signal: stop.signal });
      stop.abort(new Error('taken back'));
      await expect(idle).rejects.toThrow('taken back');
      await board.close();
    }));

  it('U21: a viewer that watches is told of a device that is plugged in and pulled out', () =>
    withAgent(async (agent, bus) => {
      const news: string[] = [];
      let told: () => void = () => undefined;
      const client = agent.attach(1);
      const { devices } = await client.watch(({ kind, device }) => {
        news.push(`${kind} ${device.vendorId}:${device.productId} ${device.serial}`);
        told();
      });
      expect(devices).toHaveLength(2);
      const next = () => new Promise<void>((resolve) => (told = resolve));
      const board = new SerialBoard();
      Object.assign(board, { identity: { ...board.identity, serial: 'LATE' } });
      const came = next();
      await bus.plug(board);
      await came;
      const left = next();
      bus.unplug(board);
      await left;
      expect(news).toEqual(['added 1209:0001 LATE', 'removed 1209:0001 LATE']);
    }));
});
