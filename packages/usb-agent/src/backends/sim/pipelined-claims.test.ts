import { isCoded } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { simLoopback, withClaim } from '../../../testing/sim-bench.ts';
import { SerialBoard } from './serial-board.ts';
import { StorageStick } from './storage-stick.ts';

const BOARD = { vendorId: '1209', productId: '0001' };
const MIB = 1024 * 1024;

/** Reads with sixteen under way, until `total` bytes have come; a serial line gives each read what there is. */
async function readMany(read: (length: number) => Promise<Uint8Array>, total: number): Promise<Uint8Array> {
  const received = new Uint8Array(total);
  const reads = Array.from({ length: 16 }, () => read(4096));
  let filled = 0;
  while (filled < total) {
    const next = reads.shift();
    if (next === undefined) throw new Error('nothing is being read');
    const data = await next;
    received.set(data, filled);
    filled += data.length;
    if (filled + reads.length * 4096 < total) reads.push(read(4096));
    else if (reads.length === 0 && filled < total) reads.push(read(total - filled));
  }
  return received;
}

describe('v2 with simulated devices', () => {
  it('U15, U16: a board echoes 1 MiB unchanged, written at once and read with sixteen under way', () =>
    withClaim(new SerialBoard(), BOARD, async (claim) => {
      const sent = Uint8Array.from({ length: MIB }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
      const writing = claim.bulk({ endpoint: 0x02, data: sent, timeoutMs: 60_000 });
      const received = await readMany((length) => claim.bulk({ endpoint: 0x81, length, timeoutMs: 60_000 }), MIB);
      await writing;
      expect(Buffer.compare(received, sent)).toBe(0);
    }));

  it('U18: a data endpoint that nobody fills stops neither notifications nor control', () =>
    withClaim(new SerialBoard(), BOARD, async (claim) => {
      const stop = new AbortController();
      const stuck = Array.from({ length: 16 }, () =>
        claim.bulk({ endpoint: 0x81, length: 64, timeoutMs: 60_000, signal: stop.signal }).catch((error: unknown) => error),
      );
      const notified = claim.interrupt({ endpoint: 0x83, length: 16, timeoutMs: 60_000 });
      await claim.control({ requestType: 0x21, request: 0x22, value: 1 });
      expect(await notified).toHaveLength(10);
      const reason = new Error('enough');
      stop.abort(reason);
      expect(new Set(await Promise.all(stuck))).toEqual(new Set([reason]));
    }));

  it('U15: a stall is one transfer’s', () =>
    withClaim(new SerialBoard(), BOARD, async (claim) => {
      const results = await Promise.allSettled([
        claim.control({ requestType: 0xc0, request: 0x77, length: 8 }),
        claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 }),
      ]);
      expect(results[0]).toMatchObject({ status: 'rejected', reason: { code: 'usb.stall' } });
      expect(results[1]).toMatchObject({ status: 'fulfilled' });
    }));

  it('U18, U2.3: a cable that is pulled ends everything under way, and then the claim', async () => {
    const board = new SerialBoard();
    const bench = simLoopback(board, new StorageStick());
    const claim = await bench.client.open(BOARD);
    const reads = Array.from({ length: 16 }, () =>
      claim.bulk({ endpoint: 0x81, length: 64, timeoutMs: 60_000 }).catch((error: unknown) => error),
    );
    await claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 });
    bench.backend.unplug(board);
    expect((await Promise.all(reads)).every((error) => isCoded(error, 'usb.device-gone'))).toBe(true);
    expect((await claim.closed)?.code).toBe('usb.device-gone');
    await bench.close();
  });
});
