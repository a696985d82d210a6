import { fromHex, toHex } from '@usher/protocol';
import type { UsbClaimHandle } from '@usher/usb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSectors } from './bulk-only.ts';
import type { GuestAgent, Protocol } from './guest-agent.ts';
import { UsbLab } from './usb-lab.ts';

const FIDO = { vendorId: '1050', productId: '0407' };
const BOARD = { vendorId: '1209', productId: '0001' };
const PRINTER = { vendorId: '1209', productId: '0002' };
const STICK = { vendorId: '1209', productId: '0003' };
const COMPOSITE = { vendorId: '1209', productId: '0010' };

const DEVICES = ['1050:0407', '1209:0001', '1209:0002', '1209:0003', '1209:0010'];
let lab: UsbLab;
let agent: GuestAgent;
beforeAll(async () => {
  lab = await UsbLab.start();
  await lab.letUserAt(...DEVICES);
  agent = await lab.agent();
  await agent.lend(...DEVICES);
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

describe.each<Protocol>(['base', 'v2'])('devices on a real kernel, lent by the packaged agent, %s protocol', (protocol) => {
  /** Lends a device that was just plugged in, and pulls it afterwards. */
  async function borrow(
    kind: 'fido-key' | 'board' | 'printer' | 'stick' | 'composite',
    query: typeof FIDO,
    use: (claim: UsbClaimHandle) => Promise<void>,
  ) {
    const device = await lab.plug({ kind });
    await lab.untilSeen(query.vendorId, query.productId);
    const viewer = agent.attach(protocol);
    const claim = await viewer.client.open(query);
    await use(claim);
    await claim.close();
    viewer.detach();
    await device.die();
    await lab.untilGone(query.vendorId, query.productId);
  }

  it('U2.2: a security key answers CTAPHID INIT', async () => {
    await borrow('fido-key', FIDO, async (claim) => {
      const init = new Uint8Array(64);
      init.set(fromHex('ffffffff860008' + '0102030405060708'));
      await claim.interrupt({ endpoint: 0x01, data: init });
      const answer = await claim.interrupt({ endpoint: 0x81, length: 64 });
      expect(toHex(answer.subarray(0, 19))).toBe('ffffffff860011' + '0102030405060708' + '00000001');
    });
  });

  it('U2.2: a CDC-ACM board echoes, and has its tty again afterwards', async () => {
    await borrow('board', BOARD, async (claim) => {
      expect(await lab.drivers('1209', '0001')).toEqual(['usbfs', 'usbfs']);
      await claim.bulk({ endpoint: 0x02, data: Uint8Array.of(1, 2, 3) });
      expect(await claim.bulk({ endpoint: 0x81, length: 64 })).toEqual(Uint8Array.of(1, 2, 3));
      await claim.close();
      expect(await lab.drivers('1209', '0001')).toEqual(['cdc_acm', 'cdc_acm']);
      await lab.machine.until('test -e /dev/ttyACM0');
    });
  });

  it('U2.2: a printer says who it is and takes a job', async () => {
    await borrow('printer', PRINTER, async (claim) => {
      const id = await claim.control({ requestType: 0xa1, request: 0, length: 255 });
      expect(Buffer.from(id.subarray(2)).toString()).toContain('CLS:PRINTER');
      await claim.bulk({ endpoint: 0x01, data: new Uint8Array(100_000).fill(0x41) });
    });
  });

  it('U2.2: a stick reads its sectors by bulk-only transport', async () => {
    await borrow('stick', STICK, async (claim) => {
      const data = await readSectors(claim, { in: 0x81, out: 0x02 }, 7, 2);
      expect(Buffer.from(data).toString()).toMatch(/^Usher simulated stick, sector 7\n\0+Usher simulated stick, sector 8\n\0+$/);
    });
  });

  it('lab §4.4: of a composite device with interfaces 0 and 3, both are lent, and the keyboard’s driver comes back', async () => {
    await borrow('composite', COMPOSITE, async (claim) => {
      expect(await lab.drivers('1209', '0010')).toEqual(['usbfs', 'usbfs']);
      await claim.bulk({ endpoint: 0x02, data: new Uint8Array(200).fill(7) });
      expect(await claim.bulk({ endpoint: 0x82, length: 200 })).toEqual(new Uint8Array(200).fill(7));
      await claim.close();
      expect(await lab.drivers('1209', '0010')).toEqual(['usbhid', 'none']);
    });
  });
});
