import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { toWire } from '@usher/protocol';
import type { Logger } from 'pino';
import { attachDrivers } from './attach-drivers.ts';
import { type GuardedDevice, parseGuarded } from './guarded-device.ts';

/**
 * The guard's whole life: it listens to what the agent owes, and when the agent is gone (the end of the input), gives it back. It
 * ignores the signals that end a terminal's programs, and can't outlive its work: that is bounded.
 */
export async function runGuard(input: Readable, log: Logger): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined); // the agent's end is what ends it
  const owed = await lastWord(input, log);
  for (const device of owed) {
    const attached = await attachDrivers(device);
    log.warn(
      { bus: device.bus, address: device.address, interfaces: device.interfaces, attached },
      'kernel drivers of a dead agent given back',
    );
  }
}

async function lastWord(input: Readable, log: Logger): Promise<readonly GuardedDevice[]> {
  let owed: readonly GuardedDevice[] = [];
  for await (const line of createInterface({ input })) {
    try {
      owed = parseGuarded(line);
    } catch (error) {
      log.warn({ error: toWire(error) }, 'a line of the agent was cut off'); // it died while it wrote; what it said before holds
    }
  }
  return owed;
}
