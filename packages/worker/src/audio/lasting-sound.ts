import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { BYTES_PER_FRAME, type SoundSource } from './sound.ts';

/** One run of the program that a session's sound comes from. */
export interface SoundRun {
  /** Samples as {@link SoundSource} gives them. */
  readonly pcm: Readable;
  /** Resolves when the program has ended, for whatever reason, with words for a log. */
  readonly ended: Promise<string>;
  end(): Promise<void>;
}

/** Before each new try. A program that fell over is there again at once; one that waits for somebody else's server has a quarter of a minute in all. */
export const PAUSES_US: readonly number[] = [0, 1_000_000, 2_000_000, 4_000_000, 8_000_000];
/** A program that ran for as long didn't fail at its start: it may be tried as often again. */
export const STEADY_AFTER_US = 60_000_000;

/** Sound from a program that is started again when it ends: a session may last for weeks, and a sound server falls over sooner. */
export class LastingSound implements SoundSource {
  readonly #start: () => Promise<SoundRun>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #kept: Promise<void>;
  #run: SoundRun | undefined;
  #heard: (pcm: Uint8Array) => void = () => undefined;
  /** Bytes of a frame that isn't whole yet. */
  #partial = 0;
  #closing = false;
  #endPause: () => void = () => undefined;

  /** Fails with what the first start fails with. */
  static async open(start: () => Promise<SoundRun>, clock: Clock, log: Logger): Promise<LastingSound> {
    return new LastingSound(await start(), start, clock, log);
  }

  private constructor(first: SoundRun, start: () => Promise<SoundRun>, clock: Clock, log: Logger) {
    this.#run = first;
    this.#start = start;
    this.#clock = clock;
    this.#log = log;
    this.#kept = this.#keep();
  }

  listen(heard: (pcm: Uint8Array) => void): void {
    this.#heard = heard;
    if (this.#run !== undefined) this.#read(this.#run);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#endPause();
    await this.#run?.end();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    for (let tries = 0; !this.#closing; tries += 1) {
      if (await this.#ranForLong()) tries = 0;
      const pauseUs = PAUSES_US[tries];
      if (pauseUs === undefined) break;
      if (await this.#pause(pauseUs)) await this.#tryAgain();
    }
    if (!this.#closing) this.#log.warn('the session goes on without sound');
  }

  /** Waits for the end of the run, if there is one. */
  async #ranForLong(): Promise<boolean> {
    const run = this.#run;
    if (run === undefined) return false;
    const startedUs = this.#clock.nowUs();
    const how = await run.ended;
    run.pcm.destroy();
    this.#run = undefined;
    if (!this.#closing) this.#log.warn({ how }, 'the program that the sound of a session comes from has ended');
    return this.#clock.nowUs() - startedUs >= STEADY_AFTER_US;
  }

  /** Whether the pause passed without the end of it all. */
  #pause(delayUs: number): Promise<boolean> {
    if (this.#closing) return Promise.resolve(false);
    return new Promise((resolve) => {
      const cancel = this.#clock.after(delayUs, () => resolve(true));
      this.#endPause = () => {
        cancel();
        resolve(false);
      };
    });
  }

  async #tryAgain(): Promise<void> {
    try {
      const run = await this.#start();
      if (this.#closing) {
        await run.end();
        run.pcm.destroy();
        return;
      }
      this.#run = run;
      this.#read(run);
      this.#log.info('there is sound again');
    } catch (error) {
      this.#log.warn({ problem: String(error) }, 'the sound could not be started again');
    }
  }

  #read(run: SoundRun): void {
    // A frame that was cut off with the run before would shift every sample after it.
    if (this.#partial > 0) this.#heard(new Uint8Array(BYTES_PER_FRAME - this.#partial));
    this.#partial = 0;
    run.pcm.on('error', (error) => this.#log.warn({ problem: error.message }, 'sound can no longer be read'));
    run.pcm.on('data', (pcm: Uint8Array) => {
      this.#partial = (this.#partial + pcm.length) % BYTES_PER_FRAME;
      this.#heard(pcm);
    });
  }
}
