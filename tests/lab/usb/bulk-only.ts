import type { UsbClaimHandle } from '@usher/usb';

const CBW_SIGNATURE = 0x4342_5355;
const CSW_SIGNATURE = 0x5342_5355;
const WRAPPER_BYTES = 31;
const STATUS_BYTES = 13;
const SECTOR_BYTES = 512;

/** The two bulk endpoints of a stick. */
export interface StickEndpoints {
  readonly in: number;
  readonly out: number;
}

/** READ(10) over bulk-only transport: command, data, status, each checked (USB Mass Storage BOT 1.0 §5). */
export async function readSectors(claim: UsbClaimHandle, endpoints: StickEndpoints, first: number, count: number): Promise<Uint8Array> {
  const tag = 0x1234_0000 + first;
  const wrapper = new Uint8Array(WRAPPER_BYTES);
  const view = new DataView(wrapper.buffer);
  view.setUint32(0, CBW_SIGNATURE, true);
  view.setUint32(4, tag, true);
  view.setUint32(8, count * SECTOR_BYTES, true);
  wrapper.set([0x80, 0, 10, 0x28], 12);
  view.setUint32(17, first);
  view.setUint16(22, count);
  await claim.bulk({ endpoint: endpoints.out, data: wrapper, timeoutMs: 5000 });
  const data = await claim.bulk({ endpoint: endpoints.in, length: count * SECTOR_BYTES, timeoutMs: 5000 });
  const status = new DataView((await claim.bulk({ endpoint: endpoints.in, length: STATUS_BYTES, timeoutMs: 5000 })).slice().buffer);
  const isGood = status.getUint32(0, true) === CSW_SIGNATURE && status.getUint32(4, true) === tag && status.getUint8(12) === 0;
  if (!isGood) throw new Error('the stick reports that the command failed');
  return data;
}
