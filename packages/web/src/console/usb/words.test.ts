import { describe, expect, it } from 'vitest';
import { bytes, idsOf } from './words.ts';

describe('amounts of data', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1_440_000, '1.4 MB'],
    [64_000_000_000, '64 GB'],
    [5e15, '5,000 TB'],
  ])('U5.5: %d is %s', (count, text) => {
    expect(bytes(count, 'en')).toBe(text);
  });

  it('U5.5: are written as the language does', () => {
    expect(bytes(1_440_000, 'de')).toBe('1,4 MB');
  });
});

describe('ids', () => {
  it('U5.1: that could not be read are shown as such', () => {
    expect([idsOf({ vendor_id: '1050', product_id: '0407' }), idsOf({ vendor_id: null, product_id: null })]).toEqual([
      '1050:0407',
      '????:????',
    ]);
  });
});
