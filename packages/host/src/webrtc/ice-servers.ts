import { createHmac, randomBytes } from 'node:crypto';
import { CodedError, type IceServer } from '@usher/protocol';
import type { IceServer as NativeIceServer } from 'node-datachannel';

const DEFAULT_PORT = 3478;
/**
 * How long a credential made from a secret opens a relay: the day that the draft recommends. A viewer may ask for its USB connection hours
 * after its hello.
 */
const CREDENTIAL_SECONDS = 86_400;

/** A server as the operator names it: with a credential that never changes, or with the secret that it shares with the host. */
export interface IceServerSetting extends IceServer {
  readonly secret?: string;
}

/**
 * What one connection uses. Whoever says hello gets it, strangers too, so a secret never leaves: it becomes a user of this connection alone
 * with a password that ends by itself (draft-uberti-behave-turn-rest-00 §2.2; coturn calls it `use-auth-secret`).
 */
export function iceServersFor(settings: readonly IceServerSetting[], unix: number): readonly IceServer[] {
  return settings.map(({ secret, ...server }) => {
    if (secret === undefined) return server;
    const username = `${unix + CREDENTIAL_SECONDS}:${randomBytes(8).toString('hex')}`;
    return { ...server, username, credential: createHmac('sha1', secret).update(username).digest('base64') };
  });
}

/**
 * STUN and TURN servers (RFC 7064, RFC 7065: `stun:host[:port]`, `turn:host[:port][?transport=udp]`) as the native library takes them.
 * TURN over TCP and TLS is for viewers only: the host's library reaches TURN over UDP, so such addresses are left out here.
 *
 * @throws CodedError `config.invalid`: the list is the operator's.
 */
export function nativeIceServers(servers: readonly IceServer[]): NativeIceServer[] {
  return servers.flatMap((server) => server.urls.flatMap((url) => nativeServer(url, server)));
}

function nativeServer(url: string, { username, credential }: IceServer): readonly NativeIceServer[] {
  const fields = /^(stun|turn|turns):(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(url);
  if (fields === null) throw new CodedError('config.invalid', `iceServers: ${url} is neither stun:host[:port] nor turn:host[:port]`);
  const scheme = fields[1]?.toLowerCase();
  const hostname = (fields[2] ?? '').replace(/^\[|\]$/g, '');
  if (scheme === 'stun') return [{ hostname, port: Number(fields[3] ?? DEFAULT_PORT) }];
  if (scheme === 'turns' || fields[4]?.toLowerCase() === 'tcp') return [];
  if (username === undefined || credential === undefined)
    throw new CodedError('config.invalid', `iceServers: ${url} needs a secret, or username and credential`);
  return [{ hostname, port: Number(fields[3] ?? DEFAULT_PORT), username, password: credential, relayType: 'TurnUdp' }];
}
