import { concat } from '@usher/protocol';
import { encodeCbor } from './cbor.ts';

const REPORT_BYTES = 64;
const FIRST_DATA = REPORT_BYTES - 7;
const NEXT_DATA = REPORT_BYTES - 5;
/** What 1 first and 128 following reports carry (CTAP 2.1 §11.2.4). */
const MAX_MESSAGE = FIRST_DATA + 128 * NEXT_DATA;
const BROADCAST = 0xffff_ffff;

const Command = { Ping: 0x01, Init: 0x06, Wink: 0x08, Cbor: 0x10, Cancel: 0x11, Error: 0x3f } as const;
const HidError = { InvalidCommand: 0x01, InvalidLength: 0x03, InvalidSequence: 0x04, ChannelBusy: 0x06, InvalidChannel: 0x0b } as const;
type HidError = (typeof HidError)[keyof typeof HidError];
const Ctap = { GetInfo: 0x04, Success: 0x00, InvalidCommand: 0x01 } as const;
/** WINK, CBOR, and no CTAP1 messages. */
const CAPABILITIES = 0x01 | 0x04 | 0x08;
const INIT_NONCE_BYTES = 8;

/** Tells that this is Usher's simulation, and no model of any vendor. */
const AAGUID = new TextEncoder().encode('usher-simulation');

interface Assembly {
  readonly channel: number;
  readonly command: number;
  readonly length: number;
  readonly data: Uint8Array;
  readonly nextSequence: number;
}

/**
 * The device's side of CTAPHID (CTAP 2.1 §11.2): channels, messages over 64-byte reports, and of the authenticator what an
 * honest key without a person in front of it can do: say who it is.
 */
export class CtapHid {
  readonly #send: (report: Uint8Array) => void;
  #lastChannel = 0;
  #assembly: Assembly | undefined;

  constructor(send: (report: Uint8Array) => void) {
    this.#send = send;
  }

  /** Takes one OUT report of 64 bytes. */
  report(report: Uint8Array): void {
    const view = new DataView(report.buffer, report.byteOffset, report.byteLength);
    const channel = view.getUint32(0);
    const kind = view.getUint8(4);
    const problem =
      (kind & 0x80) === 0
        ? this.#continue(channel, kind, report.subarray(5))
        : this.#begin(channel, kind & 0x7f, view.getUint16(5), report.subarray(7));
    if (problem !== undefined) this.#reply(channel, Command.Error, new Uint8Array([problem]));
  }

  #begin(channel: number, command: number, length: number, data: Uint8Array): HidError | undefined {
    if (command === Command.Init) return this.#init(channel, length, data);
    if (!this.#isAllocated(channel)) return HidError.InvalidChannel;
    if (this.#assembly !== undefined && this.#assembly.channel !== channel) return HidError.ChannelBusy;
    if (this.#assembly !== undefined) {
      this.#assembly = undefined;
      return HidError.InvalidSequence;
    }
    if (length > MAX_MESSAGE) return HidError.InvalidLength;
    return this.#collect({ channel, command, length, data: data.slice(0, length), nextSequence: 0 });
  }

  #continue(channel: number, sequence: number, data: Uint8Array): HidError | undefined {
    const assembly = this.#assembly;
    if (assembly === undefined || assembly.channel !== channel) return undefined; // spurious: ignored (§11.2.4)
    if (sequence !== assembly.nextSequence) {
      this.#assembly = undefined;
      return HidError.InvalidSequence;
    }
    const wanted = data.subarray(0, assembly.length - assembly.data.length);
    return this.#collect({ ...assembly, data: concat([assembly.data, wanted]), nextSequence: sequence + 1 });
  }

  #collect(assembly: Assembly): HidError | undefined {
    const complete = assembly.data.length >= assembly.length;
    this.#assembly = complete ? undefined : assembly;
    return complete ? this.#execute(assembly.channel, assembly.command, assembly.data) : undefined;
  }

  /** On the broadcast channel it hands out a new one; on an own channel it ends whatever was half sent (§11.2.9.1.3). */
  #init(channel: number, length: number, data: Uint8Array): HidError | undefined {
    if (length !== INIT_NONCE_BYTES) return HidError.InvalidLength;
    if (channel !== BROADCAST && !this.#isAllocated(channel)) return HidError.InvalidChannel;
    if (channel === BROADCAST) this.#lastChannel += 1;
    else if (this.#assembly?.channel === channel) this.#assembly = undefined;

    const answer = new Uint8Array(17);
    answer.set(data.subarray(0, INIT_NONCE_BYTES));
    new DataView(answer.buffer).setUint32(8, channel === BROADCAST ? this.#lastChannel : channel);
    answer.set([2, 5, 4, 3, CAPABILITIES], 12); // CTAPHID version 2, device version 5.4.3
    this.#reply(channel, Command.Init, answer);
    return undefined;
  }

  #execute(channel: number, command: number, data: Uint8Array): HidError | undefined {
    switch (command) {
      case Command.Ping:
        this.#reply(channel, Command.Ping, data);
        return undefined;
      case Command.Wink:
        this.#reply(channel, Command.Wink, new Uint8Array());
        return undefined;
      case Command.Cbor:
        if (data.length === 0) return HidError.InvalidLength;
        this.#reply(channel, Command.Cbor, ctapAnswer(data[0] ?? 0));
        return undefined;
      case Command.Cancel:
        return undefined; // nothing is ever under way, and CANCEL has no answer of its own
      default:
        return HidError.InvalidCommand;
    }
  }

  #reply(channel: number, command: number, data: Uint8Array): void {
    const first = new Uint8Array(REPORT_BYTES);
    const view = new DataView(first.buffer);
    view.setUint32(0, channel);
    view.setUint8(4, command | 0x80);
    view.setUint16(5, data.length);
    first.set(data.subarray(0, FIRST_DATA), 7);
    this.#send(first);
    for (let at = FIRST_DATA, sequence = 0; at < data.length; at += NEXT_DATA, sequence += 1) {
      const next = new Uint8Array(REPORT_BYTES);
      new DataView(next.buffer).setUint32(0, channel);
      next[4] = sequence;
      next.set(data.subarray(at, at + NEXT_DATA), 5);
      this.#send(next);
    }
  }

  #isAllocated(channel: number): boolean {
    return channel > 0 && channel <= this.#lastChannel;
  }
}

function ctapAnswer(command: number): Uint8Array {
  return command === Ctap.GetInfo ? concat([new Uint8Array([Ctap.Success]), info()]) : new Uint8Array([Ctap.InvalidCommand]);
}

/** authenticatorGetInfo (CTAP 2.1 §6.4): versions, AAGUID, options, largest message. */
function info(): Uint8Array {
  return encodeCbor(
    new Map<number, Parameters<typeof encodeCbor>[0]>([
      [1, ['FIDO_2_0']],
      [3, AAGUID],
      [
        4,
        new Map([
          ['rk', false],
          ['up', true],
        ]),
      ],
      [5, 1200],
    ]),
  );
}
