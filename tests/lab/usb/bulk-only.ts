import type { UsbClaimHandle } from '@usher/usb';

const CBW_SIGNATURE = 0x4342_5355;
const CSW_SIGNATURE = 0x5342_5355;
const WRAPPER_BYTES = 31;
const STATUS_BYTES = 13;
const SECTOR_BYTES = 512;
const SENSE_BYTES = 18;
const TIMEOUT_MS = 5000;
const Command = { RequestSense: 0x03, Read10: 0x28 } as const;
/** Sense key of a unit that has something to say first, such as that it was plugged in (SPC-4 §4.5.6). */
const UNIT_ATTENTION = 0x06;
/** A unit reports its news one at a time: it was plugged in, its medium came. */
const ATTEMPTS = 4;

/** The two bulk endpoints of a stick. */
export interface StickEndpoints {
  readonly in: number;
  readonly out: number;
}

/** READ(10) over bulk-only transport: command, data, status, each checked (USB Mass Storage BOT 1.0 §5). */
export async function readSectors(claim: UsbClaimHandle, endpoints: StickEndpoints, first: number, count: number): Promise<Uint8Array> {
  const block = new Uint8Array(10);
  const view = new DataView(block.buffer);
  block[0] = Command.Read10;
  view.setUint32(2, first);
  view.setUint16(7, count);
  for (let attempt = 1; ; attempt += 1) {
    const { isGood, data } = await ask(claim, endpoints, block, count * SECTOR_BYTES);
    if (isGood) return data;
    // Whether the kernel has heard the unit's news before us is a matter of who is quicker.
    const key = await senseKey(claim, endpoints);
    if (key !== UNIT_ATTENTION || attempt === ATTEMPTS) throw new Error(`the stick reports that reading failed, sense key ${key}`);
  }
}

async function senseKey(claim: UsbClaimHandle, endpoints: StickEndpoints): Promise<number> {
  const { isGood, data } = await ask(claim, endpoints, Uint8Array.of(Command.RequestSense, 0, 0, 0, SENSE_BYTES, 0), SENSE_BYTES);
  if (!isGood) throw new Error('the stick doesn’t say why a command failed');
  return (data[2] ?? 0) & 0x0f;
}

async function ask(claim: UsbClaimHandle, endpoints: StickEndpoints, block: Uint8Array, length: number) {
  const tag = 0x1234_0000 + (block[5] ?? 0);
  const wrapper = new Uint8Array(WRAPPER_BYTES);
  const view = new DataView(wrapper.buffer);
  view.setUint32(0, CBW_SIGNATURE, true);
  view.setUint32(4, tag, true);
  view.setUint32(8, length, true);
  wrapper.set([0x80, 0, block.length], 12);
  wrapper.set(block, 15);
  await claim.bulk({ endpoint: endpoints.out, data: wrapper, timeoutMs: TIMEOUT_MS });
  const data = await claim.bulk({ endpoint: endpoints.in, length, timeoutMs: TIMEOUT_MS });
  const status = new DataView((await claim.bulk({ endpoint: endpoints.in, length: STATUS_BYTES, timeoutMs: TIMEOUT_MS })).slice().buffer);
  const isOurs = status.getUint32(0, true) === CSW_SIGNATURE && status.getUint32(4, true) === tag;
  if (!isOurs) throw new Error('the stick’s status belongs to another command');
  return { isGood: status.getUint8(12) === 0, data };
}
