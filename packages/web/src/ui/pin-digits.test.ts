import { expect, it } from 'vitest';
import { pinDigits } from './pin-digits.ts';

it.each([
  ['digits as they are', '482913', '482913'],
  ['a pasted PIN with a space', '482 913', '482913'],
  ['a pasted PIN with a dash and a line break', '482-913\n', '482913'],
  ['full-width digits', '４８２９１３', '482913'],
  ['no more than six', '4829137', '482913'],
  ['nothing of words', 'PIN: 48', '48'],
  ['nothing of nothing', '', ''],
])('P9.1: a PIN field takes %s', (_name, typed, expected) => {
  expect(pinDigits(typed)).toBe(expected);
});
