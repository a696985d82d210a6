import { concat, toHex } from '@usher/protocol';
import type { UsbClaimHandle } from '@usher/usb';
import { describe, expect, it } from 'vitest';
import { withClaim } from '../../../testing/sim-bench.ts';
import { FidoKey } from './fido-key.ts';

const IDS = { vendorId: '1050', productId: '0407' };
const BROADCAST = 0xffff_ffff;
const Command = { Ping: 1, Init: 6, Wink: 8, Cbor: 0x10, Cancel: 0x11, Error: 0x3f } as const;
const NONCE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** The host's side of CTAPHID, as far as these tests need it. */
class Authenticator {
  readonly #claim: UsbClaimHandle;

  constructor(claim: UsbClaimHandle) {
    this.#claim = claim;
  }

  async report(channel: number, kind: number, data: Uint8Array): Promise<void> {
    const report = new Uint8Array(64);
    new DataView(report.buffer).setUint32(0, channel);
    report[4] = kind;
    report.set(data.subarray(0, 59), 5);
    await this.#claim.interrupt({ endpoint: 0x01, data: report });
  }

  async send(channel: number, command: number, data: Uint8Array): Promise<void> {
    await this.report(channel, command | 0x80, concat([Uint8Array.of(data.length >> 8, data.length & 0xff), data.subarray(0, 57)]));
    for (let at = 57, sequence = 0; at < data.length; at += 59, sequence += 1) await this.report(channel, sequence, data.subarray(at));
  }

  async receive(): Promise<{ readonly channel: number; readonly command: number; readonly data: Uint8Array }> {
    const first = await this.#read();
    const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
    const length = view.getUint16(5);
    const parts = [first.subarray(7)];
    for (let have = 57; have < length; have += 59) parts.push((await this.#read()).subarray(5));
    return { channel: view.getUint32(0), command: view.getUint8(4) & 0x7f, data: concat(parts).subarray(0, length) };
  }

  async ask(channel: number, command: number, data: Uint8Array): Promise<Uint8Array> {
    await this.send(channel, command, data);
    const answer = await this.receive();
    expect([answer.channel, answer.command]).toEqual([channel, command]);
    return answer.data;
  }

  /** A channel of its own. */
  async init(): Promise<number> {
    const answer = await this.ask(BROADCAST, Command.Init, NONCE);
    return new DataView(answer.buffer, answer.byteOffset).getUint32(8);
  }

  async expectError(channel: number, error: number): Promise<void> {
    expect(await this.receive()).toEqual({ channel, command: Command.Error, data: Uint8Array.of(error) });
  }

  #read(): Promise<Uint8Array> {
    return this.#claim.interrupt({ endpoint: 0x81, length: 64 });
  }
}

function withKey(use: (key: Authenticator, claim: UsbClaimHandle) => Promise<void>): Promise<void> {
  return withClaim(new FidoKey(), IDS, (claim) => use(new Authenticator(claim), claim));
}

describe('U2.6: the simulated security key', () => {
  it('answers CTAPHID INIT with the nonce, a channel, and what it can do', () =>
    withKey(async (key) => {
      const answer = await key.ask(BROADCAST, Command.Init, NONCE);
      expect(toHex(answer)).toBe('0102030405060708' + '00000001' + '02' + '050403' + '0d');
      expect(await key.init()).toBe(2);
    }));

  it('echoes a PING of every length, over as many reports as it takes', () =>
    withKey(async (key) => {
      const channel = await key.init();
      for (const length of [0, 1, 57, 58, 116, 117, 1024, 7609]) {
        const data = Uint8Array.from({ length }, (_, index) => index & 0xff);
        expect(await key.ask(channel, Command.Ping, data)).toEqual(data);
      }
    }));

  it('says in getInfo which protocol it speaks, and that it is a simulation', () =>
    withKey(async (key) => {
      const answer = await key.ask(await key.init(), Command.Cbor, Uint8Array.of(4));
      // {1: ["FIDO_2_0"], 3: h'…', 4: {"rk": false, "up": true}, 5: 1200}
      expect(toHex(answer)).toBe(
        '00a4' +
          '0181684649444f5f325f30' +
          '0350' +
          toHex(new TextEncoder().encode('usher-simulation')) +
          '04a262726bf4627570f5' +
          '051904b0',
      );
    }));

  it('winks, refuses CTAP commands that it does not have, and says nothing to CANCEL', () =>
    withKey(async (key) => {
      const channel = await key.init();
      expect(await key.ask(channel, Command.Wink, new Uint8Array())).toEqual(new Uint8Array());
      expect(await key.ask(channel, Command.Cbor, Uint8Array.of(1, 0xa0))).toEqual(Uint8Array.of(1));
      await key.send(channel, Command.Cancel, new Uint8Array());
      expect(await key.ask(channel, Command.Ping, Uint8Array.of(7))).toEqual(Uint8Array.of(7));
    }));

  it('says what is wrong with a message', () =>
    withKey(async (key) => {
      await key.send(77, Command.Ping, new Uint8Array());
      await key.expectError(77, 0x0b);
      await key.send(77, Command.Init, NONCE);
      await key.expectError(77, 0x0b);
      await key.send(BROADCAST, Command.Init, Uint8Array.of(1));
      await key.expectError(BROADCAST, 0x03);
      const channel = await key.init();
      await key.send(channel, 0x03, new Uint8Array());
      await key.expectError(channel, 0x01);
      await key.send(channel, Command.Cbor, new Uint8Array());
      await key.expectError(channel, 0x03);
      await key.report(channel, Command.Ping | 0x80, Uint8Array.of(0xff, 0xff));
      await key.expectError(channel, 0x03);
    }));

  it('keeps channels apart: another one is busy while a message comes in, and a broken one is dropped', () =>
    withKey(async (key) => {
      const [one, other] = [await key.init(), await key.init()];
      await key.report(one, Command.Ping | 0x80, Uint8Array.of(0, 100));
      await key.report(other, Command.Ping | 0x80, Uint8Array.of(0, 1));
      await key.expectError(other, 0x06);
      await key.report(other, 0, new Uint8Array());
      await key.report(one, 5, new Uint8Array());
      await key.expectError(one, 0x04);
      await key.report(one, Command.Ping | 0x80, Uint8Array.of(0, 100));
      await key.report(one, Command.Ping | 0x80, Uint8Array.of(0, 100));
      await key.expectError(one, 0x04);
      await key.report(one, Command.Ping | 0x80, Uint8Array.of(0, 100));
      expect((await key.ask(one, Command.Init, NONCE)).subarray(8, 12)).toEqual(Uint8Array.of(0, 0, 0, one));
      expect(await key.ask(other, Command.Ping, Uint8Array.of(9))).toEqual(Uint8Array.of(9));
    }));

  it('is a HID device: report descriptor, SET_IDLE; it drops reports of a wrong size', () =>
    withKey(async (key, claim) => {
      const descriptor = await claim.control({ requestType: 0x81, request: 6, value: 0x2200, length: 255 });
      expect(toHex(descriptor.subarray(0, 3))).toBe('06d0f1');
      await claim.control({ requestType: 0x21, request: 0x0a });
      await claim.interrupt({ endpoint: 0x01, data: new Uint8Array(63) });
      expect(await key.init()).toBe(1);
    }));
});
