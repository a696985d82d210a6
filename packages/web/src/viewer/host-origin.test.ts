import { expect, it } from 'vitest';
import { hostOrigin } from './host-origin.ts';

it.each([
  ['192.168.1.5', 'https://192.168.1.5:9939'],
  [' atelier.local ', 'https://atelier.local:9939'],
  ['atelier.local:9000', 'https://atelier.local:9000'],
  ['atelier.local:443', 'https://atelier.local'],
  ['[fd00::5]', 'https://[fd00::5]:9939'],
  ['[fd00::5]:9000', 'https://[fd00::5]:9000'],
  ['https://usher.example.org', 'https://usher.example.org'],
  ['https://usher.example.org:9939/console?x#y', 'https://usher.example.org:9939'],
  ['', undefined],
  ['http://atelier.local', undefined],
  ['javascript:alert(1)', undefined],
  ['data://x', undefined],
  ['ada:secret@atelier.local', undefined],
  ['two words', undefined],
])('P9.1: %j leads to %s', (typed, expected) => {
  expect(hostOrigin(typed)).toBe(expected);
});
