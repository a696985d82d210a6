import { randomBytes } from 'node:crypto';
import { isCoded } from '@usher/protocol';
import type { UsbClaimHandle } from '@usher/usb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSectors } from './bulk-only.ts';
import type { GuestAgent, Protocol } from './guest-agent.ts';
import { plugFtdi, plugKeyboard, plugStick, pressKey, pull } from './qemu-devices.ts';
import { UsbLab } from './usb-lab.ts';

const FTDI = { vendorId: '0403', productId: '6001' };
const STICK = { vendorId: '46f4', productId: '0001' };
const KEYBOARD = { vendorId: '0627', productId: '0001' };
const DEVICES = ['0403:6001', '46f4:0001', '0627:0001'];
/** QEMU gives the adapter's two status bytes at the start of each packet, as FTDI's chips do. */
const FTDI_PACKET = 64;
const FTDI_STATUS = 2;
const SECTOR = 512;
const PIECE = 4096;
const ON_THE_LINE = 32 * 1024;
const READS_AT_ONCE = 8;

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

describe.each<Protocol>(['v2', 'base'])('devices of QEMU behind xHCI, %s protocol', (protocol) => {
  async function open(query: typeof FTDI): Promise<UsbClaimHandle> {
    await lab.untilSeen(query.vendorId, query.productId);
    await agent.untilListed(`${query.vendorId}:${query.productId}`);
    return agent.attach(protocol).client.open(query);
  }

  it('U2.2: an FTDI adapter echoes what it is sent unchanged (v2: 1 MiB), and has its tty again afterwards', {
    timeout: 400_000,
  }, async () => {
    const line = await plugFtdi(lab.machine);
    line.pipe(line);
    const claim = await open(FTDI);
    // One request at a time, each with its way through an emulated machine, is too slow for as much.
    const sent = randomBytes(protocol === 'v2' ? 1024 * 1024 : 32 * 1024);
    expect((await echoed(claim, sent)).equals(sent)).toBe(true);
    await claim.close();
    expect(await lab.drivers(FTDI.vendorId, FTDI.productId)).toEqual(['ftdi_sio']);
    await lab.machine.until('test -e /dev/ttyUSB0');
    await pull(lab.machine, 'ftdi');
    await lab.untilGone(FTDI.vendorId, FTDI.productId);
    line.destroy();
    await lab.machine.qmp('chardev-remove', { id: 'line' });
  });

  it('U2.2: a stick’s known sectors are read by bulk-only transport, and the kernel has it again afterwards', async () => {
    const content = randomBytes(256 * SECTOR);
    await plugStick(lab.machine, content);
    const claim = await open(STICK);
    expect(await lab.drivers(STICK.vendorId, STICK.productId)).toEqual(['usbfs']);
    const endpoints = { in: 0x81, out: 0x02 };
    for (const [first, count] of [
      [0, 1],
      [17, 100],
      [255, 1],
    ] as const) {
      const read = await readSectors(claim, endpoints, first, count);
      expect(content.subarray(first * SECTOR, (first + count) * SECTOR).equals(read)).toBe(true);
    }
    await claim.close();
    expect(await lab.drivers(STICK.vendorId, STICK.productId)).toEqual(['usb-storage']);
    await pull(lab.machine, 'stick');
    await lab.untilGone(STICK.vendorId, STICK.productId);
    await lab.machine.qmp('blockdev-del', { 'node-name': 'sectors' });
  });

  it('U2.2: a keyboard’s interrupt reports arrive, and the kernel has it again afterwards', async () => {
    await plugKeyboard(lab.machine);
    const claim = await open(KEYBOARD);
    expect(await lab.drivers(KEYBOARD.vendorId, KEYBOARD.productId)).toEqual(['usbfs']);
    const pressed = claim.interrupt({ endpoint: 0x81, length: 8, timeoutMs: 10_000 });
    await pressKey(lab.machine, 'a');
    expect(await pressed).toEqual(Uint8Array.of(0, 0, 4, 0, 0, 0, 0, 0));
    expect(await claim.interrupt({ endpoint: 0x81, length: 8, timeoutMs: 10_000 })).toEqual(new Uint8Array(8));
    await claim.close();
    expect(await lab.drivers(KEYBOARD.vendorId, KEYBOARD.productId)).toEqual(['usbhid']);
    await pull(lab.machine, 'keyboard');
    await lab.untilGone(KEYBOARD.vendorId, KEYBOARD.productId);
  });

  it('U1.4: a device pulled from xHCI in the middle of a transfer ends it and the claim', async () => {
    await plugKeyboard(lab.machine);
    const claim = await open(KEYBOARD);
    const pending = claim.interrupt({ endpoint: 0x81, length: 8, timeoutMs: 60_000 }).catch((error: unknown) => error);
    await pull(lab.machine, 'keyboard');
    expect(isCoded(await pending, 'usb.device-gone')).toBe(true);
    expect(isCoded(await claim.closed, 'usb.device-gone')).toBe(true);
    await lab.untilGone(KEYBOARD.vendorId, KEYBOARD.productId);
  });
});

/**
 * Writes bytes to the line and reads as many. What is on its way stays below what the sockets of the line hold: QEMU waits for room in them
 * with its whole machine.
 */
async function echoed(claim: UsbClaimHandle, bytes: Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const reads: Promise<Uint8Array>[] = [];
  let [written, read] = [0, 0];
  while (read < bytes.length) {
    while (written < bytes.length && written - read < ON_THE_LINE) {
      await claim.bulk({ endpoint: 0x02, data: bytes.subarray(written, written + PIECE), timeoutMs: 30_000 });
      written += PIECE;
    }
    while (reads.length < READS_AT_ONCE) reads.push(claim.bulk({ endpoint: 0x81, length: 4096, timeoutMs: 30_000 }));
    for (const packet of packetsOf((await reads.shift()) ?? new Uint8Array())) {
      parts.push(packet);
      read += packet.length;
    }
  }
  for (const rest of reads) rest.catch(() => undefined); // they find nothing more, and end with the claim
  return Buffer.concat(parts);
}

/** What the line said; the chip's two bytes of status lead each packet. */
function packetsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / FTDI_PACKET);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * FTDI_PACKET + FTDI_STATUS, (index + 1) * FTDI_PACKET));
}
