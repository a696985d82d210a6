import { isIPv4 } from 'node:net';
import type { CiaoService, Protocol, Responder } from '@homebridge/ciao';
import type { Fingerprint } from '@usher/protocol';
import { EVERY_ADDRESS } from '../listen.ts';
import type { Logger } from '../log.ts';

/** What the network is told about a host (requirement P5.6). All of it is known to whoever opens its page. */
export interface AdvertisedHost {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly version: string;
  readonly isolatingProfiles: boolean;
  /** The address that was asked for with `--bind`. */
  readonly bind: string;
  readonly port: number;
}

export interface Advertisement {
  /** Tells whether profiles are apart from the operator's desktop, where that has changed. */
  isolates(isolatingProfiles: boolean): Promise<void>;
  /** Says goodbye, so that nobody shows a host that is gone. */
  close(): Promise<void>;
}

/** A name in DNS has at most 63 bytes. */
const NAME_BYTES = 63;
/** Digits of the fingerprint that make names of several hosts differ. */
const ID_DIGITS = 16;

/** Whether there is anybody to tell: what listens on loopback alone can't be reached from the network. */
export function isAdvertised(bind: string): boolean {
  return !(bind === 'localhost' || bind === '::1' || (isIPv4(bind) && bind.startsWith('127.')));
}

/**
 * The TXT record of `_usher._udp`: `v` version, `id` and `fp` who it is, `prof=1` that it knows profiles, `iso` whether they are apart
 * from the operator's desktop. A hint for finding a host, never a reason to trust one: the fingerprint is pinned at pairing.
 */
export function txtRecord({ fingerprint, version, isolatingProfiles }: AdvertisedHost): Readonly<Record<string, string>> {
  return { v: version, id: idOf(fingerprint), fp: fingerprint, prof: '1', iso: isolatingProfiles ? '1' : '0' };
}

/**
 * Advertises the host by mDNS, in the background: a network without multicast is told in the log and changes nothing else.
 * `network` is the name of the only interface that is used; all of them where it is absent.
 */
export function advertise(host: AdvertisedHost, log: Logger, network?: string): Advertisement {
  const opened = open(host, network).catch((error: unknown) => {
    log.warn({ err: error }, 'the host is not advertised by mDNS; it is reached by its address all the same');
    return undefined;
  });
  let told = host.isolatingProfiles;
  return {
    async isolates(isolatingProfiles) {
      const advertised = await opened;
      if (advertised === undefined || told === isolatingProfiles) return;
      told = isolatingProfiles;
      advertised.service.updateTxt(txtRecord({ ...host, isolatingProfiles }));
    },
    async close() {
      const advertised = await opened;
      if (advertised === undefined) return;
      await advertised.service.end();
      await advertised.responder.shutdown();
    },
  };
}

async function open(host: AdvertisedHost, network: string | undefined): Promise<{ service: CiaoService; responder: Responder }> {
  const { getResponder } = await import('@homebridge/ciao'); // 7 packages, that a host on loopback needn't load
  const responder = getResponder(network === undefined ? {} : { interface: network });
  try {
    const service = responder.createService({
      name: fitting(host.name),
      type: 'usher',
      protocol: 'udp' as Protocol, // a const enum: its value, because its name isn't there at run time
      port: host.port,
      // A name of our own: the machine's is its own responder's to defend.
      hostname: `usher-${idOf(host.fingerprint)}`,
      txt: txtRecord(host),
      ...(EVERY_ADDRESS.has(host.bind) ? {} : { restrictedAddresses: [host.bind] }),
    });
    await service.advertise();
    return { service, responder };
  } catch (error) {
    await responder.shutdown();
    throw error;
  }
}

function idOf(fingerprint: Fingerprint): string {
  return fingerprint.slice(0, ID_DIGITS);
}

/** Cut between characters. */
function fitting(name: string): string {
  let text = name;
  while (Buffer.byteLength(text) > NAME_BYTES) text = [...text].slice(0, -1).join('');
  return text;
}
