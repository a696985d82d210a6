import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StormAgent, storms } from '../../../packages/usb-agent/testing/storm.ts';
import type { GuestAgent } from './guest-agent.ts';
import { UsbLab } from './usb-lab.ts';

const DEVICE = '1209:0001';
/** Each has its own storm: one waits for the kernel while another works. */
const BOARDS = 4;
/** Opens, closes, pulled cables, lost connections and resumes, all together. */
const EVENTS = Number(process.env['USHER_LAB_STORM_EVENTS'] ?? 1000);

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

  it('issue 3: opens, closes, pulled cables, lost connections and resumes leave no claim, no handle and no detached driver', {
    timeout: 400_000,
  }, async () => {
    const serials = Array.from({ length: BOARDS }, (_, index) => `STORM-${index}`);
    const boards = await Promise.all(serials.map((serial) => lab.plug({ kind: 'board', serial })));
    await lab.untilSeen('1209', '0001', BOARDS);
    const cables = boards.map((board, at) => ({ serial: `STORM-${at}`, pull: () => board.pull(), plugIn: () => board.plugIn() }));
    expect(await storms(cables, stormAgent(agent), EVENTS).catch(explained)).toBeGreaterThanOrEqual(EVENTS);

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
});

function stormAgent(agent: GuestAgent): StormAgent {
  return {
    attach: (device) => agent.attach('v2', device),
    serials: async () => (await agent.request('devices')).list('devices', 1000, (one) => one.optionalString('serial')),
  };
}
