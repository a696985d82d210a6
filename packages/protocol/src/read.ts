import { tryUtf8 } from './bytes.ts';
import { CodedError } from './errors.ts';

/** Deepest nesting that is read from another process or a file; nothing of ours nests deeper than six. */
const MAX_DEPTH = 16;

/** Reads JSON from another process or a file field by field, and complains with the path (`offer.sdp: expected a string`). */
export class Reader {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;

  private constructor(value: Readonly<Record<string, unknown>>, path: string) {
    this.#value = value;
    this.#path = path;
  }

  /** Parses text (or UTF-8 bytes) that must be one JSON object. */
  static json(input: string | Uint8Array, path: string): Reader {
    const text = typeof input === 'string' ? input : tryUtf8(input);
    if (text === undefined) throw malformed(path, 'not UTF-8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw malformed(path, 'not JSON'); // the parser's own message would quote what was sent
    }
    assertDepth(value, path);
    return Reader.of(value, path);
  }

  /** Wraps a value that has been parsed already. */
  static of(value: unknown, path: string): Reader {
    if (!isRecord(value)) throw malformed(path, 'expected an object');
    return new Reader(value, path);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name) && this.#value[name] !== null;
  }

  /** Every name in the object, for readers that must keep what they don't know. */
  names(): readonly string[] {
    return Object.keys(this.#value);
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }

  string(name: string, maxLength = 4096): string {
    const value = this.raw(name);
    if (typeof value !== 'string') throw this.#wrong(name, 'expected a string');
    if (value.length > maxLength) throw this.#wrong(name, `longer than ${maxLength} characters`);
    return value;
  }

  optionalString(name: string, maxLength = 4096): string | undefined {
    return this.has(name) ? this.string(name, maxLength) : undefined;
  }

  boolean(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== 'boolean') throw this.#wrong(name, 'expected true or false');
    return value;
  }

  optionalBoolean(name: string): boolean | undefined {
    return this.has(name) ? this.boolean(name) : undefined;
  }

  /** A whole number from `min` to `max`. */
  integer(name: string, min: number, max: number): number {
    const value = this.raw(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw this.#wrong(name, `expected a whole number from ${min} to ${max}`);
    }
    return value;
  }

  optionalInteger(name: string, min: number, max: number): number | undefined {
    return this.has(name) ? this.integer(name, min, max) : undefined;
  }

  /** One of the words given. */
  word<const Words extends readonly string[]>(name: string, words: Words): Words[number] {
    const value = this.raw(name);
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.#wrong(name, `expected one of ${words.join(', ')}`);
    return found;
  }

  object(name: string): Reader {
    return Reader.of(this.raw(name), `${this.#path}.${name}`);
  }

  /** A list of objects, each read by `read`. */
  list<T>(name: string, maxItems: number, read: (item: Reader) => T): readonly T[] {
    return this.#array(name, maxItems).map((item, index) => read(Reader.of(item, `${this.#path}.${name}[${index}]`)));
  }

  /** A list of at most `maxItems` strings, each of at most `maxLength` characters. */
  strings(name: string, maxItems: number, maxLength = 4096): readonly string[] {
    return this.#array(name, maxItems).map((item) => {
      if (typeof item !== 'string') throw this.#wrong(name, 'expected strings');
      if (item.length > maxLength) throw this.#wrong(name, `an item is longer than ${maxLength} characters`);
      return item;
    });
  }

  #array(name: string, maxItems: number): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.#wrong(name, 'expected a list');
    if (value.length > maxItems) throw this.#wrong(name, `more than ${maxItems} items`);
    return value;
  }

  #wrong(name: string, problem: string): CodedError {
    return malformed(`${this.#path}.${name}`, problem);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(path: string, problem: string): CodedError {
  return new CodedError('message.malformed', `${path}: ${problem}`);
}

/** Walks level by level instead of recursing, so that a deep value costs no stack. */
function assertDepth(value: unknown, path: string): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw malformed(path, `nested deeper than ${MAX_DEPTH}`);
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
}
