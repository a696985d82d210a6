import { randomBytes } from 'node:crypto';
import { CodedError, fingerprint } from '@usher/protocol';
import type { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { certificateAt, type HttpsAddress, hostHeader } from './pinned-https.ts';
import { RemoteHost } from './remote-host.ts';
import type { remoteConnection, remoteHost } from './remote-schema.ts';

/** An operator looks after a few machines; one more ends none, it is refused. */
const REMOTES_MAX = 8;
/** A token that nobody has used for so long is forgotten. */
const IDLE_MS = 30 * 60_000;
const DEFAULT_PORT = 9939;

type RemoteDocument = z.output<typeof remoteHost>;

interface Connected {
  readonly document: RemoteDocument;
  readonly host: RemoteHost;
  usedMs: number;
}

/** The other hosts that the operator has connected this one to. They, and their tokens, are gone when this host ends. */
export class RemoteHosts {
  readonly #clock: Clock;
  readonly #connected = new Map<string, Connected>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the operator compares before a token goes anywhere. */
  async certificate(text: string) {
    const address = readAddress(text);
    return { address: hostHeader(address), fingerprint: await certificateAt(address) };
  }

  /**
   * @throws CodedError `host.unreachable`, `pairing.host-changed` (another certificate: the token was not sent), `usb.remote-refused`
   * (not its token), `message.malformed` for an address that is none, `api.rate-limited` where too many are connected.
   */
  async connect({ address: text, fingerprint: pinned, token }: z.output<typeof remoteConnection>): Promise<RemoteDocument> {
    this.#forgetIdle();
    if (this.#connected.size >= REMOTES_MAX) throw new CodedError('api.rate-limited', `connected to ${REMOTES_MAX} hosts already; end one`);
    const address = readAddress(text);
    const host = new RemoteHost(address, fingerprint(pinned), token);
    try {
      const { name, version } = await host.introduce();
      const id = randomBytes(8).toString('hex');
      const document = { id, address: hostHeader(address), fingerprint: pinned, name, version, connected_unix: this.#clock.unix() };
      this.#connected.set(id, { document, host, usedMs: this.#clock.now() });
      return document;
    } catch (error) {
      host.close();
      throw error;
    }
  }

  list(): readonly RemoteDocument[] {
    this.#forgetIdle();
    return [...this.#connected.values()].map(({ document }) => document);
  }

  /** @throws CodedError `api.not-found`. */
  get(id: string): RemoteHost {
    this.#forgetIdle();
    const connected = this.#connected.get(id);
    if (connected === undefined) throw new CodedError('api.not-found', 'this host is not connected to that one, or not any more');
    return used(connected, this.#clock);
  }

  /** The one that was connected last. @throws CodedError `usb.no-remote`. */
  latest(): RemoteHost {
    this.#forgetIdle();
    const connected = [...this.#connected.values()].at(-1);
    if (connected === undefined)
      throw new CodedError('usb.no-remote', 'no other host is connected; connect one first (usher usb remote connect)');
    return used(connected, this.#clock);
  }

  end(id: string): boolean {
    const connected = this.#connected.get(id);
    connected?.host.close();
    return this.#connected.delete(id);
  }

  close(): void {
    for (const id of [...this.#connected.keys()]) this.end(id);
  }

  #forgetIdle(): void {
    const before = this.#clock.now() - IDLE_MS;
    for (const [id, { usedMs }] of this.#connected) if (usedMs < before) this.end(id);
  }
}

function used(connected: Connected, clock: Clock): RemoteHost {
  connected.usedMs = clock.now();
  return connected.host;
}

/** `https://host:port/`, `host:port` or `host`; HTTPS and nothing behind the port. */
function readAddress(text: string): HttpsAddress {
  const written = text.includes('://') ? text : `https://${text}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const extra = url === undefined || `${url.username}${url.password}${url.search}${url.hash}` !== '' || url.pathname !== '/';
  if (url === undefined || extra || url.protocol !== 'https:' || url.hostname === '') {
    throw new CodedError('message.malformed', 'the address of a host is https://NAME:PORT/, or only its name');
  }
  // WHATWG leaves the default port of https out; without any, a host is where hosts are.
  const port = url.port === '' ? (/:443\/?$/.test(written) ? 443 : DEFAULT_PORT) : Number(url.port);
  return { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}
