import { tryUtf8, utf8 } from '@usher/protocol';
import type { UsbClaimHandle } from '@usher/usb';
import { describe, expect, it } from 'vitest';
import { withClaim } from '../../../testing/sim-bench.ts';
import { Printer } from './printer.ts';

async function withPrinter(use: (claim: UsbClaimHandle, printer: Printer) => Promise<void>): Promise<void> {
  const printer = new Printer();
  await withClaim(printer, { vendorId: '1209', productId: '0002' }, (claim) => use(claim, printer));
}

describe('U2.6: the simulated printer', () => {
  it('says who it is in an IEEE 1284 device id that counts itself', () =>
    withPrinter(async (claim) => {
      const id = await claim.control({ requestType: 0xa1, request: 0, length: 1023 });
      expect((id[0] ?? 0) * 256 + (id[1] ?? 0)).toBe(id.length);
      expect(tryUtf8(id.subarray(2))).toMatch(/^MFG:Usher;MDL:Simulated printer;CMD:PCL,PS;CLS:PRINTER;/);
    }));

  it('is ready, has paper, and reports nothing by itself', () =>
    withPrinter(async (claim) => {
      expect(await claim.control({ requestType: 0xa1, request: 1, length: 1 })).toEqual(Uint8Array.of(0x18));
      await expect(claim.bulk({ endpoint: 0x82, length: 64, timeoutMs: 20 })).rejects.toMatchObject({ code: 'usb.timeout' });
    }));

  it.each([0x21, 0x23])('keeps the job until a soft reset asked for with 0x%s', (requestType) =>
    withPrinter(async (claim, printer) => {
      const job = utf8('%!PS\nshowpage\n'.repeat(2000));
      await claim.bulk({ endpoint: 0x01, data: job });
      expect(printer.job).toEqual(job);
      await claim.control({ requestType, request: 2 });
      expect(printer.job).toHaveLength(0);
    }),
  );

  it('keeps no more of an endless job than its last mebibyte', () => {
    const printer = new Printer();
    for (let page = 0; page < 20; page += 1) printer.write(0x01, new Uint8Array(100_000).fill(page));
    expect(printer.job).toHaveLength(1024 * 1024);
    expect(printer.job.at(-1)).toBe(19);
  });
});
