/**
 * Largest RTP packet, header included. With SRTP's tag (16), UDP (8) and IPv6 (40) it stays under 1280 bytes, which every IPv6 path
 * carries and which libdatachannel assumes.
 */
export const MAX_RTP_PACKET = 1200;

const FIXED_HEADER = 12;
const EXTENSION_HEADER = 4;
const MARKER = 0x80;

/** One packet's payload: a few bytes of payload header, and a view of the unit that is being sent. */
export interface Payload {
  readonly header: readonly number[];
  readonly body: Uint8Array;
}

export interface RtpPacket {
  readonly sequence: number;
  /** Belongs to the stream: the send time in it is written anew each time the packet leaves. */
  readonly bytes: Buffer;
}

export interface RtpStreamOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Extension ids as the offer numbered them, 1…14; undefined where the viewer doesn't know the extension. */
  readonly playoutDelayId: number | undefined;
  readonly absSendTimeId: number | undefined;
  /** RFC 3550 §5.1 wants it random. */
  readonly firstSequence: number;
}

/**
 * Writes the packets of one SSRC (RFC 3550 §5.1), with the one-byte header extensions of RFC 8285:
 * `80|X ‖ marker,payload type ‖ sequence u16 ‖ timestamp u32 ‖ ssrc u32 ‖ be de ‖ words u16 ‖ extensions ‖ payload`.
 */
export class RtpStream {
  readonly ssrc: number;
  readonly #payloadType: number;
  readonly #extensions: Uint8Array;
  /** Where the send time's three bytes are, or 0 where the viewer doesn't want one. */
  readonly #sendTimeAt: number;
  #sequence: number;
  #packets = 0;
  #octets = 0;

  constructor(options: RtpStreamOptions) {
    this.ssrc = options.ssrc;
    this.#payloadType = options.payloadType;
    this.#sequence = options.firstSequence & 0xffff;
    const layout = layExtensions(options);
    this.#extensions = layout.bytes;
    this.#sendTimeAt = layout.sendTimeAt;
  }

  /** Bytes of payload that fit one packet, payload header included. */
  get maxPayload(): number {
    return MAX_RTP_PACKET - FIXED_HEADER - this.#extensions.length;
  }

  /** Packets and payload bytes built so far, as a sender report counts them (RFC 3550 §6.4.1). */
  get counts(): { readonly packets: number; readonly octets: number } {
    return { packets: this.#packets, octets: this.#octets };
  }

  /** One unit's packets, in one allocation. The marker is on the last one. */
  build(payloads: readonly Payload[], timestamp: number, marker = true): readonly RtpPacket[] {
    const overhead = FIXED_HEADER + this.#extensions.length;
    const total = payloads.reduce((sum, payload) => sum + overhead + payload.header.length + payload.body.length, 0);
    const memory = Buffer.allocUnsafeSlow(total);
    let at = 0;
    return payloads.map((payload, index) => {
      const end = at + overhead + payload.header.length + payload.body.length;
      const bytes = memory.subarray(at, end);
      at = end;
      return this.#write(bytes, payload, timestamp, marker && index === payloads.length - 1);
    });
  }

  /** Writes abs-send-time: seconds in 6.18 fixed point, wrapping every 64 s. */
  stampSendTime(packet: RtpPacket, nowUs: number): void {
    if (this.#sendTimeAt === 0) return;
    const time = Math.floor(((nowUs % 64e6) * 2 ** 18) / 1e6) & 0xff_ffff;
    packet.bytes.writeUIntBE(time, this.#sendTimeAt, 3);
  }

  #write(bytes: Buffer, payload: Payload, timestamp: number, marker: boolean): RtpPacket {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#octets += payload.header.length + payload.body.length;
    bytes[0] = this.#extensions.length > 0 ? 0x90 : 0x80;
    bytes[1] = this.#payloadType | (marker ? MARKER : 0);
    bytes.writeUInt16BE(sequence, 2);
    bytes.writeUInt32BE(timestamp >>> 0, 4);
    bytes.writeUInt32BE(this.ssrc, 8);
    bytes.set(this.#extensions, FIXED_HEADER);
    const payloadAt = FIXED_HEADER + this.#extensions.length;
    bytes.set(payload.header, payloadAt);
    bytes.set(payload.body, payloadAt + payload.header.length);
    return { sequence, bytes };
  }
}

/**
 * playout-delay: `id,2 ‖ 24 bits of minimum and maximum`, both zero: show a picture as soon as it is there. It halves the latency of
 * moving pictures in Chromium (facts: media §1.6). abs-send-time: `id,2 ‖ 24 bits`, which Chromium's bandwidth estimate needs.
 */
function layExtensions({ playoutDelayId, absSendTimeId }: RtpStreamOptions): { readonly bytes: Uint8Array; readonly sendTimeAt: number } {
  const elements: number[] = [];
  if (playoutDelayId !== undefined) elements.push((playoutDelayId << 4) | 2, 0, 0, 0);
  let sendTimeAt = 0;
  if (absSendTimeId !== undefined) {
    sendTimeAt = FIXED_HEADER + EXTENSION_HEADER + elements.length + 1;
    elements.push((absSendTimeId << 4) | 2, 0, 0, 0);
  }
  if (elements.length === 0) return { bytes: new Uint8Array(0), sendTimeAt };
  // Each element is exactly one 32-bit word, so no padding is needed.
  return { bytes: Uint8Array.from([0xbe, 0xde, 0, elements.length / 4, ...elements]), sendTimeAt };
}
