import { readFileSync } from 'node:fs';
import { concat, fromHex, utf8 } from '../src/bytes.ts';
import { type ErrorCode, isErrorCode } from '../src/errors.ts';
import { Reader } from '../src/read.ts';

/** Golden bytes, worked out by hand from the layout tables of docs/protocol.md: for us, the document and other languages. */
export interface Vector {
  readonly name: string;
  /** The rule of docs/protocol.md that it shows. */
  readonly rule: string;
  readonly message: string;
  readonly bytes: Uint8Array;
}

export interface VectorFile {
  /** The bytes mean the value, and the value is written as these bytes. */
  readonly exact: readonly (Vector & { readonly value: unknown })[];
  /** The bytes mean the value, but this version writes it otherwise: an older peer's, or another spelling. */
  readonly accepted: readonly (Vector & { readonly value: unknown })[];
  /** The bytes are refused with the code. */
  readonly refused: readonly (Vector & { readonly code: ErrorCode })[];
}

/** Reads `vectors/<name>.json`; a file that isn't as described in `vectors/README.md` throws. */
export function readVectors(name: string): VectorFile {
  const file = Reader.json(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url)), name);
  return {
    exact: file.list('exact', 100, (item) => ({ ...readVector(item), value: item.raw('value') })),
    accepted: file.list('accepted', 100, (item) => ({ ...readVector(item), value: item.raw('value') })),
    refused: file.list('refused', 100, (item) => ({ ...readVector(item), code: readCode(item) })),
  };
}

/** A decoded value as the JSON of a vector spells it: bytes as hex, 64-bit numbers as decimal text, nothing for undefined. */
export function asJson(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, asJson(member)]));
}

function readVector(item: Reader): Vector {
  return {
    name: item.string('name'),
    rule: item.string('rule'),
    message: item.string('message'),
    bytes: concat(item.strings('bytes', 64).map(piece)),
  };
}

/** `50 4b 46 31 ; what it is`, `00 * 16 ; sixteen of them`, or `'text' ; as UTF-8`. */
function piece(line: string): Uint8Array {
  const [, text, hex, times] = /^(?:'([^']*)'|([0-9a-f ]+?))(?: \* ([0-9]+))?(?: ; .*)?$/.exec(line) ?? [];
  const bytes = text === undefined ? fromHex((hex ?? 'missing').replaceAll(' ', '')) : utf8(text);
  return concat(Array.from({ length: Number(times ?? 1) }, () => bytes));
}

function readCode(item: Reader): ErrorCode {
  const code = item.string('code');
  if (!isErrorCode(code)) throw new TypeError(`${code} is no row of the error table`);
  return code;
}
