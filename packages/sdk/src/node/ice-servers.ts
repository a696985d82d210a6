import type { IceServer } from '@usher/protocol';
import type { IceServer as NativeIceServer } from 'node-datachannel';

const DEFAULT_PORT = 3478;

/**
 * The host's STUN and TURN servers (RFC 7064, RFC 7065) as libdatachannel takes them. What it can't use (TURN over TCP or TLS, an
 * address of another form) is left out: a server less is no reason to refuse the others, and direct connections need none.
 */
export function nativeIceServers(servers: readonly IceServer[]): NativeIceServer[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.flatMap((url): NativeIceServer[] => {
      const [, scheme, host = '', port = DEFAULT_PORT] =
        /^(stun|turn):(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?(?:\?transport=udp)?$/i.exec(url) ?? [];
      const address = { hostname: host.replace(/^\[|\]$/g, ''), port: Number(port) };
      if (scheme?.toLowerCase() === 'stun') return [address];
      if (scheme === undefined || username === undefined || credential === undefined) return [];
      return [{ ...address, username, password: credential, relayType: 'TurnUdp' }];
    }),
  );
}
