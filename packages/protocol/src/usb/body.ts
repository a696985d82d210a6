import { fromBase64, utf8 } from '../bytes.ts';
import { CodedError } from '../errors.ts';
import { Reader } from '../read.ts';

/** What the bodies of the base protocol are made of. */
export type BodyValue = string | number | boolean | null | readonly BodyValue[] | { readonly [name: string]: BodyValue | undefined };

/** Who writes a body: a host leaves text as UTF-8, a viewer escapes everything that isn't ASCII (usb-wire §4). */
export type Writer = 'host' | 'viewer';

/** JSON as Python's `json.dumps` spells it, byte for byte (U1.9): `", "` and `": "` between items. Undefined members are left out. */
export function writeBody(value: BodyValue, writer: Writer): Uint8Array<ArrayBuffer> {
  return utf8(spell(value, writer));
}

/** Parses a body: strict UTF-8, one JSON object, bounded depth. The peer's text never shows in the error. */
export function readBody(payload: Uint8Array): Reader {
  return Reader.json(payload, 'body');
}

/** A string, or a number as the text that an AutoControl host makes of it. */
export function textOf(body: Reader, name: string, maxLength: number): string {
  const value = body.raw(name);
  if (value === undefined || value === null) throw missing(name);
  if (typeof value !== 'string' && typeof value !== 'number') throw malformed(name, 'expected a string');
  const text = String(value);
  if (text.length > maxLength) throw malformed(name, `longer than ${maxLength} characters`);
  return text;
}

export function optionalTextOf(body: Reader, name: string, maxLength: number): string | undefined {
  return body.has(name) ? textOf(body, name, maxLength) : undefined;
}

/**
 * A whole number, read as leniently as AutoControl's host reads it (usb-wire §4): `64.9` is 64, `"64"` is 64, `true` is 1,
 * `"0x81"` is refused — but always within `min` … `max`, so that nothing is allocated or waited for on a stranger's word.
 */
export function integerOf(body: Reader, name: string, min: number, max: number, fallback?: number): number {
  const value = body.raw(name);
  if (value === undefined && fallback !== undefined) return fallback;
  if (value === undefined) throw missing(name);
  const number = lenientInteger(value);
  if (number === undefined || number < min || number > max) throw malformed(name, `expected a whole number from ${min} to ${max}`);
  return number;
}

/** Base64 bytes; absent, null and `""` all mean none. Characters outside the standard alphabet are refused, where AutoControl skips them. */
export function bytesOf(body: Reader, name: string, maxLength: number): Uint8Array | undefined {
  if (!body.has(name)) return undefined;
  const text = textOf(body, name, Math.ceil(maxLength / 3) * 4);
  if (text === '') return undefined;
  const bytes = fromBase64(text);
  if (bytes.length > maxLength) throw malformed(name, `more than ${maxLength} bytes`);
  return bytes;
}

function lenientInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  // Fifteen digits always fit a double exactly.
  if (typeof value === 'string' && /^\s*[+-]?[0-9]{1,15}\s*$/.test(value)) return Number.parseInt(value, 10);
  return undefined;
}

/** The text of Python's KeyError, which AutoControl's host shows for a missing key. */
function missing(name: string): CodedError {
  return new CodedError('message.malformed', `'${name}'`);
}

function malformed(name: string, problem: string): CodedError {
  return new CodedError('message.malformed', `${name}: ${problem}`);
}

function spell(value: BodyValue, writer: Writer): string {
  if (typeof value === 'string') return spellText(value, writer);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map((item) => spell(item, writer)).join(', ')}]`;
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${spellText(name, writer)}: ${spell(member, writer)}`],
  );
  return `{${members.join(', ')}}`;
}

function spellText(text: string, writer: Writer): string {
  const json = JSON.stringify(text);
  if (writer === 'host') return json;
  // DEL and everything beyond ASCII, one escape per UTF-16 unit, lower-case digits: `ensure_ascii`.
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isList(value: BodyValue): value is readonly BodyValue[] {
  return Array.isArray(value);
}
