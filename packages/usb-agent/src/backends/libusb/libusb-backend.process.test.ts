import { isCoded } from '@usher/protocol';
import { parseConfiguration } from '@usher/usb';
import { describeBackend } from '@usher/usb/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentProcess } from '../../../testing/agent-process.ts';
import { RemoteBackend } from '../../../testing/remote-backend.ts';
import { FakeUsbfs } from '../../../testing/usbfs/fake-usbfs.ts';
import { FidoKey } from '../sim/fido-key.ts';
import { SerialBoard } from '../sim/serial-board.ts';

const BOARD = { vendorId: '1209', productId: '0001', serial: 'SIM-ACM-1' };
const NEVER = new AbortController().signal;

const missing = FakeUsbfs.missing();
if (missing !== undefined) describe.skip(`libusb on a simulated bus: ${missing}`, () => undefined);

describe.skipIf(missing !== undefined)('libusb on a simulated bus', () => {
  describeBackend('libusb', async () => {
    const bus = new FakeUsbfs();
    const board = new SerialBoard();
    await bus.plug(board);
    const backend = await RemoteBackend.start(bus.environment);
    return {
      backend,
      query: BOARD,
      silent: { endpoint: 0x81, kind: 'bulk' },
      async plugTwin() {
        const twin = new SerialBoard();
        const told = new Promise<void>((resolve) => backend.onHotplug(() => resolve()));
        await bus.plug(Object.assign(twin, { identity: { ...twin.identity, serial: 'SIM-ACM-2' } }));
        await told;
      },
      async unplug() {
        const told = new Promise<void>((resolve) => backend.onHotplug(() => resolve()));
        bus.unplug(board);
        await told;
      },
      async end() {
        await backend.close();
        await bus.close();
      },
    };
  });

  describe('kernel drivers', () => {
    let bus: FakeUsbfs;
    let backend: RemoteBackend | undefined;
    beforeEach(() => {
      bus = new FakeUsbfs();
    });
    afterEach(async () => {
      await backend?.close();
      await bus.close();
    });

    it('U2.2: are detached from every interface while the device is open, and bound again afterwards', async () => {
      const board = await bus.plug(new SerialBoard(), 'cdc_acm');
      backend = await RemoteBackend.start(bus.environment);
      const handle = await backend.open(BOARD);
      expect([board.drivers.size, board.claimed]).toEqual([2, 0]); // while the rules are asked, the kernel has it
      await handle.take();
      expect([board.drivers.size, board.claimed]).toEqual([0, 2]);
      await handle.bulk({ endpoint: 0x02, direction: 'out', timeoutMs: 1000, length: 0, data: Uint8Array.of(1, 2, 3) }, NEVER);
      expect(await handle.bulk({ endpoint: 0x81, direction: 'in', timeoutMs: 1000, length: 64, data: undefined }, NEVER)).toEqual(
        Uint8Array.of(1, 2, 3),
      );
      await handle.close();
      expect([[...board.drivers], board.claimed]).toEqual([
        [
          [0, 'cdc_acm'],
          [1, 'cdc_acm'],
        ],
        0,
      ]);
    });

    it('U2.2: come back by the guard when the agent is killed while it holds the device', async () => {
      const board = await bus.plug(new SerialBoard(), 'cdc_acm');
      const agent = new AgentProcess('libusb', bus.environment);
      try {
        await agent.request('acl.add', { vendor_id: '1209', product_id: '0001' });
        await agent.attach(1).open(BOARD);
        expect([board.drivers.size, board.claimed]).toEqual([0, 2]);
        const bound = board.untilBound(2);
        agent.kill('SIGKILL');
        await bound;
        expect([[...board.drivers.keys()].sort(), board.claimed]).toEqual([[0, 1], 0]);
      } finally {
        await agent.stop();
      }
    });

    it('U2.2: are the agent’s to give back when it ends by itself, and the guard then has nothing to do', async () => {
      const board = await bus.plug(new SerialBoard(), 'cdc_acm');
      const agent = new AgentProcess('libusb', bus.environment);
      try {
        await agent.request('acl.add', { vendor_id: '1209', product_id: '0001' });
        await agent.attach(1).open(BOARD);
        agent.endInput();
        expect([await agent.ended, board.drivers.size]).toEqual([0, 2]);
        expect(agent.log).not.toContain('dead agent');
      } finally {
        await agent.stop();
      }
    });

    it('U2.4: a device that another process has claimed is busy, and keeps its drivers', async () => {
      const board = await bus.plug(new SerialBoard());
      backend = await RemoteBackend.start(bus.environment);
      const other = await RemoteBackend.start(bus.environment);
      const handle = await other.open(BOARD);
      await handle.take();
      const late = await backend.open(BOARD);
      const failure = await late.take().catch((error: unknown) => error);
      expect(isCoded(failure, 'usb.device-busy')).toBe(true);
      await late.close();
      await handle.close();
      expect(board.claimed).toBe(0);
      await other.close();
      await (await backend.open(BOARD)).close();
    });
  });

  describe('odd devices', () => {
    const configured = (bytes: readonly number[]) => Object.assign(new SerialBoard(), { configuration: Uint8Array.from(bytes) });
    const endpoint = [7, 5, 0x81, 2, 64, 0, 0];

    it.each([
      [
        'an endpoint descriptor of length 0',
        [9, 2, 25, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 1, 255, 0, 0, 0, 0, 5, 0x81, 2, 64, 0, 0],
        'usb.unsupported',
      ],
      ['fewer endpoints than it declares', [9, 2, 25, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 3, 255, 0, 0, 0, ...endpoint], 'it opens'],
      ['a total length beyond its end', [9, 2, 200, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 1, 255, 0, 0, 0, ...endpoint], 'it opens'],
      ['no interface', [9, 2, 9, 0, 1, 1, 0, 0x80, 50], 'it opens'],
    ])('lab §3: %s: it is listed, and opening it ends well or by code', async (_name, bytes, expected) => {
      const bus = new FakeUsbfs();
      await bus.plug(configured(bytes));
      const backend = await RemoteBackend.start(bus.environment);
      try {
        expect(await backend.list()).toMatchObject([BOARD]);
        const outcome = await backend.open(BOARD).then(
          (handle) =>
            handle
              .take()
              .finally(() => handle.close())
              .then(
                () => 'it opens',
                (error: unknown) => (isCoded(error) ? error.code : String(error)),
              ),
          (error: unknown) => (isCoded(error) ? error.code : String(error)),
        );
        expect(outcome).toBe(expected);
        expect(await backend.list()).toHaveLength(1);
      } finally {
        await backend.close();
        await bus.close();
      }
    });
  });

  it('U2.2: a security key answers CTAPHID INIT over interrupt transfers', async () => {
    const bus = new FakeUsbfs();
    await bus.plug(new FidoKey(), 'usbhid');
    const backend = await RemoteBackend.start(bus.environment);
    try {
      const key = await backend.open({ vendorId: '1050', productId: '0407' });
      await key.take();
      expect((await backend.list())[0]?.risks).toEqual(['security-key', 'input-device']); // from sysfs, before it was opened
      expect(parseConfiguration(key.configuration).interfaces[0]?.interfaceClass).toBe(3);
      const init = new Uint8Array(64);
      init.set([0xff, 0xff, 0xff, 0xff, 0x86, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
      await key.interrupt({ endpoint: 0x01, direction: 'out', timeoutMs: 1000, length: 0, data: init }, NEVER);
      const answer = await key.interrupt({ endpoint: 0x81, direction: 'in', timeoutMs: 1000, length: 64, data: undefined }, NEVER);
      expect([...answer.subarray(0, 19)]).toEqual([0xff, 0xff, 0xff, 0xff, 0x86, 0, 17, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1]);
      await key.close();
    } finally {
      await backend.close();
      await bus.close();
    }
  });
});
