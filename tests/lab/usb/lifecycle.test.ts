import { isCoded } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from './coded.ts';
import type { GuestAgent } from './guest-agent.ts';
import { UsbLab } from './usb-lab.ts';

const BOARD = { vendorId: '1209', productId: '0001' };
const COMPOSITE = { vendorId: '1209', productId: '0010' };
/** The bound; the quickest of some tries counts, because an emulated machine on a busy one stands still at times. */
const TOLD_WITHIN_MS = 300;
const TRIES = 8;

describe('devices that come and go on a real kernel', () => {
  let lab: UsbLab;
  let agent: GuestAgent;
  beforeAll(async () => {
    lab = await UsbLab.start();
    await lab.letUserAt('1209:0001', '1209:0010');
    agent = await lab.agent();
    await agent.lend('1209:0001', '1209:0010');
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('U2.3: plugging and pulling are told of, with the device’s name', async () => {
    const device = await lab.plug({ kind: 'board', serial: 'HOTPLUG-1' });
    const isBoard = (kind: string) => (message: { readonly event: unknown }) =>
      JSON.stringify(message.event).includes('HOTPLUG-1') && JSON.stringify(message.event).includes(kind);
    await agent.waitFor('event', isBoard('added'));
    const { client } = agent.attach();
    expect((await client.list()).map((one) => one.serial)).toContain('HOTPLUG-1');
    await device.die();
    await agent.waitFor('event', isBoard('removed'));
    expect((await client.list()).map((one) => one.serial)).not.toContain('HOTPLUG-1');
    await lab.untilGone('1209', '0001');
  });

  it(`U1.4: pulled in the middle of a transfer, it fails by code, and the claim is closed, within ${TOLD_WITHIN_MS} ms`, async () => {
    const device = await lab.plug({ kind: 'board' });
    const took: number[] = [];
    for (let attempt = 0; attempt < TRIES && !took.some((ms) => ms < TOLD_WITHIN_MS); attempt += 1) {
      if (attempt > 0) await device.plugIn();
      await lab.untilSeen('1209', '0001');
      const claim = await agent.attach().client.open(BOARD);
      const pending = claim.bulk({ endpoint: 0x81, length: 64, timeoutMs: 60_000 }).catch((error: unknown) => error);
      await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 }); // the read before it is under way by now
      const begun = performance.now();
      await device.pull();
      expect(isCoded(await pending, 'usb.device-gone')).toBe(true);
      expect(isCoded(await claim.closed, 'usb.device-gone')).toBe(true);
      took.push(performance.now() - begun);
      await lab.untilGone('1209', '0001');
    }
    expect(Math.min(...took)).toBeLessThan(TOLD_WITHIN_MS);
    await device.die();
  });

  it('U2.2: a kernel driver is back after the agent was killed while it held the device', async () => {
    const device = await lab.plug({ kind: 'composite' });
    await lab.untilSeen('1209', '0010');
    const doomed = await lab.agent({ home: '/home/visitor/.doomed' });
    await doomed.lend('1209:0010');
    const claim = await doomed.attach().client.open(COMPOSITE);
    const pending = codeOf(claim.interrupt({ endpoint: 0x81, length: 8, timeoutMs: 30_000 }));
    expect(await lab.drivers('1209', '0010')).toEqual(['usbfs', 'usbfs']);
    await doomed.process.kill();
    await lab.machine.until('test "$(basename $(readlink /sys/bus/usb/devices/*-*:1.0/driver | grep usbhid))" = usbhid');
    expect(await lab.drivers('1209', '0010')).toEqual(['usbhid', 'none']);
    void pending; // its agent is gone, and with it whoever would answer
    await device.die();
    await lab.untilGone('1209', '0010');
  });

  it('U2.2: the agent gives everything back when its host ends', async () => {
    const device = await lab.plug({ kind: 'board' });
    await lab.untilSeen('1209', '0001');
    const leaving = await lab.agent({ home: '/home/visitor/.leaving' });
    await leaving.lend('1209:0001');
    await leaving.attach().client.open(BOARD);
    expect(await lab.drivers('1209', '0001')).toEqual(['usbfs', 'usbfs']);
    expect(await leaving.end()).toBe(0);
    expect(await lab.drivers('1209', '0001')).toEqual(['cdc_acm', 'cdc_acm']);
    await device.die();
    await lab.untilGone('1209', '0001');
  });
});
