import { expect, it } from 'vitest';
import { isMatch } from './if-match.ts';

it.each([
  ['no header', undefined, true],
  ['anything that is there', '*', true],
  ['the tag', '"ab12"', true],
  ['a list with the tag', '"cd34" , "ab12"', true],
  ['another tag', '"cd34"', false],
  ['a list of others', '"cd34", "ef56"', false],
  ['a weak tag', 'W/"ab12"', false],
  ['no tag', 'ab12', false],
  ['nothing', '', false],
])('P8.1: If-Match with %s', (_what, header, expected) => {
  expect(isMatch(header, 'ab12')).toBe(expected);
});
