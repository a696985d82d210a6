import { CodedError } from './errors.ts';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Strict UTF-8 → text, or undefined where the bytes are not UTF-8. */
export function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined; // the decoder's only failure is ill-formed input
  }
}

/** The longest prefix of `text` that fits `limit` bytes of UTF-8 without cutting a character. */
export function truncateUtf8(text: string, limit: number): Uint8Array<ArrayBuffer> {
  const bytes = utf8(text);
  if (bytes.length <= limit) return bytes;
  // A character begins at every byte that isn't 10xxxxxx; the last one that begins within the limit is the first to go.
  return bytes.slice(
    0,
    bytes.findLastIndex((byte, at) => at <= limit && (byte & 0xc0) !== 0x80),
  );
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new CodedError('message.malformed', 'not an even number of hex digits');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // String.fromCharCode takes its input as arguments; 8 KiB a call stays far below every engine's argument limit.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** Standard base64 with padding; anything else is a coded error. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new CodedError('message.malformed', 'not base64');
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Reads a message front to back; running off its end is `frame.truncated`, leftovers are `message.malformed`. */
export class ByteReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** A byte that is 0 or 1. */
  boolean(): boolean {
    const value = this.u8();
    if (value > 1) throw new CodedError('message.malformed', `${this.#what}: a yes or no is 1 or 0, not ${value}`);
    return value === 1;
  }

  u16(littleEndian = false): number {
    return this.#view.getUint16(this.#take(2), littleEndian);
  }

  u32(littleEndian = false): number {
    return this.#view.getUint32(this.#take(4), littleEndian);
  }

  i32(littleEndian = false): number {
    return this.#view.getInt32(this.#take(4), littleEndian);
  }

  u64(littleEndian = false): bigint {
    return this.#view.getBigUint64(this.#take(8), littleEndian);
  }

  /** A view of the next `length` bytes, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    const text = tryUtf8(this.bytes(length));
    if (text === undefined) throw new CodedError('message.malformed', `${this.#what}: text is not UTF-8`);
    return text;
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** Call last: a message that is longer than its fields is refused. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new CodedError('message.malformed', `${this.#what}: ${left} bytes too many`);
  }

  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) {
      throw new CodedError('frame.truncated', `${this.#what}: ${length} bytes wanted at ${start}, the message has ${this.#bytes.length}`);
    }
    this.#at += length;
    return start;
  }
}

/** Bytes that are longer than this are kept where they are until the message is whole: copying them costs more than remembering them. */
const COPIED_AT_ONCE = 256;

/**
 * Builds a message of a size that isn't known beforehand. A value that its field can't hold is a bug of ours: `RangeError`. What is handed to
 * {@link ByteWriter.bytes} must stay as it is until {@link ByteWriter.done}, which copies it once.
 */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** What comes before `#bytes`, in order. */
  readonly #parts: Uint8Array[] = [];

  u8(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, inRange(value, 0xff));
    return this;
  }

  u16(value: number, littleEndian = false): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, inRange(value, 0xffff), littleEndian);
    return this;
  }

  u32(value: number, littleEndian = false): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, inRange(value, 0xffff_ffff), littleEndian);
    return this;
  }

  i32(value: number, littleEndian = false): this {
    if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0x7fff_ffff) throw new RangeError(`${value} is no i32`);
    const at = this.#grow(4);
    this.#view.setInt32(at, value, littleEndian);
    return this;
  }

  u64(value: bigint, littleEndian = false): this {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${value} is no u64`);
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, littleEndian);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    if (bytes.length > COPIED_AT_ONCE) {
      this.#parts.push(this.#bytes.slice(0, this.#length), bytes);
      this.#length = 0;
      return this;
    }
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  done(): Uint8Array<ArrayBuffer> {
    const last = this.#bytes.subarray(0, this.#length);
    if (this.#parts.length === 0) return last.slice();
    return concat([...this.#parts, last]);
  }

  /** Makes room and says where it starts. May replace the buffer, so it is called before #bytes or #view is looked at. */
  #grow(by: number): number {
    const start = this.#length;
    this.#length += by;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}

function inRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${value} is outside 0…${max}`);
  return value;
}
