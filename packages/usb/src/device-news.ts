import type { UsbDeviceChange } from '@usher/protocol';
import type { UsbBackend, UsbDeviceDescription } from './backend.ts';
import type { AccessPolicy } from './policy.ts';

export interface NewsOptions {
  readonly backend: UsbBackend;
  readonly policy: AccessPolicy;
  /** Puts one piece of news on the channel; settles when the channel has room for more. */
  readonly tell: (change: UsbDeviceChange) => Promise<void>;
}

/** The devices that a viewer may know of. */
export async function shownDevices({ backend, policy }: Pick<NewsOptions, 'backend' | 'policy'>): Promise<readonly UsbDeviceDescription[]> {
  return (await backend.list()).filter((device) => policy.shows(device));
}

/**
 * What came and went of the devices that one viewer may know of (rule U21): by cable, or because the rules changed. It looks anew and tells the
 * difference, one look at a time, so that a burst costs two looks and a slow channel no memory.
 */
export class DeviceNews {
  readonly #options: NewsOptions;
  readonly #unlisten: readonly (() => void)[];
  #known = new Map<string, UsbDeviceDescription>();
  #looking: Promise<void> | undefined;
  #isDue = false;
  #ended = false;

  constructor(options: NewsOptions) {
    this.#options = options;
    const changed = () => this.#changed();
    this.#unlisten = [options.backend.onHotplug(changed), options.policy.onChange(changed)];
  }

  end(): void {
    this.#ended = true;
    for (const unlisten of this.#unlisten) unlisten();
  }

  /** What there is now: the viewer is told what comes after. */
  async look(): Promise<readonly UsbDeviceDescription[]> {
    const devices = await shownDevices(this.#options);
    this.#known = byPlace(devices);
    return devices;
  }

  #changed(): void {
    this.#isDue = true;
    this.#looking ??= this.#tellAll().finally(() => {
      this.#looking = undefined;
    });
  }

  async #tellAll(): Promise<void> {
    while (this.#isDue && !this.#ended) {
      this.#isDue = false;
      for (const change of await this.#difference()) await this.#options.tell(change);
    }
  }

  async #difference(): Promise<readonly UsbDeviceChange[]> {
    let now: Map<string, UsbDeviceDescription>;
    try {
      now = byPlace(await shownDevices(this.#options));
    } catch {
      return []; // a bus that can't be listed has no news; a LIST would say what is wrong
    }
    const before = this.#known;
    this.#known = now;
    const without = (some: Map<string, UsbDeviceDescription>, others: Map<string, UsbDeviceDescription>) =>
      [...some].filter(([place]) => !others.has(place)).map(([, device]) => device);
    return [
      ...without(before, now).map((device) => ({ kind: 'removed', device }) as const),
      ...without(now, before).map((device) => ({ kind: 'added', device }) as const),
    ];
  }
}

/** A device that was unplugged and is back between two looks has another address, or at least another serial number. */
function byPlace(devices: readonly UsbDeviceDescription[]): Map<string, UsbDeviceDescription> {
  return new Map(devices.map((device) => [[device.busLocation, device.vendorId, device.productId, device.serial].join('\n'), device]));
}
