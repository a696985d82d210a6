import { randomBytes } from 'node:crypto';
import { CodedError, type ErrorCode, isCoded } from '@usher/protocol';
import type { Clock } from '../../clock.ts';
import type { DeviceSource, OpenedDevice, UnitChoice } from './device-source.ts';

/** The agent gives a viewer four devices; with eight other hosts there can't be more. */
const HELD_MAX = 36;
/** The agent takes a device back after five minutes without a question (rule A8); a minute later its handle is forgotten here too. */
const FORGET_AFTER_MS = 6 * 60_000;
/** After these the device isn't held any more, whatever the caller does. */
const GONE: readonly ErrorCode[] = ['usb.closed', 'usb.device-gone', 'usb.backend-unavailable', 'usb.disabled', 'api.not-found'];

interface Held {
  readonly handle: string;
  readonly unit: UnitChoice;
  readonly openedUnix: number;
  readonly device: OpenedDevice;
  usedMs: number;
}

/** The devices that callers of the API hold open between requests, under names that can't be guessed. */
export class HeldDevices {
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  list() {
    this.#forgetIdle();
    return [...this.#held.values()].map(documentOf);
  }

  /** @throws CodedError `usb.claim-limit` where too many are held, and what opening fails with. */
  async open(source: DeviceSource, unit: UnitChoice) {
    this.#forgetIdle();
    if (this.#held.size >= HELD_MAX) throw new CodedError('usb.claim-limit', `the API holds ${HELD_MAX} devices already; close one`);
    const device = await source.open(unit);
    const handle = randomBytes(8).toString('hex');
    const held = { handle, unit, openedUnix: this.#clock.unix(), device, usedMs: this.#clock.now() };
    this.#held.set(handle, held);
    return documentOf(held);
  }

  /** @throws CodedError `api.not-found` where there is no such handle (any more), and what the work fails with. */
  async use<Answer>(handle: string, work: (device: OpenedDevice) => Promise<Answer>): Promise<Answer> {
    this.#forgetIdle();
    const held = this.#held.get(handle);
    if (held === undefined) throw notHeld();
    held.usedMs = this.#clock.now();
    try {
      return await work(held.device);
    } catch (error) {
      if (GONE.some((code) => isCoded(error, code))) this.#held.delete(handle);
      throw error;
    }
  }

  async close(handle: string): Promise<void> {
    await this.use(handle, async (device) => {
      this.#held.delete(handle);
      await device.close();
    });
  }

  /** Their source is gone, and the devices with it. */
  forgetAll(): void {
    this.#held.clear();
  }

  #forgetIdle(): void {
    const before = this.#clock.now() - FORGET_AFTER_MS;
    for (const [handle, { usedMs }] of this.#held) if (usedMs < before) this.#held.delete(handle);
  }
}

function documentOf({ handle, unit, openedUnix }: Held) {
  return {
    handle,
    vendor_id: unit.vendor_id.toLowerCase(),
    product_id: unit.product_id.toLowerCase(),
    serial: unit.serial ?? null,
    opened_unix: openedUnix,
  };
}

function notHeld(): CodedError {
  return new CodedError('api.not-found', 'this device is not held, or not any more; open it again');
}
