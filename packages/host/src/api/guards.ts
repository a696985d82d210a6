import { X509Certificate } from 'node:crypto';
import { CodedError } from '@usher/protocol';
import type { FastifyRequest } from 'fastify';
import type { DeviceAccess } from './device-access.ts';
import type { LocalSockets } from './local-socket.ts';
import { type OperatorAccess, usesCookie } from './operator-access.ts';
import { hostAllowed, originAllowed } from './origin.ts';
import type { Api, ApiParts } from './parts.ts';

/** A console polls a few routes a second and a page loads a few dozen files; a flood is far above. */
const REQUESTS_PER_MINUTE = 1200;
/** Addresses that are counted at a time. */
const MAX_ADDRESSES = 4096;

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request's Host header is one of this machine's names; see {@link hostAllowed}. */
export function hostCheck(parts: Pick<ApiParts, 'tls' | 'host'>): (host: string | undefined) => boolean {
  const certificate = new X509Certificate(parts.tls.certificate);
  return (host) => hostAllowed(host, parts.host.name, (name) => certificate.checkHost(name) !== undefined);
}

interface Guards {
  readonly operator: OperatorAccess;
  readonly devices: DeviceAccess;
  readonly hostIsOurs: (host: string | undefined) => boolean;
  readonly local: LocalSockets;
}

/** What every request passes before its route: rate, Host, Origin, and who asks. Unless a route says `public`, only the operator. */
export async function registerGuards(api: Api, { operator, devices, hostIsOurs, local }: Guards): Promise<void> {
  const { default: rateLimit } = await import('@fastify/rate-limit');
  await api.register(rateLimit, { global: false, cache: MAX_ADDRESSES });
  api.decorateRequest('device', undefined);
  const countRequest = api.createRateLimit({ max: REQUESTS_PER_MINUTE, timeWindow: 60_000 });

  api.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined) throw new TypeError(`${String(method)} ${url} doesn't say who may call it`);
  });

  api.addHook('onRequest', async (request) => {
    // The local socket has no address to count by, and only the operator's own programs reach it.
    if (!local.has(request.raw.socket)) {
      const rate = await countRequest(request);
      if (!rate.isAllowed && rate.isExceeded) {
        throw new CodedError('api.rate-limited', 'too many requests from this address', { retrySeconds: rate.ttlInSeconds });
      }
    }
    if (!hostIsOurs(request.headers.host)) throw wrongHost();
    if (!SAFE_METHODS.has(request.method)) checkOrigin(request);
    if (request.is404) return; // nothing there to protect, and the answer is the same for everybody
    const { access } = request.routeOptions.config;
    if (access === 'public') return;
    request.device = devices.deviceOf(request)?.fingerprint;
    if (request.device === undefined) operator.check(request);
    else if (access !== 'device') throw new CodedError('api.unauthorized', "this takes the operator's token; a device's is not enough");
  });
}

function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const given = origin !== undefined || !usesCookie(request);
  if (!given || !originAllowed(origin, host)) {
    throw new CodedError('api.forbidden-origin', 'only the pages of this host may change something');
  }
}

function wrongHost(): CodedError {
  return new CodedError(
    'api.wrong-host',
    'this host has another name; use its address or its own name, or give it a certificate for this one (--tls-cert, --tls-key)',
  );
}
