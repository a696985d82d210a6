import { describe, expect, it } from 'vitest';
import { isCoded } from '../src/errors.ts';
import { asJson, readVectors } from './vectors.ts';

/** What the vectors hold a message to. Erased to `unknown`, because one file has many messages. */
export interface AnyCodec {
  readonly encode: (value: never) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}

/** Runs `vectors/<name>.json` both ways against the codecs of its messages, and checks that no codec was forgotten. */
export function describeVectors(name: string, codecs: Readonly<Record<string, AnyCodec>>): void {
  const file = readVectors(name);
  const codecOf = (message: string): AnyCodec => {
    const codec = codecs[message];
    if (codec === undefined) throw new TypeError(`no codec for ${message}`);
    return codec;
  };

  describe(`vectors/${name}.json`, () => {
    it.each(file.exact)('$rule: $message: $name', ({ message, bytes, value }) => {
      const codec = codecOf(message);
      const decoded = codec.decode(bytes);
      expect(asJson(decoded)).toEqual(value);
      expect(asJson(codec.encode(decoded as never))).toEqual(asJson(bytes)); // its own decoder made it
    });

    it.each(file.accepted)('$rule: $message: $name', ({ message, bytes, value }) => {
      expect(asJson(codecOf(message).decode(bytes))).toEqual(value);
    });

    it.each(file.refused)('$rule: $message: $name → $code', ({ message, bytes, code }) => {
      expect(codeOf(() => codecOf(message).decode(bytes))).toBe(code);
    });

    it.each(Object.keys(codecs))('has a vector for %s, and one that it refuses', (message) => {
      expect(file.exact.map((vector) => vector.message)).toContain(message);
      expect(file.refused.map((vector) => vector.message)).toContain(message);
    });
  });
}

/** The code that reading fails with. */
export function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (isCoded(error)) return error.code;
    throw error;
  }
  return 'nothing was refused';
}
