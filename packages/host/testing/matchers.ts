import { Reader } from '@usher/protocol';
import { expect } from 'vitest';

/** Vitest types its matchers as `any`, which would switch the checks off wherever one stands. */
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const anyText: unknown = expect.any(String);

/** The `code` of a problem+json body; undefined for any other JSON. */
export function codeOf(body: string): unknown {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined;
}

/** A list in a JSON object, item for item. */
export function listOf(text: string | undefined, name: string): readonly unknown[] {
  return Reader.json(text ?? '', 'list').list(name, 10_000, (item) => Object.fromEntries(item.names().map((key) => [key, item.raw(key)])));
}
