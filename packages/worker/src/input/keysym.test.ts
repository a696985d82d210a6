import { describe, expect, it } from 'vitest';
import { keysymOf } from './keysym.ts';

describe('the keysym of a character', () => {
  it.each([
    ['a', 0x61, 0x61],
    ['space', 0x20, 0x20],
    ['ü', 0xfc, 0xfc],
    ['€', 0x20ac, 0x0100_20ac],
    ['😀', 0x1f600, 0x0101_f600],
    ['a line break', 0x0a, 0xff0d],
    ['a tab', 0x09, 0xff09],
    ['backspace', 0x08, 0xff08],
    ['a bell', 0x07, undefined],
    ['a C1 control', 0x85, undefined],
    ['a surrogate', 0xd800, undefined],
    ['beyond Unicode', 0x11_0000, undefined],
  ])('P7.2: %s', (_name, codePoint, keysym) => {
    expect(keysymOf(codePoint)).toBe(keysym);
  });
});
