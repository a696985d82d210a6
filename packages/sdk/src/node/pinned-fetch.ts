import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { checkServerIdentity, createSecureContext, rootCertificates } from 'node:tls';
import { CodedError } from '@usher/protocol';

/** The largest answer of the API is a list of devices, a few hundred bytes each. */
const BODY_MAX = 4 * 1024 * 1024;
const ANSWER_MS = 30_000;

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
  return async (input, init) => {
    const wanted = new Request(input, init);
    const body = Buffer.from(await wanted.arrayBuffer());
    const options = { agent, method: wanted.method, headers: headersOf(wanted, body), signal: wanted.signal, timeout: ANSWER_MS };
    return exchange(wanted.url, options, body);
  };
}

function exchange(url: string, options: RequestOptions, body: Buffer): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, (incoming) => {
      collect(incoming).then((bytes) => resolve(responseOf(incoming, bytes)), reject);
    });
    call.once('timeout', () => call.destroy(new CodedError('host.unreachable', 'the host does not answer')));
    call.once('error', (cause) => reject(failureOf(cause, url)));
    call.end(body);
  });
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

async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const body: AsyncIterable<Buffer> = incoming; // without an encoding set, a stream gives Buffers
  for await (const chunk of body) {
    length += chunk.length;
    if (length > BODY_MAX) throw new CodedError('frame.oversized', 'the host’s answer is larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function responseOf(incoming: IncomingMessage, bytes: Buffer): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, [value].flat().join(', '));
  }
  // Statuses without a body must be given none (Fetch standard, null body status).
  const status = incoming.statusCode ?? 502;
  return new Response(status === 204 || status === 304 ? undefined : bytes, { status, headers });
}

function headersOf(wanted: Request, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = Object.fromEntries(wanted.headers.entries());
  return body.length === 0 ? headers : { ...headers, 'content-length': String(body.length) };
}
