import { isCoded } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentProcess } from '../../testing/agent-process.ts';
import type { FakeUsbfsDevice } from '../../testing/usbfs/fake-device.ts';
import { FakeUsbfs } from '../../testing/usbfs/fake-usbfs.ts';
import { SerialBoard } from '../backends/sim/serial-board.ts';

/**
 * The longest that one viewer's transfer may take because of another's device. It is a matter of microseconds; the bound is what two slow cores that
 * also run other tests need. A device that holds the agent's event loop holds it for as long as it is frozen, which here is until the test thaws it.
 */
const OTHERS_WAIT_MS = 1500;
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
    bus.close();
  });

  it('issue 3: a device that hangs in the kernel holds nobody else up, and ends in its time', async () => {
    const hanging = await agent.attach(1).open({ ...BOARD, serial: 'STUCK' });
    const working = await agent.attach(2).open({ ...BOARD, serial: 'OTHER' });
    await working.control(DESCRIPTOR);
    stuck.freeze();

    const over = new AbortController();
    const began = performance.now();
    const hung = codeOf(hanging.bulk({ endpoint: 0x81, length: 64, timeoutMs: 300 })).finally(() => over.abort());
    let longest = 0;
    let served = 0;
    while (!over.signal.aborted) {
      const asked = performance.now();
      expect(await working.control(DESCRIPTOR)).toHaveLength(18);
      longest = Math.max(longest, performance.now() - asked);
      served += 1;
    }
    expect(await hung).toBe('usb.timeout');
    expect(performance.now() - began).toBeLessThan(300 + 1000 + OTHERS_WAIT_MS);
    expect(longest).toBeLessThan(OTHERS_WAIT_MS);
    expect(served).toBeGreaterThan(1);

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

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it worked';
  } catch (error) {
    return isCoded(error) ? error.code : String(error);
  }
}
