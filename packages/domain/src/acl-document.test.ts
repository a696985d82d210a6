import { readFileSync } from 'node:fs';
import { profileId, Reader } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { DENY_ALL } from './acl.ts';
import { formatAcl, parseAcl, readAclRule } from './acl-document.ts';

const vectors = Reader.json(readFileSync(new URL('../../protocol/vectors/usb-frames.json', import.meta.url)), 'vectors');
const golden = vectors.object('acl').string('file_text', 10_000);

const yubikey = {
  vendorId: '1050',
  productId: '0407',
  serial: undefined,
  label: 'YubiKey 5',
  allow: true,
  promptOnOpen: false,
  profile: undefined,
};

describe('usb_acl.json', () => {
  it('U3.1: AutoControl’s file is read, and written again byte for byte', () => {
    const acl = parseAcl(golden);
    expect(acl.default).toBe('deny');
    expect(acl.rules).toEqual([
      yubikey,
      { ...yubikey, vendorId: '0403', productId: '6001', serial: 'FT-é', label: '', promptOnOpen: true },
    ]);
    expect(formatAcl(acl)).toBe(golden);
  });

  it('U3.4: a rule’s profile is kept', () => {
    const acl = { default: 'allow', rules: [{ ...yubikey, profile: profileId('00000000000a') }] } as const;
    expect(parseAcl(formatAcl(acl))).toEqual(acl);
  });

  it('usb-wire §10.1: what is left out has AutoControl’s defaults', () => {
    expect(parseAcl('{"version": 1}')).toEqual(DENY_ALL);
    expect(parseAcl('{"version": 1, "rules": [{"vendor_id": "0x1050", "product_id": "407"}]}').rules).toEqual([{ ...yubikey, label: '' }]);
  });

  it('usb-wire §10.1: a default that is neither allow nor deny is deny', () => {
    expect(parseAcl('{"version": 1, "default": "prompt"}').default).toBe('deny');
    expect(parseAcl('{"version": 1, "default": "allow"}').default).toBe('allow');
  });

  it.each([
    ['no version', '{"rules": []}', 'store.newer-version'],
    ['another version', '{"version": 2}', 'store.newer-version'],
    ['no JSON', '{"version": 1,', 'message.malformed'],
    ['rules that are no list', '{"version": 1, "rules": {}}', 'message.malformed'],
    ['a rule that is no object', '{"version": 1, "rules": ["1050"]}', 'message.malformed'],
    ['a rule without a vendor', '{"version": 1, "rules": [{"product_id": "0407"}]}', 'message.malformed'],
    ['an id that is none', '{"version": 1, "rules": [{"vendor_id": "yubico", "product_id": "0407"}]}', 'message.malformed'],
    [
      'an answer that is no boolean',
      '{"version": 1, "rules": [{"vendor_id": "1050", "product_id": "0407", "allow": "no"}]}',
      'message.malformed',
    ],
    [
      'a profile that is none',
      '{"version": 1, "rules": [{"vendor_id": "1050", "product_id": "0407", "profile": "kid"}]}',
      'message.malformed',
    ],
  ])('U3.1: a file with %s is refused as a whole', (_name, text, code) => {
    expect(() => parseAcl(text)).toThrow(expect.objectContaining({ code }));
  });

  it('U3.1: more rules than anyone maintains are refused', () => {
    const rules = Array.from({ length: 1001 }, () => ({ vendor_id: '1050', product_id: '0407' }));
    expect(() => parseAcl(JSON.stringify({ version: 1, rules }))).toThrow(expect.objectContaining({ code: 'message.malformed' }));
  });

  it('usb-wire §15.1: a rule of the API has the same names and defaults', () => {
    expect(readAclRule(Reader.of({ vendor_id: '1050', product_id: '0407', label: 'YubiKey 5' }, 'rule'))).toEqual(yubikey);
  });
});
