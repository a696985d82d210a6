import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCandidate } from './candidate.ts';

describe('a viewer’s candidate', () => {
  it.each([
    ['a host candidate', 'candidate:1 1 UDP 2114977791 192.0.2.7 40000 typ host', 'candidate:1 1 UDP 2114977791 192.0.2.7 40000 typ host'],
    ['the line of an SDP', 'a=candidate:1 1 udp 5 192.0.2.7 9 typ host', 'candidate:1 1 UDP 5 192.0.2.7 9 typ host'],
    ['IPv6', 'candidate:a+/9 1 udp 5 2001:db8::1 9 typ host', 'candidate:a+/9 1 UDP 5 2001:db8::1 9 typ host'],
    [
      'one with extensions, which are left out',
      'candidate:842163049 1 udp 1677729535 203.0.113.9 54321 typ srflx raddr 10.0.0.2 rport 54321 generation 0 ufrag QaaK network-cost 999',
      'candidate:842163049 1 UDP 1677729535 203.0.113.9 54321 typ srflx',
    ],
  ])('RFC 8839 §5.1: is written anew: %s', (_name, given, expected) => {
    expect(readCandidate(given)).toBe(expected);
  });

  it.each([
    ['the end of candidates', ''],
    ['a name, which the host would have to look up', 'candidate:1 1 udp 5 7d3b4a3e-1f2e.local 9 typ host'],
    ['another name', 'candidate:1 1 udp 5 evil.example 9 typ host'],
    ['TCP', 'candidate:1 1 tcp 5 192.0.2.7 9 typ host tcptype active'],
    ['another component', 'candidate:1 2 udp 5 192.0.2.7 9 typ host'],
    ['no address', 'candidate:1 1 udp 5 192.0.2 9 typ host'],
    ['an IPv6 zone', 'candidate:1 1 udp 5 fe80::1%eth0 9 typ host'],
    ['port 0', 'candidate:1 1 udp 5 192.0.2.7 0 typ host'],
    ['a port beyond 65535', 'candidate:1 1 udp 5 192.0.2.7 65536 typ host'],
    ['a priority beyond 32 bits', 'candidate:1 1 udp 4294967296 192.0.2.7 9 typ host'],
    ['an unknown kind', 'candidate:1 1 udp 5 192.0.2.7 9 typ guess'],
    ['a second line', 'candidate:1 1 udp 5 192.0.2.7 9 typ host\r\na=ice-ufrag:x'],
  ])('is ignored: %s', (_name, given) => {
    expect(readCandidate(given)).toBeUndefined();
  });

  it('is one line of plain text, whatever came', () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('candidate:1', '1', 'udp', '5', '192.0.2.7', '9', 'typ', 'host', '\r\n', '\0'));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), (fields) => {
        expect(readCandidate(fields.join(' ')) ?? 'candidate:').toMatch(/^candidate:[\x20-\x7e]*$/);
      }),
    );
  });
});
