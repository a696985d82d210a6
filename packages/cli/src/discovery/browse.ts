import { CodedError } from '@usher/sdk/node';
import { Bonjour } from 'bonjour-service';
import { type FoundHost, readFoundHost } from './found-host.ts';

/** Hosts that are listed; a home has one or two, and a network that claims more is lying or needs a better list than this. */
const HOSTS_MAX = 64;

export interface BrowseOptions {
  readonly seconds: number;
  /** The address of the only interface that is asked; all of them where it is absent. */
  readonly networkInterface?: string;
  readonly signal: AbortSignal;
}

/** Asks the local network for hosts (`_usher._udp`), listens for as long as it was told, and gives them by name. */
export function browse({ seconds, networkInterface, signal }: BrowseOptions): Promise<readonly FoundHost[]> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, FoundHost>();
    // The library types its options as those of a service and leaves out what `multicast-dns` takes.
    const options = (networkInterface === undefined ? {} : { interface: networkInterface, bind: '0.0.0.0' }) as ConstructorParameters<
      typeof Bonjour
    >[0];
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      bonjour.destroy();
      settle();
    };
    const over = () => finish(() => resolve([...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1))));
    const timer = setTimeout(over, seconds * 1000);
    const bonjour = new Bonjour(options, (cause: unknown) => {
      finish(() => reject(new CodedError('host.unreachable', 'the local network could not be asked for hosts', { cause })));
    });
    const take = (service: unknown): void => {
      const host = readFoundHost(service);
      if (host !== undefined && (found.size < HOSTS_MAX || found.has(host.fingerprint))) found.set(host.fingerprint, host);
    };
    bonjour.find({ type: 'usher', protocol: 'udp' }).on('up', take).on('txt-update', take);
    signal.addEventListener('abort', over, { once: true });
    if (signal.aborted) over();
  });
}
