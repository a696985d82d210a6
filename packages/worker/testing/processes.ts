import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Stopwatch } from '../../../tests/harness/stopwatch.ts';

const LOOK_EVERY_MS = 20;

export interface RunningProcess {
  readonly pid: number;
  readonly name: string;
}

/** Everything that `pid` has started, and what that has started. */
export function descendants(pid: number): readonly RunningProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => describe(Number(name)));
  const below = (parent: number): RunningProcess[] =>
    all.filter((other) => other.parent === parent).flatMap((other) => [other, ...below(other.pid)]);
  return below(pid);
}

/** Waits until `pid` has a descendant of this name. */
export async function untilRunning(pid: number, name: string, patienceMs = 20_000): Promise<void> {
  const startedAt = performance.now();
  while (!descendants(pid).some((found) => found.name === name)) {
    if (performance.now() - startedAt > patienceMs) throw new Error(`${name} was not started`);
    await delay(LOOK_EVERY_MS);
  }
}

function isAlive({ pid, name }: RunningProcess): boolean {
  return describe(pid).some((found) => found.name === name && found.state !== 'Z');
}

/** The milliseconds until none of them is left, or undefined if some are after `patienceMs`. */
export async function timeUntilGone(processes: readonly RunningProcess[], patienceMs: number): Promise<number | undefined> {
  using stopwatch = new Stopwatch();
  while (processes.some(isAlive)) {
    if (stopwatch.elapsedMs > patienceMs) return undefined;
    await delay(LOOK_EVERY_MS);
  }
  return stopwatch.elapsedMs;
}

export function environmentOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
}

/** `pid (name) state parent …`; the name may hold anything, so it ends at the last bracket (proc(5)). */
function describe(pid: number): { readonly pid: number; readonly name: string; readonly state: string; readonly parent: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = '0'] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), state, parent: Number(parent) }];
  } catch {
    return []; // it has just ended
  }
}
