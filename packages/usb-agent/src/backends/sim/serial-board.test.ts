import type { UsbClaimHandle } from '@usher/usb';
import { describe, expect, it } from 'vitest';
import { withClaim } from '../../../testing/sim-bench.ts';
import { SerialBoard } from './serial-board.ts';

const IDS = { vendorId: '1209', productId: '0001' };

function withBoard(use: (claim: UsbClaimHandle) => Promise<void>): Promise<void> {
  return withClaim(new SerialBoard(), IDS, use);
}

describe('U2.6: the simulated serial board', () => {
  it('echoes 64 KiB unchanged, in writes and reads of unlike sizes', () =>
    withBoard(async (claim) => {
      const sent = Uint8Array.from({ length: 64 * 1024 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
      const received: number[] = [];
      for (let at = 0; at < sent.length; at += 12_000) {
        const part = sent.subarray(at, at + 12_000);
        await claim.bulk({ endpoint: 0x02, data: part });
        while (received.length < at + part.length) received.push(...(await claim.bulk({ endpoint: 0x81, length: 5000 })));
      }
      expect(Uint8Array.from(received)).toEqual(sent);
    }));

  it('takes no more than its buffer holds until somebody reads', () =>
    withBoard(async (claim) => {
      for (let write = 0; write < 5; write += 1) await claim.bulk({ endpoint: 0x02, data: new Uint8Array(11_264) });
      await expect(claim.bulk({ endpoint: 0x02, data: new Uint8Array(11_264), timeoutMs: 30 })).rejects.toMatchObject({
        code: 'usb.timeout',
      });
      await claim.bulk({ endpoint: 0x81, length: 64 * 1024 });
      await claim.bulk({ endpoint: 0x02, data: new Uint8Array(11_264) });
    }));

  it('keeps its line coding until it is reset', async () => {
    const board = new SerialBoard();
    const lineCoding = (claim: UsbClaimHandle) => claim.control({ requestType: 0xa1, request: 0x21, length: 7 });
    const fast = Uint8Array.of(0x00, 0xc2, 0x01, 0x00, 0, 0, 8); // 115,200 baud
    await withClaim(board, IDS, async (claim) => {
      expect(await lineCoding(claim)).toEqual(Uint8Array.of(0x80, 0x25, 0, 0, 0, 0, 8));
      await claim.control({ requestType: 0x21, request: 0x20, data: fast });
      expect(await lineCoding(claim)).toEqual(fast);
      await expect(claim.control({ requestType: 0x21, request: 0x20, data: fast.subarray(1) })).rejects.toMatchObject({
        code: 'usb.stall',
      });
    });
    await withClaim(board, IDS, async (claim) => expect(await lineCoding(claim)).toEqual(Uint8Array.of(0x80, 0x25, 0, 0, 0, 0, 8)));
  });

  it.each([
    ['DTR up', 0x22, 0x0001, 0x03],
    ['DTR down', 0x22, 0x0000, 0x00],
    ['a break', 0x23, 0xffff, 0x04],
  ])('notifies %s as a serial state', (_name, request, value, state) =>
    withBoard(async (claim) => {
      await claim.control({ requestType: 0x21, request, value });
      expect(await claim.interrupt({ endpoint: 0x83, length: 16 })).toEqual(Uint8Array.of(0xa1, 0x20, 0, 0, 0, 0, 2, 0, state, 0));
    }),
  );

  it('forgets notifications that nobody reads, rather than hoarding them', () =>
    withBoard(async (claim) => {
      for (let round = 0; round < 100; round += 1) await claim.control({ requestType: 0x21, request: 0x22, value: 1 });
      let read = 0;
      const next = () => claim.interrupt({ endpoint: 0x83, length: 16, timeoutMs: 20 }).catch(() => undefined);
      while ((await next()) !== undefined) read += 1;
      expect(read).toBe(25);
    }));
});
