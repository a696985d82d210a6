import { describe, expect, it } from 'vitest';
import { FakeHost, HOST, ORIGIN } from '../../testing/fake-host.ts';
import { presentedBy } from './presented.ts';

describe('what a host shows to whoever asks', () => {
  it('P9.1: is the fingerprint of its greeting; nothing more is asked, and the connection is closed', async () => {
    const host = new FakeHost();
    await expect(presentedBy(host, `${ORIGIN}/console`)).resolves.toBe(HOST);
    expect([host.sockets, host.openSockets, host.peers.length, host.signals.length]).toEqual([1, 0, 0, 0]);
  });

  it.each([
    ['a host that isn’t there', { unreachable: true }, ORIGIN, 'host.unreachable'],
    ['a greeting that doesn’t read', { rawHello: '{}' }, ORIGIN, 'message.malformed'],
    ['plain HTTP', {}, 'http://host.test', 'config.invalid'],
  ] as const)('P9.1: %s has none', async (_what, options, url, code) => {
    const host = new FakeHost(options);
    await expect(presentedBy(host, url)).rejects.toMatchObject({ name: 'ConnectError', code });
    expect(host.openSockets).toBe(0);
  });

  it('P9.1: whoever gives up hears its own reason', async () => {
    const host = new FakeHost();
    await expect(presentedBy(host, ORIGIN, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(host.sockets).toBe(0);
  });
});
