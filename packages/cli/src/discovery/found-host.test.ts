import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFoundHost } from './found-host.ts';

const FP = 'cd'.repeat(32);
const SERVICE = {
  name: 'Den',
  port: 9939,
  addresses: ['fe80::1', '192.0.2.7'],
  txt: { v: '0.1.0', id: FP.slice(0, 16), fp: FP, prof: '1', iso: '0' },
};

describe('a host that mDNS found (P5.6)', () => {
  it('P5.6: has a name, an address for a browser, and what it says of itself', () => {
    expect(readFoundHost(SERVICE)).toEqual({
      name: 'Den',
      url: 'https://192.0.2.7:9939/',
      addresses: ['192.0.2.7', 'fe80::1'],
      port: 9939,
      fingerprint: FP,
      version: '0.1.0',
      profiles: true,
      isolatingProfiles: false,
    });
  });

  it.each([
    [{ fp: FP }, { version: '', profiles: false, isolatingProfiles: false }],
    [
      { fp: FP, prof: 'yes', iso: '1' },
      { profiles: false, isolatingProfiles: true },
    ],
    [
      { fp: FP.toUpperCase(), prof: '1' },
      { fingerprint: FP, profiles: true },
    ],
  ])('P5.6: TXT %j says %j', (txt, said) => {
    expect(readFoundHost({ ...SERVICE, txt })).toMatchObject(said);
  });

  it.each([
    ['no fingerprint', { ...SERVICE, txt: { prof: '1' } }],
    ['a fingerprint that is none', { ...SERVICE, txt: { fp: 'cd' } }],
    ['a fingerprint without a value', { ...SERVICE, txt: { fp: true } }],
    ['no TXT', { ...SERVICE, txt: undefined }],
    ['no address', { ...SERVICE, addresses: [] }],
    ['an address that is none', { ...SERVICE, addresses: ['den.local', '1.2.3.4/evil'] }],
    ['port 0', { ...SERVICE, port: 0 }],
    ['a name without end', { ...SERVICE, name: 'x'.repeat(257) }],
    ['nothing', undefined],
  ])('P5.6: %s is no host', (_what, service) => {
    expect(readFoundHost(service)).toBeUndefined();
  });

  it('P5.6: IPv6 stands in brackets, and no more than sixteen addresses are kept', () => {
    expect(readFoundHost({ ...SERVICE, addresses: ['2001:db8::7'] })?.url).toBe('https://[2001:db8::7]:9939/');
    const many = Array.from({ length: 200 }, (_, number) => `192.0.2.${number}`);
    expect(readFoundHost({ ...SERVICE, addresses: many })?.addresses).toHaveLength(16);
  });

  it('P5.6: nothing that the network says makes it throw', () => {
    fc.assert(fc.property(fc.anything(), (service) => void readFoundHost(service)));
    fc.assert(fc.property(fc.anything(), fc.anything(), (txt, port) => void readFoundHost({ ...SERVICE, txt, port })));
  });
});
