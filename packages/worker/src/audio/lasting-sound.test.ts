import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { LastingSound, PAUSES_US, type SoundRun, STEADY_AFTER_US } from './lasting-sound.ts';

/** A program that sounds as long as it is let. */
class Run implements SoundRun {
  readonly pcm = new PassThrough();
  readonly ended: Promise<string>;
  #fall: (how: string) => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#fall = resolve;
    });
  }

  fall(): void {
    this.#fall('SIGABRT');
  }

  end(): Promise<void> {
    this.#fall('SIGTERM');
    return Promise.resolve();
  }
}

async function setUp() {
  const clock = new FakeClock();
  const runs: Run[] = [];
  const heard: number[] = [];
  /** Starts that fail from now on. */
  const failing = { starts: 0, tried: 0 };
  const start = () => {
    failing.tried += 1;
    if (failing.starts > 0) {
      failing.starts -= 1;
      return Promise.reject(new Error('not yet'));
    }
    const run = new Run();
    runs.push(run);
    return Promise.resolve(run);
  };
  const sound = await LastingSound.open(start, clock, pino({ level: 'silent' }));
  sound.listen((pcm) => heard.push(...pcm));
  return { clock, runs, heard, failing, sound };
}

describe('sound that lasts', () => {
  it('P7.2: a source that falls over is started again at once, and heard', async () => {
    const { clock, runs, heard } = await setUp();
    runs[0]?.pcm.write(Uint8Array.of(1, 2, 3, 4));
    runs[0]?.fall();
    await clock.pass(0);
    expect(runs).toHaveLength(2);
    runs[1]?.pcm.write(Uint8Array.of(5, 6, 7, 8));
    await settle();
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(runs[0]?.pcm.destroyed).toBe(true);
  });

  it('P7.2: a frame that the end cut off is filled up, so that no later sample is shifted', async () => {
    const { clock, runs, heard } = await setUp();
    runs[0]?.pcm.write(Uint8Array.of(1, 2, 3, 4, 5));
    await settle();
    runs[0]?.fall();
    await clock.pass(0);
    runs[1]?.pcm.write(Uint8Array.of(6, 7, 8, 9));
    await settle();
    expect(heard).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9]);
  });

  it('P7.2: one that isn’t there yet is waited for, longer each time', async () => {
    const { clock, runs, failing } = await setUp();
    failing.starts = 2;
    runs[0]?.fall();
    await clock.pass(999_999);
    expect(failing.tried).toBe(2);
    await clock.pass(1);
    expect(failing.tried).toBe(3);
    await clock.pass(1_999_999);
    expect(runs).toHaveLength(1);
    await clock.pass(1);
    expect(runs).toHaveLength(2);
  });

  it('P7.2: one that always falls over is left alone after five tries', async () => {
    const { clock, runs } = await setUp();
    for (let falls = 0; falls < 10; falls += 1) {
      runs.at(-1)?.fall();
      await clock.pass(10_000_000);
    }
    expect(runs).toHaveLength(1 + PAUSES_US.length);
    expect(clock.idle).toBe(true);
  });

  it('P7.2: one that falls over now and then is started again as often as it does', async () => {
    const { clock, runs } = await setUp();
    for (let falls = 0; falls < 20; falls += 1) {
      await clock.pass(STEADY_AFTER_US);
      runs.at(-1)?.fall();
      await clock.pass(0);
    }
    expect(runs).toHaveLength(21);
  });

  it('P7.2: after the end nothing is started, however far a new start has come', async () => {
    const waits = await setUp();
    waits.failing.starts = 1;
    waits.runs[0]?.fall();
    await waits.clock.pass(0);
    await waits.sound[Symbol.asyncDispose]();
    expect(waits.clock.idle).toBe(true);
    expect(waits.runs).toHaveLength(1);

    const begins = await setUp();
    begins.runs[0]?.fall();
    const started = begins.clock.pass(0);
    const closed = begins.sound[Symbol.asyncDispose]();
    await Promise.all([started, closed]);
    for (const run of begins.runs) expect(await run.ended).not.toBe('');
  });
});
