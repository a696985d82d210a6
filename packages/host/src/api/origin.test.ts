import { describe, expect, it } from 'vitest';
import { hostAllowed, originAllowed } from './origin.ts';

describe('S1: which pages may speak to the host', () => {
  it.each([
    [true, 'no page at all', undefined, '192.0.2.1:9939'],
    [true, 'the page by address', 'https://192.0.2.1:9939', '192.0.2.1:9939'],
    [true, 'the page by name, in another case', 'https://tv.local:9939', 'TV.local:9939'],
    [true, 'the default port, which browsers leave out', 'https://tv.local', 'tv.local:443'],
    [true, 'an IPv6 address', 'https://[::1]:9939', '[::1]:9939'],
    [false, 'another host', 'https://evil.example', '192.0.2.1:9939'],
    [false, 'another port', 'https://192.0.2.1:9940', '192.0.2.1:9939'],
    [false, 'the same name without TLS', 'http://192.0.2.1:9939', '192.0.2.1:9939'],
    [false, 'a name that begins like ours', 'https://192.0.2.1:9939.evil.example', '192.0.2.1:9939'],
    [false, 'a sandboxed frame', 'null', '192.0.2.1:9939'],
    [false, 'an empty one', '', '192.0.2.1:9939'],
    [false, 'noise', 'https://', '192.0.2.1:9939'],
    [false, 'one with a path', 'https://192.0.2.1:9939/x', '192.0.2.1:9939'],
    [false, 'one with a user', 'https://a@192.0.2.1:9939', '192.0.2.1:9939'],
    [false, 'no Host to compare with', 'https://192.0.2.1:9939', undefined],
  ] as const)('S1: %s for %s', (allowed, _name, origin, host) => {
    expect(originAllowed(origin, host)).toBe(allowed);
  });
});

describe("P8.1: which names are this machine's", () => {
  const certified = (name: string) => name === 'usher.example.org';

  it.each([
    [true, '127.0.0.1:9939'],
    [true, '[fe80::1]:9939'],
    [true, 'localhost:9939'],
    [true, 'tv:9939'],
    [true, 'TV.local:9939'],
    [true, 'tv.fritz.box'],
    [true, 'usher.example.org:9939'],
    [false, 'evil.example:9939'],
    [false, 'tv2.local:9939'],
    [false, 'localhost.evil.example'],
    [false, 'user@127.0.0.1'],
    [false, '127.0.0.1/path'],
    [false, ''],
    [false, undefined],
  ] as const)('P8.1: %s for %s', (allowed, host) => {
    expect(hostAllowed(host, 'Tv.lan', certified)).toBe(allowed);
  });
});
