import { MODE_LIMITS } from '@usher/domain';
import { CodedError, type VideoCodec, type VideoUnit } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { EncodedPicture, Picture, VideoEncoder, VideoEncoders } from '../encode/video-encoder.ts';
import { Pacer, type PacerDecision } from './pacer.ts';

/** Where pictures come from. */
interface PictureSource {
  readonly size: { readonly width: number; readonly height: number };
  grab(): Promise<Picture>;
}

export interface VideoLoopOptions {
  readonly source: PictureSource;
  readonly encoders: VideoEncoders;
  readonly fps: number;
  readonly clock: Clock;
  /** Takes an encoded picture; false if it had to be thrown away, after which only a key frame is of use. */
  readonly send: (unit: VideoUnit) => boolean;
  /** The loop can't go on. */
  readonly failed: (error: unknown) => void;
}

interface Stream {
  kbps: number;
  encoder: VideoEncoder | undefined;
  wantsKey: boolean;
}

/** Rates outside of these serve nobody: below, nothing is readable; above, no line that a viewer has. In kbit/s. */
const KBPS_MIN = 100;
const KBPS_MAX = 100_000;

/** Looks at the screen when there is reason to, encodes for every codec that somebody watches, and sends. One picture at a time. */
export class VideoLoop {
  readonly #options: VideoLoopOptions;
  readonly #pacer: Pacer;
  readonly #streams = new Map<VideoCodec, Stream>();
  #picture: Picture | undefined;
  #changedUs = 0;
  /** Calls off what is planned for later. */
  #cancelPlan: (() => void) | undefined;
  #round: Promise<void> | undefined;
  #held = false;
  #closed = false;

  constructor(options: VideoLoopOptions) {
    this.#options = options;
    this.#pacer = new Pacer(options.fps);
  }

  start(codec: VideoCodec, kbps: number): void {
    const stream = this.#streams.get(codec);
    if (stream === undefined) this.#streams.set(codec, { kbps: clampKbps(kbps), encoder: undefined, wantsKey: true });
    else this.setBitrate(codec, kbps);
    this.demandKey(codec);
  }

  stop(codec: VideoCodec): void {
    const stream = this.#streams.get(codec);
    if (stream === undefined) return;
    this.#streams.delete(codec);
    void this.#afterRound().then(() => stream.encoder?.close());
  }

  /** A codec that nobody watches is no error: host and worker may cross each other's messages. */
  demandKey(codec: VideoCodec): void {
    const stream = this.#streams.get(codec);
    if (stream === undefined) return;
    stream.wantsKey = true;
    this.#pacer.demand();
    this.#plan();
  }

  setBitrate(codec: VideoCodec, kbps: number): void {
    const stream = this.#streams.get(codec);
    if (stream === undefined) return;
    stream.kbps = clampKbps(kbps);
    stream.encoder?.setBitrate(stream.kbps);
  }

  set fps(fps: number) {
    this.#pacer.fps = fps;
  }

  changed(): void {
    if (this.#changedUs === 0) this.#changedUs = this.#options.clock.nowUs();
    this.#pacer.changed();
    this.#plan();
  }

  /** Everything starts over with key frames in the new size. */
  resized(): void {
    this.#pacer.reset();
    for (const stream of this.#streams.values()) stream.wantsKey = true;
    this.changed();
  }

  /** Nothing is encoded while what was sent can't get away; afterwards everything begins with key frames. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    for (const codec of this.#streams.keys()) this.demandKey(codec);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelPlan?.();
    await this.#afterRound();
    for (const stream of this.#streams.values()) stream.encoder?.close();
    this.#streams.clear();
  }

  /** Called whenever something changed: does what is due, or waits for it; one thing at a time. */
  #plan(): void {
    if (this.#closed || this.#held || this.#round !== undefined || this.#streams.size === 0) return;
    this.#cancelPlan?.();
    const nowUs = this.#options.clock.nowUs();
    const decision = this.#pacer.next(nowUs);
    if (decision.do === 'nothing') return;
    if (decision.do === 'wait') {
      this.#cancelPlan = this.#options.clock.after(decision.untilUs - nowUs, () => this.#plan());
      return;
    }
    this.#round = this.#carryOut(decision.do, nowUs).then(
      () => {
        this.#round = undefined;
        this.#plan();
      },
      (error: unknown) => this.#options.failed(error), // the loop stands still: the worker is about to end
    );
  }

  async #carryOut(what: Extract<PacerDecision['do'], 'grab' | 'repeat'>, nowUs: number): Promise<void> {
    this.#pacer.begin(what, nowUs);
    const changedUs = what === 'grab' && this.#changedUs !== 0 ? this.#changedUs : nowUs;
    if (what === 'grab') {
      this.#changedUs = 0;
      await this.#grab();
    }
    const picture = this.#picture;
    if (picture === undefined) throw new TypeError('the first picture is never a repeated one');
    const sizes = await Promise.all([...this.#streams].map(([codec, stream]) => this.#encode(codec, stream, picture, changedUs, nowUs)));
    if (what === 'repeat') this.#pacer.repeated(Math.max(...sizes, 0));
  }

  async #grab(): Promise<void> {
    const picture = await this.#options.source.grab();
    const sizeChanged = picture.width !== this.#picture?.width || picture.height !== this.#picture.height;
    this.#picture = picture;
    if (!sizeChanged) return;
    for (const stream of this.#streams.values()) {
      stream.encoder?.close();
      stream.encoder = undefined;
    }
  }

  async #encode(codec: VideoCodec, stream: Stream, picture: Picture, changedUs: number, nowUs: number): Promise<number> {
    const { width, height } = picture;
    stream.encoder ??= this.#options.encoders.open({ codec, width, height, kbps: stream.kbps, fps: MODE_LIMITS.maxRefreshHz });
    const wantsKey = stream.wantsKey;
    stream.wantsKey = false;
    const encoded: EncodedPicture = await stream.encoder.encode(picture, nowUs, wantsKey);
    if (wantsKey && !encoded.key) throw new CodedError('worker.encoder-failed', 'the video encoder made no key frame when asked');
    if (this.#streams.get(codec) !== stream) return 0; // stopped meanwhile
    const unit: VideoUnit = {
      type: 'video',
      codec,
      key: encoded.key,
      width,
      height,
      changedUs: BigInt(changedUs),
      capturedUs: BigInt(nowUs),
      data: encoded.data,
    };
    if (!this.#options.send(unit)) stream.wantsKey = true;
    return encoded.data.length;
  }

  async #afterRound(): Promise<void> {
    await this.#round;
  }
}

function clampKbps(kbps: number): number {
  return Math.min(Math.max(kbps, KBPS_MIN), KBPS_MAX);
}
