import { codeOf } from '@usher/usb/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stopwatch } from '../../../../tests/harness/stopwatch.ts';
import { AgentProcess } from '../../testing/agent-process.ts';
import type { FakeUsbfsDevice } from '../../testing/usbfs/fake-device.ts';
import { FakeUsbfs } from '../../testing/usbfs/fake-usbfs.ts';
import { SerialBoard } from '../backends/sim/serial-board.ts';

/** Transfers of the other viewer while a device hangs. A device that held the agent's event loop would hold it until the test thaws it: none. */
const SERVED_MEANWHILE = 20;
/** The hanging transfer's own time. */
const HANGING_MS = 300;
/** What the agent grants it beyond its own time, and what two slow cores that also run other tests need. */
const ENDS_LATE_MS = 1000 + 1500;
const DESCRIPTOR = { requestType: 0x80, request: 6, value: 0x0100, length: 18 } as const;
const BOARD = { vendorId: '1209', productId: '0001' };

const missing = FakeUsbfs.missing();

describe.skipIf(missing !== undefined)('each open device in a process of its own', () => {
  let bus: FakeUsbfs;
  let agent: AgentProcess;
  let stuck: FakeUsbfsDevice;
  let other: FakeUsbfsDevice;

  beforeEach(async () => {
    bus = new FakeUsbfs();
    stuck = await bus.plug(numbered('STUCK'), 'cdc_acm');
    other = await bus.plug(numbered('OTHER'), 'cdc_acm');
    agent = new AgentProcess('libusb', bus.environment);
    await agent.request('acl.add', { vendor_id: '1209', product_id: '0001' });
  });
  afterEach(async () => {
    stuck.thaw();
    await agent.stop();
    await bus.close();
  });

  it('issue 3: a device that hangs in the kernel holds nobody else up, and ends in its time', async () => {
    const hanging = await agent.attach(1).open({ ...BOARD, serial: 'STUCK' });
    const working = await agent.attach(2).open({ ...BOARD, serial: 'OTHER' });
    await working.control(DESCRIPTOR);
    stuck.freeze();

    using stopwatch = new Stopwatch();
    const hung = codeOf(hanging.bulk({ endpoint: 0x81, length: 64, timeoutMs: HANGING_MS }));
    const order: string[] = [];
    void hung.then(() => order.push('the hanging one'));
    for (let served = 0; served < SERVED_MEANWHILE; served += 1) {
      expect(await working.control(DESCRIPTOR)).toHaveLength(18);
      order.push('another');
    }
    expect(order[0]).toBe('another'); // and not one after the other
    expect(await hung).toBe('usb.timeout');
    expect(stopwatch.elapsedMs).toBeLessThan(HANGING_MS + ENDS_LATE_MS);

    // It can't be closed either, and is closed all the same; the other goes on.
    await hanging.close();
    expect(await working.control(DESCRIPTOR)).toHaveLength(18);
    await working.close();
    expect(other.drivers.size).toBe(2);
  });

  it('U2.2, U2.3: a device’s process that dies is a device that is gone, and its drivers come back', async () => {
    const claim = await agent.attach(1).open({ ...BOARD, serial: 'OTHER' });
    expect([other.drivers.size, other.claimed]).toEqual([0, 2]);
    const bound = other.untilBound(2);
    for (const pid of agent.deviceProcesses) process.kill(pid, 'SIGKILL');
    expect((await claim.closed)?.code).toBe('usb.device-gone');
    await bound;
    expect(other.claimed).toBe(0);
    const again = await agent.attach(2).open({ ...BOARD, serial: 'OTHER' });
    expect(await again.control(DESCRIPTOR)).toHaveLength(18);
    await again.close();
  });

  it('design §1: none outlives the agent', async () => {
    await agent.attach(1).open({ ...BOARD, serial: 'OTHER' });
    const processes = agent.deviceProcesses;
    expect(processes.length).toBeGreaterThan(0);
    const bound = other.untilBound(2);
    agent.kill('SIGKILL');
    await bound;
    await expect.poll(() => processes.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });
});

function numbered(serial: string): SerialBoard {
  const board = new SerialBoard();
  return Object.assign(board, { identity: { ...board.identity, serial } });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
