import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CodedError, ERRORS, type ErrorCode, errorCodeOfWire, isCoded, isErrorCode, toWire } from './errors.ts';

const CODES = Object.keys(ERRORS).filter(isErrorCode);

describe('the error table', () => {
  it('E1: a code is area.kebab-reason, and only a bug has none', () => {
    expect(CODES.filter((code) => !/^[a-z]+\.[a-z]+(-[a-z]+)*$/.test(code))).toEqual(['internal']);
  });

  it('E2: no two rows share a wire byte', () => {
    expect(new Set(CODES.map((code) => ERRORS[code].wire)).size).toBe(CODES.length);
  });

  it.each(CODES)('E2: the wire byte of %s is a byte and leads back to it', (code) => {
    const { wire } = ERRORS[code];
    expect(Number.isInteger(wire) && wire > 0 && wire <= 0xff).toBe(true);
    expect(errorCodeOfWire(wire)).toBe(code);
  });

  it.each(CODES)('E3: the HTTP status of %s is that of a failure', (code) => {
    expect(ERRORS[code].http).toBeGreaterThanOrEqual(400);
    expect(ERRORS[code].http).toBeLessThan(600);
  });

  it('E2: a byte from a newer peer reads as internal', () => {
    expect(errorCodeOfWire(0xfe)).toBe('internal');
  });
});

describe('docs/errors.md', () => {
  const documented = readSections(readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8'));

  it('E4: has a section for every code, in the order of the table, and none beside', () => {
    expect(documented.map((section) => section.code)).toEqual(CODES);
  });

  it.each(documented)('E4: says of $code what the table says', ({ code, facts, text }) => {
    const { wire, http, retry } = ERRORS[code as ErrorCode]; // the test above holds it to the table
    expect(facts).toBe(`Wire \`0x${wire.toString(16).padStart(2, '0')}\` · HTTP ${http} · retry: ${retry ? 'yes' : 'no'}`);
    expect(text.length).toBeGreaterThan(20);
  });
});

describe('what leaves the process', () => {
  it('E5: a coded error leaves as code and message, without its cause', () => {
    const error = new CodedError('store.write-failed', 'not saved', { cause: new Error('inside'), retrySeconds: 3 });
    expect(toWire(error)).toEqual({ code: 'store.write-failed', message: 'not saved', retrySeconds: 3 });
  });

  it.each([[new Error('a path, a token')], ['a text'], [undefined]])(
    'E5: anything else leaves as internal, without a word (%#)',
    (error) => {
      expect(toWire(error)).toEqual({ code: 'internal', message: 'internal error' });
    },
  );

  it('E5: an error is told by its code, whichever copy of the package made it', () => {
    expect(isCoded(Object.assign(new Error('elsewhere'), { code: 'usb.stall' }), 'usb.stall')).toBe(true);
    expect(isCoded(Object.assign(new Error('of the system'), { code: 'ENOENT' }))).toBe(false);
    expect(isCoded(new CodedError('usb.stall', ''), 'usb.timeout')).toBe(false);
  });
});

interface Section {
  readonly code: string;
  readonly facts: string;
  readonly text: string;
}

function readSections(page: string): readonly Section[] {
  return [...page.matchAll(/^## `(.+)`\n\n(.+)\n\n([^#]+)/gm)].map(([, code = '', facts = '', text = '']) => ({ code, facts, text }));
}
