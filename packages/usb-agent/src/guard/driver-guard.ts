import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from 'pino';
import { formatGuarded, type GuardedDevice } from './guarded-device.ts';

/** Remembers outside of this process which interfaces have lost their kernel driver, in case it dies before it gives them back (U2.2). */
export interface DriverGuard {
  /** A device is about to be opened. */
  stand(): void;
  /** The driver of one more interface is about to be detached. */
  detaching(device: Omit<GuardedDevice, 'interfaces'>, interfaceNumber: number): void;
  /** Nothing of this device is owed any more. */
  restored(device: Pick<GuardedDevice, 'bus' | 'address'>): void;
}

/**
 * A guard in a process of its own. It is started before the first device is opened, so that it can't inherit a descriptor of one: an open
 * descriptor would keep the interfaces claimed that it is to give back.
 */
export class GuardProcess implements DriverGuard {
  readonly #log: Logger;
  readonly #owed = new Map<string, GuardedDevice>();
  #child: ChildProcess | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  stand(): void {
    this.#child ??= this.#start();
  }

  detaching(device: Omit<GuardedDevice, 'interfaces'>, interfaceNumber: number): void {
    const known = this.#owed.get(keyOf(device))?.interfaces ?? [];
    this.#owed.set(keyOf(device), { ...device, interfaces: [...known, interfaceNumber] });
    this.stand();
    this.#tell();
  }

  restored(device: Pick<GuardedDevice, 'bus' | 'address'>): void {
    if (this.#owed.delete(keyOf(device))) this.#tell();
  }

  /** On Linux a pipe to a child takes a short line at once, so it is out before the driver is. */
  #tell(): void {
    this.#child?.stdin?.write(formatGuarded([...this.#owed.values()]));
  }

  /** A session of its own: what ends the terminal or the agent's group must not end the one that cleans up behind it. */
  #start(): ChildProcess {
    const [, entry = ''] = process.argv;
    const child = spawn(process.execPath, [...process.execArgv, entry, 'guard'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const lost = (problem: string) => {
      if (this.#child === child) this.#child = undefined; // the next driver that is detached starts another, which is told everything
      this.#log.warn({ problem }, 'the guard of the kernel drivers ended');
    };
    child.once('error', (error) => lost(String(error)));
    child.once('exit', (code, signal) => lost(String(signal ?? code)));
    child.stdin.on('error', () => undefined); // its end is told by 'exit'
    child.unref();
    return child;
  }
}

function keyOf({ bus, address }: Pick<GuardedDevice, 'bus' | 'address'>): string {
  return `${bus}:${address}`;
}
