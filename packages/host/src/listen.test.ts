import { describe, expect, it } from 'vitest';
import { containing } from '../testing/matchers.ts';
import { type Listener, listen } from './listen.ts';

/** A server whose system refuses some addresses; it keeps what it was asked for. */
function listener(refusals: Readonly<Record<string, string>> = {}): { readonly api: Listener; readonly asked: string[] } {
  const asked: string[] = [];
  const api: Listener = {
    listen({ host, port }) {
      asked.push(`${host} ${port}`);
      const code = refusals[host];
      return code === undefined ? Promise.resolve() : Promise.reject(Object.assign(new Error(code), { code }));
    },
    server: { address: () => ({ address: '', family: 'IPv6', port: 4242 }) },
  };
  return { api, asked };
}

const home = '/home/u/.config/usher';

describe('where the host listens (design §6)', () => {
  it.each([
    ['::', 'https://127.0.0.1:4242/'],
    ['0.0.0.0', 'https://127.0.0.1:4242/'],
    ['192.0.2.7', 'https://192.0.2.7:4242/'],
    ['::1', 'https://[::1]:4242/'],
  ])('design §6: bound to %s a browser here opens %s', async (bind, url) => {
    expect(await listen(listener().api, { bind, port: 0, home })).toBe(url);
  });

  it.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])('design §6: without IPv6 (%s) every address is every IPv4 address', async (code) => {
    const { api, asked } = listener({ '::': code });
    await listen(api, { bind: '::', port: 9939, home });
    expect(asked).toEqual([':: 9939', '0.0.0.0 9939']);
  });

  it.each([
    ['EADDRINUSE', 'host.port-in-use', 'port 9939 is in use'],
    ['EACCES', 'config.invalid', 'this user may not open port 9939'],
    ['EADDRNOTAVAIL', 'config.invalid', '192.0.2.7 is no address of this machine'],
  ])('design §6: %s is %s, in words', async (refusal, code, message) => {
    const { api } = listener({ '192.0.2.7': refusal });
    await expect(listen(api, { bind: '192.0.2.7', port: 9939, home })).rejects.toMatchObject({
      code,
      message: containing(message),
    });
  });

  it('design §6: a port in use names the three ways to choose another', async () => {
    const { api } = listener({ '::': 'EADDRINUSE' });
    await expect(listen(api, { bind: '::', port: 9939, home })).rejects.toThrow(
      /--port N, USHER_PORT, or "port" in \/home\/u\/.config\/usher\/config.json/,
    );
  });

  it('design §6: what nobody foresaw stays what it is', async () => {
    const { api } = listener({ '::': 'EMFILE' });
    await expect(listen(api, { bind: '::', port: 9939, home })).rejects.toMatchObject({ message: 'EMFILE' });
  });
});
