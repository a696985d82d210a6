import { concat, tryUtf8, utf8 } from '@usher/protocol';
import type { UsbClaimHandle } from '@usher/usb';
import { describe, expect, it } from 'vitest';
import { withClaim } from '../../../testing/sim-bench.ts';
import { sectorText } from './ram-disk.ts';
import { StorageStick } from './storage-stick.ts';

const Command = {
  RequestSense: [0x03, 0, 0, 0, 18, 0],
  Inquiry: [0x12, 0, 0, 0, 36, 0],
  ReadCapacity: [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0],
} as const;

interface Answer {
  readonly data: Uint8Array;
  readonly status: number;
  readonly residue: number;
}

function readWrite(operation: 0x28 | 0x2a, first: number, count: number): readonly number[] {
  return [operation, 0, first >>> 24, (first >> 16) & 0xff, (first >> 8) & 0xff, first & 0xff, 0, count >> 8, count & 0xff, 0];
}

/** The host's side of bulk-only transport. */
class Disk {
  readonly claim: UsbClaimHandle;
  #tag = 0;

  constructor(claim: UsbClaimHandle) {
    this.claim = claim;
  }

  async read(command: readonly number[], length: number): Promise<Answer> {
    await this.#command(command, length, true);
    const data = length > 0 ? await this.claim.bulk({ endpoint: 0x81, length }) : new Uint8Array();
    return { data, ...(await this.#status()) };
  }

  async write(command: readonly number[], ...parts: Uint8Array[]): Promise<Answer> {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    await this.#command(command, length, false);
    for (const part of parts) await this.claim.bulk({ endpoint: 0x02, data: part });
    return { data: new Uint8Array(), ...(await this.#status()) };
  }

  async #command(command: readonly number[], length: number, toHost: boolean): Promise<void> {
    this.#tag += 1;
    const wrapper = new Uint8Array(31);
    const view = new DataView(wrapper.buffer);
    view.setUint32(0, 0x4342_5355, true);
    view.setUint32(4, this.#tag, true);
    view.setUint32(8, length, true);
    wrapper.set([toHost ? 0x80 : 0, 0, command.length, ...command], 12);
    await this.claim.bulk({ endpoint: 0x02, data: wrapper });
  }

  async #status(): Promise<{ readonly status: number; readonly residue: number }> {
    const status = await this.claim.bulk({ endpoint: 0x81, length: 13 });
    const view = new DataView(status.buffer, status.byteOffset, status.byteLength);
    expect([status.length, view.getUint32(0, true), view.getUint32(4, true)]).toEqual([13, 0x5342_5355, this.#tag]);
    return { residue: view.getUint32(8, true), status: view.getUint8(12) };
  }
}

function withStick(use: (disk: Disk) => Promise<void>): Promise<void> {
  return withClaim(new StorageStick(), { vendorId: '1209', productId: '0003' }, (claim) => use(new Disk(claim)));
}

describe('U2.6: the simulated stick', () => {
  it('says what it is, and how large', () =>
    withStick(async (disk) => {
      const { data, status, residue } = await disk.read(Command.Inquiry, 36);
      expect(tryUtf8(data.subarray(8))).toBe('Usher   Simulated stick 1.00');
      expect([data[0], data[1], status, residue]).toEqual([0, 0x80, 0, 0]);
      expect((await disk.read(Command.ReadCapacity, 8)).data).toEqual(Uint8Array.of(0, 0, 7, 255, 0, 0, 2, 0));
      expect(await disk.claim.control({ requestType: 0xa1, request: 0xfe, length: 1 })).toEqual(Uint8Array.of(0));
    }));

  it('has known sectors', () =>
    withStick(async (disk) => {
      for (const sector of [0, 1, 1000, 2047]) {
        const { data } = await disk.read(readWrite(0x28, sector, 1), 512);
        expect(data).toHaveLength(512);
        expect(data.subarray(0, sectorText(sector).length)).toEqual(utf8(sectorText(sector)));
      }
      const { data, status } = await disk.read(readWrite(0x28, 0, 2048), 1024 * 1024);
      expect([data.length, status]).toEqual([1024 * 1024, 0]);
    }));

  it('keeps what is written, also over a reset', () =>
    withStick(async (disk) => {
      const written = Uint8Array.from({ length: 1024 }, (_, index) => index & 0xff);
      expect(await disk.write(readWrite(0x2a, 10, 2), written.subarray(0, 512), written.subarray(512))).toMatchObject({
        status: 0,
        residue: 0,
      });
      await disk.claim.control({ requestType: 0x21, request: 0xff });
      expect((await disk.read(readWrite(0x28, 10, 2), 1024)).data).toEqual(written);
      expect((await disk.read(readWrite(0x28, 12, 1), 512)).data.subarray(0, 5)).toEqual(utf8('Usher'));
    }));

  it.each([
    ['reading beyond the end', readWrite(0x28, 2047, 2), 1024, 0x05, 0x21],
    ['a command that it does not know', [0xa0, 0, 0, 0, 0, 0], 8, 0x05, 0x20],
    ['product data that it does not have', [0x12, 1, 0x83, 0, 36, 0], 36, 0x05, 0x24],
  ])('fails %s, with nothing read, and says why', (_name, command, length, key, code) =>
    withStick(async (disk) => {
      expect(await disk.read(command, length)).toMatchObject({ data: new Uint8Array(), status: 1, residue: length });
      const { data } = await disk.read(Command.RequestSense, 18);
      expect([data[2], data[12]]).toEqual([key, code]);
      expect((await disk.read(Command.RequestSense, 18)).data[2]).toBe(0);
    }),
  );

  it.each([
    ['beyond the end', readWrite(0x2a, 2047, 2), 0x21],
    ['another number of bytes than sectors', readWrite(0x2a, 0, 1), 0x24],
  ])('writes nothing for %s', (_name, command, code) =>
    withStick(async (disk) => {
      expect(await disk.write(command, new Uint8Array(1024))).toMatchObject({ status: 1, residue: 1024 });
      expect((await disk.read(Command.RequestSense, 18)).data[12]).toBe(code);
      expect((await disk.read(readWrite(0x28, 0, 1), 512)).data.subarray(0, 5)).toEqual(utf8('Usher'));
    }),
  );

  it.each([
    ['TEST UNIT READY', [0x00, 0, 0, 0, 0, 0], 0],
    ['START STOP UNIT', [0x1b, 0, 0, 0, 0, 0], 0],
    ['PREVENT REMOVAL', [0x1e, 0, 0, 0, 1, 0], 0],
    ['VERIFY', [0x2f, 0, 0, 0, 0, 0, 0, 0, 1, 0], 0],
    ['SYNCHRONIZE CACHE', [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0],
    ['MODE SENSE', [0x1a, 0, 0x3f, 0, 192, 0], 4],
  ])('answers %s', (_name, command, length) =>
    withStick(async (disk) => {
      const answer = await disk.read(command, length);
      expect([answer.data.length, answer.status]).toEqual([length, 0]);
    }),
  );

  it('tells how much less came than was asked for', () =>
    withStick(async (disk) => {
      expect(await disk.read(Command.Inquiry, 255)).toMatchObject({ status: 0, residue: 255 - 36 });
      expect((await disk.read(Command.Inquiry, 8)).data).toHaveLength(8);
    }));

  it.each([
    ['is too short', new Uint8Array(30)],
    ['has no signature', new Uint8Array(31)],
    ['wants more than there is memory', concat([utf8('USBC'), Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 6), new Uint8Array(16)])],
  ])('stalls after a wrapper that %s, until it is reset', (_name, wrapper) =>
    withStick(async (disk) => {
      await expect(disk.claim.bulk({ endpoint: 0x02, data: wrapper })).rejects.toMatchObject({ code: 'usb.stall' });
      await expect(disk.claim.bulk({ endpoint: 0x81, length: 13 })).rejects.toMatchObject({ code: 'usb.stall' });
      await expect(disk.claim.bulk({ endpoint: 0x02, data: wrapper })).rejects.toMatchObject({ code: 'usb.stall' });
      await disk.claim.control({ requestType: 0x21, request: 0xff });
      expect((await disk.read(Command.Inquiry, 36)).status).toBe(0);
    }),
  );
});
