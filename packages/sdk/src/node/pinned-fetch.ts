import { X509Certificate } from 'node:crypto';
import { Agent, request } from 'node:https';
import { checkServerIdentity, createSecureContext, rootCertificates } from 'node:tls';
import { CodedError } from '@usher/protocol';
import { fetchOver } from './fetch-over.ts';

/**
 * A `fetch` for the management API of one's own host. Its certificate must be the pinned one, or one that a public authority has signed
 * for the name in the address (a host with `--tls-cert`); the bearer token goes to nobody else.
 */
export function pinnedFetch(certificatePem: string): typeof fetch {
  const pinned = new X509Certificate(certificatePem).raw;
  const agent = new Agent({
    secureContext: createSecureContext({ ca: [certificatePem, ...rootCertificates] }),
    // Called once the chain has been verified; the pinned certificate stands for the host whatever the address is.
    checkServerIdentity: (hostname, certificate) =>
      certificate.raw.equals(pinned) ? undefined : checkServerIdentity(hostname, certificate),
  });
  return (input, init) =>
    fetchOver((url, options, answered) => request(url, { ...options, agent }, answered), new Request(input, init), failureOf);
}

/** What OpenSSL and Node say of a certificate that isn't believed. */
const MISTRUSTED = /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_)/;

function failureOf(cause: Error, url: string): Error {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const { host } = new URL(url);
  if (cause.name === 'AbortError' || cause instanceof CodedError) return cause;
  if (MISTRUSTED.test(code)) {
    return new CodedError('pairing.host-changed', `${host} shows a certificate that isn’t this host’s; the token was not sent`, { cause });
  }
  return new CodedError('host.unreachable', `no host answers at ${host}${code === '' ? '' : ` (${code})`}`, { cause });
}
