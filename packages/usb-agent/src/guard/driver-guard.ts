import type { ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import { startOwn } from '../own-process.ts';
import { formatGuarded, type GuardedDevice } from './guarded-device.ts';

/** Remembers outside of this process which interfaces have lost their kernel driver, in case it dies before it gives them back (U2.2). */
export interface DriverGuard {
  /** A device is about to be opened. */
  stand(): void;
  /** The driver of one more interface is about to be detached. */
  detaching(device: Omit<GuardedDevice, 'interfaces'>, interfaceNumber: number): void;
  /** Nothing of this device is owed any more. */
  restored(device: Pick<GuardedDevice, 'bus' | 'address'>): void;
  /** The process that held this device died without giving it back. */
  giveBack(device: GuardedDevice): void;
}

/** A guard in a process of its own, which does its work when the agent is gone. */
export class GuardProcess implements DriverGuard {
  readonly #log: Logger;
  readonly #owed = new Map<string, GuardedDevice>();
  #child: ChildProcess | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  stand(): void {
    if (this.#child !== undefined) return;
    const child = this.#start();
    this.#child = child;
    const lost = (problem: string) => {
      if (this.#child === child) this.#child = undefined; // the next driver that is detached starts another, which is told everything
      this.#log.warn({ problem }, 'the guard of the kernel drivers ended');
    };
    child.once('error', (error) => lost(String(error)));
    child.once('exit', (code, signal) => lost(String(signal ?? code)));
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

  /** By another guard, which has only this to do: attaching may hang in the device as whatever died did. */
  giveBack(device: GuardedDevice): void {
    this.#owed.delete(keyOf(device));
    this.#tell();
    this.#start().stdin?.end(formatGuarded([device]));
  }

  /** On Linux a pipe to a child takes a short line at once, so it is out before the driver is. */
  #tell(): void {
    this.#child?.stdin?.write(formatGuarded([...this.#owed.values()]));
  }

  /** A session of its own: what ends the terminal or the agent's group must not end the one that cleans up behind it. */
  #start(): ChildProcess {
    return startOwn('guard', { isDetached: true, output: 'ignore' });
  }
}

function keyOf({ bus, address }: Pick<GuardedDevice, 'bus' | 'address'>): string {
  return `${bus}:${address}`;
}
