import type { Fingerprint } from '@usher/protocol';

/** How long a knock waits for the operator (control-wire §3.2). */
export const KNOCK_LIFETIME_MS = 600_000;
/** Most knocks at a time: more than an operator reads, few enough to look through. */
export const KNOCKS_MAX = 32;

/** Who knocks. The name is cleaned already. */
export interface KnockingDevice {
  readonly device: Fingerprint;
  readonly name: string;
  readonly address: string;
}

export interface WaitingKnock<Device extends KnockingDevice = KnockingDevice> {
  readonly id: string;
  readonly who: Device;
  /** When the device knocked last. */
  readonly knockedMs: number;
  /** Whether its viewer is still connected. Approving one that has gone pairs the device all the same. */
  readonly present: boolean;
}

/**
 * The devices that wait for the operator's word (requirement P9.1, control-wire §3.2): at most {@link KNOCKS_MAX}, one entry a
 * device, refreshed in place. Times are milliseconds of any clock that doesn't go back.
 */
export class KnockList<Device extends KnockingDevice = KnockingDevice> {
  readonly #knocks = new Map<string, WaitingKnock<Device>>();

  /**
   * Adds a knock, or refreshes the device's own under the id it has. Where the list is full, the oldest makes room: first among those
   * whose viewer has gone, so that a stranger who comes and goes can't push out a person who waits.
   */
  knock(
    who: Device,
    id: string,
    nowMs: number,
  ): { readonly knock: WaitingKnock<Device>; readonly evicted: WaitingKnock<Device> | undefined } {
    const known = this.#ofDevice(who.device);
    const evicted = known === undefined && this.#knocks.size >= KNOCKS_MAX ? this.#oldest() : undefined;
    if (evicted !== undefined) this.#knocks.delete(evicted.id);
    const knock = { id: known?.id ?? id, who, knockedMs: nowMs, present: true };
    this.#knocks.set(knock.id, knock);
    return { knock, evicted };
  }

  /** In the order in which the devices knocked first. */
  list(): readonly WaitingKnock<Device>[] {
    return [...this.#knocks.values()];
  }

  find(id: string): WaitingKnock<Device> | undefined {
    return this.#knocks.get(id);
  }

  remove(id: string): boolean {
    return this.#knocks.delete(id);
  }

  /** The viewer of this knock has gone; the knock waits on. */
  leave(id: string): void {
    const knock = this.#knocks.get(id);
    if (knock !== undefined) this.#knocks.set(id, { ...knock, present: false });
  }

  /** Removes what has waited too long, and tells what that was. */
  expire(nowMs: number): readonly WaitingKnock<Device>[] {
    const expired = this.list().filter((knock) => nowMs - knock.knockedMs >= KNOCK_LIFETIME_MS);
    for (const knock of expired) this.#knocks.delete(knock.id);
    return expired;
  }

  #ofDevice(device: Fingerprint): WaitingKnock<Device> | undefined {
    return this.list().find((knock) => knock.who.device === device);
  }

  #oldest(): WaitingKnock<Device> | undefined {
    const gone = this.list().filter((knock) => !knock.present);
    const [first, ...others] = gone.length > 0 ? gone : this.list();
    return others.reduce((oldest, knock) => (oldest !== undefined && oldest.knockedMs <= knock.knockedMs ? oldest : knock), first);
  }
}
