import { Agent, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { CodedError, type Fingerprint, fingerprint, tryUtf8 } from '@usher/protocol';

/** Reaching a host and shaking hands takes a second over the slowest line that anybody would borrow a device through. */
const CONNECTS_WITHIN_MS = 5_000;
/** The largest answer is a transfer: 512 KiB as base64, and the rest of the answer. */
const ANSWER_MAX = 1024 * 1024;
/** Connections to one host at a time; the rest waits. */
const CONNECTIONS_MAX = 4;

export interface HttpsAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface PinnedAnswer {
  readonly status: number;
  /** Undefined where the answer has no body, or one that isn't JSON. */
  readonly body: unknown;
}

/** The certificate that is shown at an address; nothing is said to whoever is there. */
export async function certificateAt(address: HttpsAddress): Promise<Fingerprint> {
  const socket = await handshake(address);
  try {
    return fingerprintOf(socket);
  } finally {
    socket.destroy();
  }
}

/**
 * HTTPS to exactly one certificate. It is compared before the first byte of a request leaves, so that a token goes to nobody else. Names and
 * authorities play no part: a host's own certificate has neither.
 */
export class PinnedHttps {
  readonly #address: HttpsAddress;
  readonly #agent: Agent;

  constructor(address: HttpsAddress, pinned: Fingerprint) {
    this.#address = address;
    this.#agent = new PinnedAgent(address, pinned);
  }

  /** @throws CodedError `host.unreachable`, `pairing.host-changed` for another certificate, `frame.oversized`. */
  async ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    { token, body, withinMs }: { readonly token: string; readonly body?: unknown; readonly withinMs: number },
  ): Promise<PinnedAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      host: hostHeader(this.#address),
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const call = request({ agent: this.#agent, method, path, headers, signal: AbortSignal.timeout(withinMs) });
    const answered = new Promise<IncomingMessage>((resolve, reject) => call.once('response', resolve).once('error', reject));
    call.end(text);
    try {
      const answer = await answered;
      return { status: answer.statusCode ?? 0, body: parsed(await collected(answer)) };
    } catch (error) {
      throw error instanceof CodedError ? error : unreachable(this.#address, error);
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Makes TLS connections for `node:http` and hands over none that shows another certificate. */
class PinnedAgent extends Agent {
  readonly #address: HttpsAddress;
  readonly #pinned: Fingerprint;

  constructor(address: HttpsAddress, pinned: Fingerprint) {
    super({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
    this.#address = address;
    this.#pinned = pinned;
  }

  override createConnection(_options: ClientRequestArgs, ready?: (error: Error | null, socket: Socket) => void): undefined {
    this.#connect().then(
      (socket) => ready?.(null, socket),
      // Node reads the socket only where there is no error; its types know one form of the callback.
      (error: Error) => (ready as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  }

  async #connect(): Promise<TLSSocket> {
    const socket = await handshake(this.#address);
    if (fingerprintOf(socket) === this.#pinned) return socket;
    socket.destroy();
    throw new CodedError('pairing.host-changed', `${hostHeader(this.#address)} shows another certificate than the one that was compared`);
  }
}

function handshake(address: HttpsAddress): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = address;
    const socket = connect({
      host: hostname,
      port,
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false, // the pin takes the place of the authorities
      timeout: CONNECTS_WITHIN_MS,
    });
    const fail = (error?: unknown) => {
      socket.destroy();
      reject(unreachable(address, error));
    };
    socket.once('timeout', fail).once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('timeout', fail).off('error', fail).setTimeout(0);
      resolve(socket);
    });
  });
}

function fingerprintOf(socket: TLSSocket): Fingerprint {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new CodedError('host.unreachable', 'whatever is there shows no certificate');
  return fingerprint(certificate.fingerprint256.replaceAll(':', ''));
}

async function collected(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const body: AsyncIterable<Buffer> = answer; // without an encoding set, a stream gives Buffers
  for await (const chunk of body) {
    length += chunk.length;
    if (length > ANSWER_MAX) throw new CodedError('frame.oversized', 'the other host answers more than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(tryUtf8(bytes) ?? '');
  } catch {
    return undefined; // no JSON is told apart by the caller, who knows what it asked for
  }
}

/** An address as it stands in a URL. */
export function hostHeader({ hostname, port }: HttpsAddress): string {
  return `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
}

function unreachable(address: HttpsAddress, cause: unknown): CodedError {
  const word = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return new CodedError('host.unreachable', `no host answers at ${hostHeader(address)}${word}`, { cause });
}
