import { randomBytes } from 'node:crypto';
import { type Fingerprint, fingerprint, Reader } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { AgentProcess } from '../../../testing/agent-process.ts';
import { type StormAgent, type StormBoard, storms } from '../../../testing/storm.ts';
import type { FakeUsbfsDevice } from '../../../testing/usbfs/fake-device.ts';
import { FakeUsbfs } from '../../../testing/usbfs/fake-usbfs.ts';
import { SerialBoard } from '../sim/serial-board.ts';

/** Each has its own storm, all at once. */
const BOARDS = 4;
/** Opens, closes, pulled cables, lost connections and resumes, all together. */
const EVENTS = 1000;

const missing = FakeUsbfs.missing();

describe.skipIf(missing !== undefined)('storms over the real libusb', () => {
  it('issue 3: 1,000 opens, closes, pulled cables, lost connections and resumes leave no claim, no handle and no detached driver', {
    timeout: 240_000,
  }, async () => {
    const bus = new FakeUsbfs();
    const boards = Array.from({ length: BOARDS }, (_, index) => new BoardOnBus(bus, `STORM-${index}`));
    for (const board of boards) await board.plugIn();
    const agent = new AgentProcess('libusb', bus.environment);
    try {
      await agent.request('acl.add', { vendor_id: '1209', product_id: '0001' });
      expect(await storms(boards, stormAgent(agent), EVENTS)).toBeGreaterThanOrEqual(EVENTS);

      expect(Reader.of(await agent.request('stats'), 'stats').list('claims', 100, () => undefined)).toEqual([]);
      for (const { device } of boards) expect([device?.claimed, device?.openings, device?.drivers.size]).toEqual([0, 0, 2]);
      // One is kept ready, and those that were needed at once are kept for the next ones.
      await expect.poll(() => agent.deviceProcesses.length).toBeLessThanOrEqual(BOARDS + 1); // whoever isn't kept ends by itself
    } finally {
      await agent.stop();
      await bus.close();
    }
  });
});

class BoardOnBus implements StormBoard {
  readonly serial: string;
  readonly #bus: FakeUsbfs;
  #sim: SerialBoard | undefined;
  device: FakeUsbfsDevice | undefined;

  constructor(bus: FakeUsbfs, serial: string) {
    this.#bus = bus;
    this.serial = serial;
  }

  async plugIn(): Promise<void> {
    const sim = new SerialBoard();
    this.#sim = Object.assign(sim, { identity: { ...sim.identity, serial: this.serial } });
    this.device = await this.#bus.plug(this.#sim, 'cdc_acm');
  }

  async pull(): Promise<void> {
    if (this.#sim !== undefined) this.#bus.unplug(this.#sim);
  }
}

function stormAgent(agent: AgentProcess): StormAgent {
  return {
    attach: (device: Fingerprint = fingerprint(randomBytes(32).toString('hex'))) => {
      lastLink += 1;
      const link = lastLink;
      const client = agent.attach(link, device);
      const detach = () => {
        agent.send({ type: 'detach', link });
        client.shutdown();
      };
      return { client, device, detach };
    },
    serials: async () => Reader.of(await agent.request('devices'), 'devices').list('devices', 100, (one) => one.optionalString('serial')),
  };
}
let lastLink = 0;
