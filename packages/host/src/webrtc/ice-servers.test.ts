import { createHmac } from 'node:crypto';
import { isCoded } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { iceServersFor, nativeIceServers } from './ice-servers.ts';

const LOGIN = { username: 'usher', credential: 'p:a@ss' };

describe('ICE servers of the configuration', () => {
  it.each([
    ['STUN', { urls: ['stun:stun.example.org'] }, [{ hostname: 'stun.example.org', port: 3478 }]],
    ['STUN on a port', { urls: ['stun:192.0.2.1:19302'] }, [{ hostname: '192.0.2.1', port: 19302 }]],
    ['STUN over IPv6', { urls: ['stun:[2001:db8::1]:3478'] }, [{ hostname: '2001:db8::1', port: 3478 }]],
    [
      'TURN, its credential as it is',
      { urls: ['turn:turn.example.org?transport=udp'], ...LOGIN },
      [{ hostname: 'turn.example.org', port: 3478, username: 'usher', password: 'p:a@ss', relayType: 'TurnUdp' }],
    ],
    ['TURN that only viewers reach', { urls: ['turn:turn.example.org?transport=tcp', 'turns:turn.example.org'], ...LOGIN }, []],
  ])('%s', (_name, server, expected) => {
    expect(nativeIceServers([server])).toEqual(expected);
  });

  it.each([
    ['no scheme', { urls: ['stun.example.org'] }],
    ['another scheme', { urls: ['https://stun.example.org'] }],
    ['a path', { urls: ['stun:stun.example.org/x'] }],
    ['TURN without its credential', { urls: ['turn:turn.example.org'], username: 'usher' }],
  ])('are refused with %s', (_name, server) => {
    expect(() => nativeIceServers([server])).toThrow(expect.toSatisfy((error) => isCoded(error, 'config.invalid')));
  });
});

describe('the credential of one connection', () => {
  const RELAY = { urls: ['turn:turn.example.org'], secret: 'north' };

  it('S3: is made from the secret, ends after a day, and never shows it', () => {
    const [server] = iceServersFor([RELAY], 1_800_000_000);
    expect(server?.username).toMatch(/^1800086400:[0-9a-f]{16}$/);
    // What coturn computes with `use-auth-secret`: base64(HMAC-SHA1(secret, username)).
    const password = createHmac('sha1', 'north').update(String(server?.username)).digest('base64');
    expect(server).toEqual({ urls: RELAY.urls, username: server?.username, credential: password });
    expect(nativeIceServers([{ urls: RELAY.urls, ...server }])).toMatchObject([{ relayType: 'TurnUdp' }]);
  });

  it('S3: is another for each', () => {
    const names = Array.from({ length: 100 }, () => iceServersFor([RELAY], 1)[0]?.username);
    expect(new Set(names).size).toBe(100);
  });

  it('S3: stays as the operator gave it where there is no secret', () => {
    const servers = [{ urls: ['turn:turn.example.org'], ...LOGIN }, { urls: ['stun:stun.example.org'] }];
    expect(iceServersFor(servers, 1)).toEqual(servers);
  });
});
