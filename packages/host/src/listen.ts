import { type AddressInfo, isIPv6 } from 'node:net';
import { CodedError } from '@usher/protocol';
import type { HostConfig } from './config.ts';
import { errorWord } from './store/state-directory.ts';

/** Any address of either family, in both spellings. */
export const EVERY_ADDRESS = new Set(['::', '0.0.0.0']);

/** What it needs of the API's server. */
export interface Listener {
  listen(options: { readonly host: string; readonly port: number }): Promise<unknown>;
  readonly server: { address(): AddressInfo | string | null };
}

/**
 * Binds the HTTPS port and returns the address that the operator's own browser opens, with a slash at its end.
 *
 * @throws CodedError `host.port-in-use`, or `config.invalid` for an address or a port that this machine doesn't give us.
 */
export async function listen(api: Listener, { bind, port, home }: Pick<HostConfig, 'bind' | 'port' | 'home'>): Promise<string> {
  try {
    await bindWithFallback(api, bind, port);
  } catch (cause) {
    throw explained(cause, bind, port, home);
  }
  const address = api.server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening TCP server has a port');
  const host = EVERY_ADDRESS.has(bind) ? '127.0.0.1' : bind;
  return `https://${isIPv6(host) ? `[${host}]` : host}:${address.port}/`;
}

/** On a kernel without IPv6 "every address" means every IPv4 address. */
async function bindWithFallback(api: Listener, host: string, port: number): Promise<void> {
  try {
    await api.listen({ host, port });
  } catch (error) {
    if (host !== '::' || !['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(errorWord(error))) throw error;
    await api.listen({ host: '0.0.0.0', port });
  }
}

function explained(cause: unknown, bind: string, port: number, home: string): unknown {
  const choose = `choose another with --port N, USHER_PORT, or "port" in ${home}/config.json`;
  switch (errorWord(cause)) {
    case 'EADDRINUSE':
      return new CodedError('host.port-in-use', `port ${port} is in use by another program; ${choose}`, { cause });
    case 'EACCES':
      return new CodedError('config.invalid', `this user may not open port ${port}; ${choose}`, { cause });
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
      return new CodedError('config.invalid', `${bind} is no address of this machine; choose another with --bind`, { cause });
    default:
      return cause;
  }
}
