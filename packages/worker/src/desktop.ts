import { clampMode, sameMode } from '@usher/domain';
import { CodedError, type Mode, type WorkerMessage } from '@usher/protocol';
import type { Logger } from 'pino';
import { watchCursor } from './capture/cursor-watch.ts';
import { Screen } from './capture/screen.ts';
import { VideoLoop } from './capture/video-loop.ts';
import { systemClock } from './clock.ts';
import type { Display } from './display/display.ts';
import type { VideoEncoders } from './encode/video-encoder.ts';
import { InputPlayer } from './input/input-player.ts';
import { TextKeys } from './input/text-keys.ts';
import type { LaterMessage } from './relay/inbox.ts';
import type { Titles } from './titles/titles.ts';

export interface DesktopOptions {
  readonly display: Display;
  readonly encoders: VideoEncoders;
  readonly titles: Titles;
  readonly refreshHz: number;
  readonly send: (message: WorkerMessage) => boolean;
  readonly failed: (error: unknown) => void;
  readonly log: Logger;
}

/** An open display with everything that viewers do with it: look, operate, resize. */
export class Desktop {
  readonly #options: DesktopOptions;
  readonly #screen: Screen;
  readonly #video: VideoLoop;
  readonly #input: InputPlayer;
  #refreshHz: number;
  /** The newest size that waits for the resize under way, and how many wishes it answers. */
  #waiting: { readonly mode: Mode; readonly wishes: number } | undefined;
  #resizing = false;

  static async open(options: DesktopOptions): Promise<Desktop> {
    const { connection } = options.display;
    const [screen, text] = await Promise.all([Screen.open(connection, options.log), TextKeys.open(connection, systemClock, options.log)]);
    return new Desktop(options, screen, text);
  }

  private constructor(options: DesktopOptions, screen: Screen, text: TextKeys) {
    const { display, encoders, refreshHz, send, failed } = options;
    this.#options = options;
    this.#refreshHz = refreshHz;
    this.#screen = screen;
    this.#video = new VideoLoop({ source: screen, encoders, fps: refreshHz, clock: systemClock, send, failed });
    this.#input = new InputPlayer(display.connection, text, () => screen.size, systemClock);
  }

  /** From now on, the host hears of the pointer and of the screen. */
  begin(): void {
    const { display, send, log } = this.#options;
    this.#screen.watch({ changed: () => this.#video.changed(), resized: () => this.#screenResized() });
    watchCursor(display.connection, (cursor) => send({ type: 'cursor', cursor }), log);
  }

  get name(): string {
    return this.#options.display.connection.name;
  }

  get mode(): Mode {
    return { ...this.#screen.size, refreshHz: this.#refreshHz };
  }

  receive(message: LaterMessage): void {
    switch (message.type) {
      case 'start-stream':
        this.#video.start(message.codec, message.kbps);
        return;
      case 'stop-stream':
        this.#video.stop(message.codec);
        return;
      case 'keyframe':
        this.#video.demandKey(message.codec);
        return;
      case 'bitrate':
        this.#video.setBitrate(message.codec, message.kbps);
        return;
      case 'resize':
        this.#resize(message.mode);
        return;
      case 'input':
        for (const event of message.events) this.#input.play(message.viewer, event);
        return;
      case 'viewer-gone':
        this.#input.release(message.viewer);
        return;
      case 'launch':
        void this.#launch(message.title, message.command);
        return;
      default:
        message satisfies never;
    }
  }

  /** The host doesn't keep up: nothing is encoded until `resume`. */
  pause(): void {
    this.#video.hold();
  }

  resume(): void {
    this.#video.release();
  }

  async close(): Promise<void> {
    this.#input.close();
    await this.#video.close();
    this.#screen.close();
  }

  async #launch(title: string, command: readonly string[]): Promise<void> {
    const problem = await this.#options.titles.launch(title, command);
    this.#options.send({ type: 'launched', title, ...(problem === undefined ? {} : { problem }) });
  }

  #screenResized(): void {
    this.#video.resized();
    if (!this.#resizing) this.#options.send({ type: 'resized', accepted: true, mode: this.mode });
  }

  /** While a window is dragged, wishes come faster than they can be met: those between are skipped, and answered with the last. */
  #resize(wish: Mode): void {
    this.#waiting = { mode: clampMode(wish), wishes: (this.#waiting?.wishes ?? 0) + 1 };
    if (this.#resizing) return;
    this.#resizing = true;
    this.#resizeWaiting()
      .catch((cause: unknown) => this.#options.failed(new CodedError('worker.display-lost', 'the display could not be resized', { cause })))
      .finally(() => {
        this.#resizing = false;
      });
  }

  async #resizeWaiting(): Promise<void> {
    for (let next = this.#waiting; next !== undefined; next = this.#waiting) {
      this.#waiting = undefined;
      if (!sameMode(this.mode, next.mode) && (await this.#options.display.resize(next.mode))) {
        this.#refreshHz = next.mode.refreshHz;
        this.#video.fps = this.#refreshHz;
      }
      const accepted = sameMode(this.mode, next.mode);
      for (let wish = 0; wish < next.wishes; wish += 1) this.#options.send({ type: 'resized', accepted, mode: this.mode });
    }
  }
}
