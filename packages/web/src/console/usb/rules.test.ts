import type { UsbAcl, UsbAclRule } from '@usher/sdk/api';
import { describe, expect, it } from 'vitest';
import { isNamed, type NamedDevice, ruleFor, unitOf, wordOf } from './rules.ts';

const KEY: NamedDevice = {
  vendor_id: '1050',
  product_id: '0407',
  manufacturer: null,
  product: null,
  serial: 'A1',
  bus_location: null,
  risks: [],
  extra: {},
};

function rule(overrides: Partial<UsbAclRule> = {}): UsbAclRule {
  return { vendor_id: '1050', product_id: '0407', serial: null, label: '', allow: true, prompt_on_open: false, ...overrides };
}

function acl(...rules: UsbAclRule[]): UsbAcl {
  return { default: 'deny', integrity_ok: true, rules };
}

describe('the rule that decides about a device', () => {
  it.each([
    ['none', acl(), undefined],
    ['one for another product', acl(rule({ product_id: '0001' })), undefined],
    ['one for another unit', acl(rule({ serial: 'B2' })), undefined],
    ['one for this unit', acl(rule({ serial: 'A1' })), 0],
    ['the first of two', acl(rule({ allow: false }), rule()), 0],
    ['a later one, where the first is for another unit', acl(rule({ serial: 'B2' }), rule()), 1],
  ] as const)('U5.5: %s', (_name, rules, index) => {
    expect(ruleFor(rules, KEY)).toBe(index === undefined ? undefined : rules.rules[index]);
  });

  it.each([
    [{ allow: true, prompt_on_open: false }, 'allow'],
    [{ allow: true, prompt_on_open: true }, 'ask'],
    [{ allow: false, prompt_on_open: true }, 'deny'],
  ] as const)('U3.3: %j says %s', (said, word) => {
    expect(wordOf(said)).toBe(word);
  });
});

describe('a device in a request', () => {
  it('U1.4: is named with its serial number, where it has one', () => {
    expect(unitOf(KEY)).toEqual({ vendor_id: '1050', product_id: '0407', serial: 'A1' });
    expect(unitOf({ ...KEY, serial: null })).toEqual({ vendor_id: '1050', product_id: '0407' });
    expect(unitOf({ ...KEY, serial: '' })).toEqual({ vendor_id: '1050', product_id: '0407' });
  });

  it('U5.1: can be named where its ids are known', () => {
    expect([isNamed(KEY), isNamed({ ...KEY, vendor_id: null })]).toEqual([true, false]);
  });
});
