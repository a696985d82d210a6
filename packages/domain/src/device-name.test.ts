import { fingerprint, utf8 } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDeviceName, DEVICE_NAME_MAX } from './device-name.ts';

const device = fingerprint('0123abcd'.padEnd(64, '0'));

describe('a device name', () => {
  it.each([
    ['a plain name stays', 'Anna’s laptop', 'Anna’s laptop'],
    ['other scripts stay', 'ноутбук 笔记本 🦊', 'ноутбук 笔记本 🦊'],
    ['control characters go', 'An\u0000na\u001b[31m\u007f\u0085', 'Anna[31m'],
    ['line breaks become one space', 'Anna\r\n\tlaptop', 'Anna laptop'],
    ['bidi overrides go', 'Anna\u202e\u2066\u200f\u061c gnp.exe', 'Anna gnp.exe'],
    ['zero-width characters go', 'An\u200bn\u200da\ufeff', 'Anna'],
    ['fillers that look like nothing go', '\u3164\u2800\u115f', 'device 0123abcd'],
    ['lone surrogates go', 'A\ud800nna', 'Anna'],
    ['private and unassigned code points go', '\ue000A\u{10ffff}', 'A'],
    ['spaces around it go', '   Anna   ', 'Anna'],
    ['every kind of space counts as one', 'Anna\u00a0\u2003\u2028laptop', 'Anna laptop'],
    ['an empty name is replaced', '', 'device 0123abcd'],
    ['combining marks alone are no name', '\u0301\u0302', 'device 0123abcd'],
    ['a long name is cut', 'x'.repeat(100), 'x'.repeat(64)],
    ['a cut keeps whole characters', `${'x'.repeat(62)}笔`, 'x'.repeat(62)],
    ['a cut leaves no space behind', `${'x'.repeat(63)} laptop`, 'x'.repeat(63)],
  ])('P9.1: %s', (_case, raw, expected) => {
    expect(cleanDeviceName(raw, device)).toBe(expected);
  });

  it('P9.1: whatever was sent, the name is one readable line of at most 64 bytes, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => {
        const name = cleanDeviceName(raw, device);
        expect(utf8(name).length).toBeLessThanOrEqual(DEVICE_NAME_MAX);
        expect(name).not.toBe('');
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(cleanDeviceName(name, device)).toBe(name);
      }),
    );
  });
});
