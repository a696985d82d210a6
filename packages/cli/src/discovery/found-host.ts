import { isIP } from 'node:net';
import { fingerprint, isCoded, Reader } from '@usher/sdk/node';

/** A host as the network tells of it: a hint for finding it, never a reason to trust it (requirement P5.6). */
export interface FoundHost {
  readonly name: string;
  /** For a browser, by the first address. */
  readonly url: string;
  readonly addresses: readonly string[];
  readonly port: number;
  /** What it says that its certificate is; compared at pairing. */
  readonly fingerprint: string;
  readonly version: string;
  /** Whether it knows profiles (`prof=1`). */
  readonly profiles: boolean;
  /** Whether it can open desktops of people's own accounts (`iso=1`). */
  readonly isolatingProfiles: boolean;
}

/** Addresses of one machine that are worth trying. */
const ADDRESSES_MAX = 16;

/** What an mDNS browser found, read like anything that strangers send; undefined where it is no host of ours. */
export function readFoundHost(service: unknown): FoundHost | undefined {
  try {
    return readService(Reader.of(service, 'service'));
  } catch (error) {
    if (isCoded(error, 'message.malformed')) return undefined; // somebody else's service under our name, or noise
    throw error;
  }
}

function readService(service: Reader): FoundHost | undefined {
  const txt = service.object('txt');
  const addresses = service.strings('addresses', 256, 64).filter((address) => isIP(address) !== 0);
  // IPv4 first: an IPv6 address of the link alone needs an interface to be of use.
  const usable = addresses.toSorted((one, other) => isIP(one) - isIP(other)).slice(0, ADDRESSES_MAX);
  const [first] = usable;
  if (first === undefined) return undefined;
  const port = service.integer('port', 1, 0xffff);
  return {
    name: service.string('name', 256),
    url: `https://${isIP(first) === 6 ? `[${first}]` : first}:${port}/`,
    addresses: usable,
    port,
    fingerprint: fingerprint(txt.string('fp', 64)),
    version: txt.optionalString('v', 64) ?? '',
    profiles: txt.optionalString('prof', 64) === '1',
    isolatingProfiles: txt.optionalString('iso', 64) === '1',
  };
}
