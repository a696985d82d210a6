import { expect, it } from 'vitest';
import { classNameOf, versionOf } from './usb-descriptor.ts';

it.each([
  [0x0200, '2.0'],
  [0x0210, '2.1'],
  [0x0543, '5.43'],
  [0x0110, '1.1'],
  [0x1000, '10.0'],
])('U1.5: the version 0x%s of a descriptor reads %s', (bcd, expected) => {
  expect(versionOf(bcd)).toBe(expected);
});

it.each([
  [0x00, 'perInterface'],
  [0x03, 'hid'],
  [0xff, 'vendor'],
  [0x42, 'other'],
] as const)('U1.5: class %d is called %s', (code, expected) => {
  expect(classNameOf(code)).toBe(expected);
});
