import { createInterface } from 'node:readline';
import { Reader } from '@usher/protocol';
import type { Container } from '../container/container.ts';
import { PROGRAMS } from './usher-machine.ts';

/** Longest time that is watched: what isn't gone by then isn't going to. */
const PATIENCE_MS = 15_000;
/** Things of one kind that are told of. */
const THINGS_MAX = 200;

/** The clock that the watcher in the container has too: CLOCK_MONOTONIC, in milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What was there last of one kind. */
interface Sight {
  readonly kind: string;
  readonly atMs: number;
  readonly what: readonly string[];
}

/** Sees people's sessions end, from within the machine, so that the time which looking takes from outside counts for nothing. */
export class PersonWatch {
  readonly #lines: AsyncIterator<string, undefined>;

  private constructor(lines: AsyncIterator<string, undefined>) {
    this.#lines = lines;
  }

  /** Resolves once it watches. */
  static async begin(container: Container, uids: readonly number[]): Promise<PersonWatch> {
    const child = container.start(['node', `${PROGRAMS}/watch-person.mjs`, ...uids.map(String), String(PATIENCE_MS)]);
    child.stdin.end();
    child.stderr.resume();
    child.on('error', () => undefined); // then there is no line, which is told
    const watch = new PersonWatch(createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    await watch.#line();
    return watch;
  }

  /** What there was of them longer than that after `sinceMs`, in words; resolves once there has been nothing for a while. */
  async leftAfter(sinceMs: number, withinMs: number): Promise<readonly string[]> {
    const sights = (await this.#sights()).map(({ kind, atMs, what }) => ({ kind, afterMs: Math.round(atMs - sinceMs), what }));
    if (!sights.some(({ afterMs }) => afterMs > 0)) throw new Error('there was nothing to watch');
    console.log(`last seen after the kill, in ms: ${sights.map(({ kind, afterMs }) => `${kind} ${afterMs}`).join(', ')}`);
    const late = sights.filter(({ afterMs }) => afterMs > withinMs);
    return late.flatMap(({ kind, afterMs, what }) => what.map((line) => `${kind} after ${afterMs} ms: ${line}`));
  }

  /** Resolves once there has been nothing for a while. */
  async gone(): Promise<void> {
    await this.#sights();
  }

  async #sights(): Promise<readonly Sight[]> {
    const seen = Reader.json(await this.#line(), 'watch');
    return seen.names().map((kind) => {
      const last = seen.object(kind);
      return { kind, atMs: last.integer('atMs', 0, Number.MAX_SAFE_INTEGER), what: last.strings('what', THINGS_MAX) };
    });
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error('the watcher ended without a word');
    return next.value;
  }
}
