import { isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * The addresses under which other devices reach a host, from the one that it says itself: those of every network interface where it
 * listens on all of them. Link-local ones are left out: a browser can't open them without a zone.
 */
export function lanAddresses(url: string, bind: string | undefined, interfaces: Interfaces): readonly string[] {
  if (bind !== undefined && bind !== '::' && bind !== '0.0.0.0') return [];
  const { port } = new URL(url);
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address, family }) => !internal && !/^fe80:/i.test(address) && !(bind === '0.0.0.0' && family === 'IPv6'))
    .map(({ address }) => `https://${isIPv6(address) ? `[${address}]` : address}:${port}/`);
}
