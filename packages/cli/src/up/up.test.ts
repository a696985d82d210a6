import type { NetworkInterfaceInfo } from 'node:os';
import { fingerprint } from '@usher/sdk/node';
import { describe, expect, it } from 'vitest';
import { lanAddresses } from './addresses.ts';
import { greetingJson, greetingText } from './greeting.ts';
import { readableLogLine } from './host-log.ts';

const address = (ip: string, internal = false): NetworkInterfaceInfo =>
  ip.includes(':')
    ? { address: ip, internal, family: 'IPv6', netmask: '', mac: '', cidr: null, scopeid: 0 }
    : { address: ip, internal, family: 'IPv4', netmask: '', mac: '', cidr: null };
const INTERFACES = {
  lo: [address('127.0.0.1', true), address('::1', true)],
  eth0: [address('192.168.1.5'), address('fe80::1'), address('fd00::5')],
};

describe('what usher up says', () => {
  it.each([
    [undefined, ['https://192.168.1.5:9939/', 'https://[fd00::5]:9939/']],
    ['::', ['https://192.168.1.5:9939/', 'https://[fd00::5]:9939/']],
    ['0.0.0.0', ['https://192.168.1.5:9939/']],
    ['127.0.0.1', []],
    ['192.168.1.5', []],
  ])('design §6: bound to %s, other devices reach it at %j', (bind, expected) => {
    expect(lanAddresses('https://127.0.0.1:9939/', bind, INTERFACES)).toEqual(expected);
  });

  const greeting = {
    url: 'https://127.0.0.1:9939/',
    lan: ['https://192.168.1.5:9939/'],
    fingerprint: fingerprint('ab'.repeat(32)),
    armed: { pin: '042917', expiresUnix: 1_800_000_000 },
    token: undefined,
  };

  it('design §6: addresses, fingerprint, PIN and how to get another', () => {
    const text = greetingText(greeting, 'node cli.js');
    for (const part of ['https://127.0.0.1:9939/', 'https://192.168.1.5:9939/', 'AB:AB:AB', 'PIN 042917', 'node cli.js pair']) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('token');
  });

  it('design §6: the token at the first start, with what it is for', () => {
    const text = greetingText({ ...greeting, token: 'f'.repeat(64) }, 'usher');
    expect(text).toMatch(/bearer token.*https:\/\/127\.0\.0\.1:9939\/console.*\n {2}f{64}$/);
    expect(greetingJson({ ...greeting, token: 'f'.repeat(64) })).toMatchObject({ token: 'f'.repeat(64) });
  });

  it('design §6: the same for programs', () => {
    expect(greetingJson(greeting)).toEqual({
      url: 'https://127.0.0.1:9939/',
      addresses: ['https://127.0.0.1:9939/', 'https://192.168.1.5:9939/'],
      fingerprint: 'ab'.repeat(32),
      pin: '042917',
      expiresAt: '2027-01-15T08:00:00.000Z',
    });
  });

  it('design §6: a host without a PIN is still a host', () => {
    expect(greetingText({ ...greeting, armed: undefined }, 'usher')).toContain('No PIN could be armed.');
    expect(greetingJson({ ...greeting, armed: undefined })).not.toHaveProperty('pin');
  });

  it.each([
    ['{"level":30,"msg":"listening"}', undefined],
    ['{"level":40,"msg":"no sound"}', 'warning: no sound'],
    ['{"level":60,"code":"host.port-in-use","msg":"port 9939 is in use"}', 'error: port 9939 is in use'],
    ['Segmentation fault', 'Segmentation fault'],
    ['{"other":1}', '{"other":1}'],
    ['null', 'null'],
  ])('design §6: of the host’s log, %s becomes %s', (line, expected) => expect(readableLogLine(line)).toBe(expected));
});
