import { setTimeout as after } from 'node:timers/promises';
import { SerialBoard } from '../../../../packages/usb-agent/src/backends/sim/serial-board.ts';

/** A serial board that takes its time over every write, as a device does whose buffer is full. */
export class SlowBoard extends SerialBoard {
  readonly #delayMs: number;

  constructor(delayMs: number) {
    super();
    this.#delayMs = delayMs;
  }

  override async write(endpoint: number, data: Uint8Array, signal: AbortSignal): Promise<void> {
    await after(this.#delayMs, undefined, { signal });
    await super.write(endpoint, data, signal);
  }
}
