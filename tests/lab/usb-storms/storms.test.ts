import { isCoded, type UsbDeviceQuery } from '@usher/protocol';
import type { UsbClaimHandle } from '@usher/usb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../usb/coded.ts';
import type { GuestAgent, Viewer } from '../usb/guest-agent.ts';
import type { PluggedDevice } from '../usb/plugged-device.ts';
import { UsbLab } from '../usb/usb-lab.ts';

const DEVICE = '1209:0001';
/** Each has its own storm: one waits for the kernel while another works. */
const BOARDS = 4;
/** Opens, closes, pulled cables, lost connections and resumes, all together. */
const EVENTS = 1000;
const LOST_CONNECTIONS_MAX = 5;
/** On a machine that stands still now and then, an OPEN may take longer than its time; what it leaves behind counts all the more. */
const OPENS_MAX = 3;
/** Where the agent says that a claim or its device is gone, which is what was done to it. */
const ENDED: ReadonlySet<string> = new Set(['usb.device-gone', 'usb.closed']);

/** A small generator of numbers: the same storm each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

describe('storms', () => {
  let lab: UsbLab;
  let agent: GuestAgent;
  beforeAll(async () => {
    lab = await UsbLab.start();
    await lab.letUserAt(DEVICE);
    agent = await lab.agent();
    await agent.lend(DEVICE);
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('U1.8: after 1,000 opens, closes, pulled cables, lost connections and resumes there is no claim, no handle and no detached driver', {
    timeout: 400_000,
  }, async () => {
    const boards = await Promise.all(Array.from({ length: BOARDS }, (_, index) => lab.plug({ kind: 'board', serial: `STORM-${index}` })));
    await lab.untilSeen('1209', '0001', BOARDS);
    const storms = boards.map((board, index) => storm(board, `STORM-${index}`, numbers(index + 1)));
    const counts = await Promise.all(storms).catch(explained);
    expect(counts.reduce((total, count) => total + count, 0)).toBeGreaterThanOrEqual(EVENTS);

    await lab.untilSeen('1209', '0001', BOARDS);
    expect((await agent.request('stats')).list('claims', 100, () => undefined)).toEqual([]);
    const drivers = await lab.drivers('1209', '0001');
    expect(drivers).toEqual(Array.from({ length: 2 * BOARDS }, () => 'cdc_acm'));
    expect(await lab.machine.sh('ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c /dev/bus/usb || true')).toBe('0\n');
    await Promise.all(boards.map((board) => board.die()));
  });

  /** A storm that fails says what the agent said and what the kernel and every process were at. */
  async function explained(error: unknown): Promise<never> {
    const { isRunning, complaints } = agent.process;
    const state = isRunning ? 'runs' : 'has ended';
    throw new Error(`${String(error)}\nthe agent ${state}; it said:\n${complaints.slice(-4000)}\n${await lab.machine.diagnosis()}`);
  }

  /** One board's part of the storm; gives the number of its events. */
  async function storm(board: PluggedDevice, serial: string, next: () => number): Promise<number> {
    const query = { vendorId: '1209', productId: '0001', serial };
    const read = { endpoint: 0x81, length: 64, timeoutMs: 60_000 };
    let viewer = agent.attach();
    let events = 0;
    while (events < EVENTS / BOARDS) {
      let claim = await opened(viewer, query);
      const lost = Math.floor(next() * (LOST_CONNECTIONS_MAX + 1));
      for (let time = 0; time < lost; time += 1) {
        const { device } = viewer;
        viewer.detach();
        viewer = agent.attach('v2', device);
        claim = await viewer.client.resume(claim.resumeToken);
        await claim.bulk({ endpoint: 0x02, data: Uint8Array.of(time), timeoutMs: 10_000 });
        expect(await claim.bulk(read)).toEqual(Uint8Array.of(time));
      }
      const pending = next() < 0.5 ? codeOf(claim.bulk(read)) : undefined;
      const isPulled = next() < 0.2;
      if (isPulled) {
        await board.pull();
        await claim.closed;
      } else await claim.close();
      if (pending !== undefined) expect(ENDED.has(await pending)).toBe(true);
      if (isPulled) {
        await board.plugIn();
        await untilListed(serial);
      }
      events += 2 + 2 * lost;
    }
    viewer.detach();
    return events;
  }

  async function opened(viewer: Viewer, query: UsbDeviceQuery): Promise<UsbClaimHandle> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await viewer.client.open(query);
      } catch (error) {
        if (attempt === OPENS_MAX || !isCoded(error, 'usb.timeout')) throw error;
      }
    }
  }

  async function untilListed(serial: string): Promise<void> {
    const isListed = async () =>
      (await agent.request('devices')).list('devices', 1000, (one) => one.optionalString('serial')).includes(serial);
    const deadline = performance.now() + 60_000;
    while (!(await isListed())) if (performance.now() > deadline) throw new Error(`${serial} did not come back`);
  }
});
