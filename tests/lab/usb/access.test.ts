import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from './coded.ts';
import { UsbLab } from './usb-lab.ts';

const BOARD = { vendorId: '1209', productId: '0001' };

describe('what the kernel refuses, an operator is told how to mend', () => {
  let lab: UsbLab;
  beforeAll(async () => {
    lab = await UsbLab.start();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('U2.4: without a udev rule the error names the rule; with it, the same open works, and the device isn’t anybody’s who isn’t asked', async () => {
    const device = await lab.plug({ kind: 'board' });
    await lab.untilSeen('1209', '0001');
    await using agent = await lab.agent();
    await agent.lend('1209:0001');
    const { client } = agent.attach();
    const refusal = await messageOf(client.open(BOARD));
    expect(refusal).toMatch(/^usb\.no-permission: .*udev rule/);
    expect(refusal).toContain('ATTR{idVendor}=="1209", ATTR{idProduct}=="0001"');
    expect(await lab.drivers('1209', '0001')).toEqual(['cdc_acm', 'cdc_acm']);

    await lab.letUserAt('1209:0001');
    const claim = await client.open(BOARD);
    expect(await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 })).toHaveLength(18);
    await claim.close();
    await device.die();
    await lab.untilGone('1209', '0001');
  });

  it('U2.4: a device that another program holds is busy, says so, and is left as it was', async () => {
    await lab.letUserAt('1209:0001');
    const device = await lab.plug({ kind: 'board' });
    await lab.untilSeen('1209', '0001');
    await using other = await lab.agent({ home: '/home/visitor/.other' });
    await other.lend('1209:0001');
    const held = await other.attach().client.open(BOARD);
    await using agent = await lab.agent();
    await agent.lend('1209:0001');
    expect(await messageOf(agent.attach().client.open(BOARD))).toMatch(/^usb\.device-busy: .*in use by another program/);
    await held.bulk({ endpoint: 0x02, data: Uint8Array.of(1, 2, 3) });
    expect(await held.bulk({ endpoint: 0x81, length: 3 })).toEqual(Uint8Array.of(1, 2, 3));
    await held.close();
    const claim = await agent.attach().client.open(BOARD);
    await claim.close();
    expect(await lab.drivers('1209', '0001')).toEqual(['cdc_acm', 'cdc_acm']);
    await device.die();
  });
});
