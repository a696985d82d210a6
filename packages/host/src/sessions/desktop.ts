import { sameMode } from '@usher/domain';
import type { CodedError, CursorShape, HostMessage, InputEvent, Mode, Reconfigured, VideoCodec, WorkerMessage } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Launch } from '../library/launchable.ts';
import { ModeRequests } from './mode-requests.ts';
import { type StreamMember, VideoStream } from './stream.ts';
import { TitleLaunches } from './title-launches.ts';

/** A viewer of the desktop, as the fan-out needs it. */
export interface DesktopViewer extends StreamMember {
  readonly codec: VideoCodec;
  /** Whether the viewer negotiated sound. */
  readonly audio: boolean;
  showCursor(cursor: CursorShape): void;
  /** The answer to the viewer's own wish, or news of a size that another caused. */
  modeChanged(answer: Reconfigured): void;
  /** The worker has gone, and the viewer's place with it. */
  lost(reason: CodedError): void;
}

/** What a viewer may do from its place. */
export interface Place {
  input(events: readonly InputEvent[]): void;
  resize(wish: Mode): void;
  requestKeyframe(): void;
  /** Kilobits a second that this viewer's encoder runs at. */
  kbps(): number;
  leave(): void;
}

/** Viewers are numbered from 1 to this on the relay (rule W6). */
const LAST_NUMBER = 0xffff;

/**
 * One worker's desktop and everybody who looks at it: one encode per codec for all of its viewers, the same sound and the same cursor
 * for everyone, and each viewer's input under a number of its own. Holds no transport: messages to the worker go out by `send`.
 */
export class Desktop {
  readonly #clock: Clock;
  readonly #send: (message: HostMessage) => void;
  readonly #viewers = new Map<number, DesktopViewer>();
  readonly #streams = new Map<VideoCodec, VideoStream<DesktopViewer>>();
  readonly #modes: ModeRequests<DesktopViewer>;
  readonly #launches: TitleLaunches;
  #mode: Mode;
  #cursor: CursorShape | undefined;
  #lastNumber = 0;
  #lostReason: CodedError | undefined;

  constructor(mode: Mode, clock: Clock, send: (message: HostMessage) => void) {
    this.#mode = mode;
    this.#clock = clock;
    this.#send = send;
    this.#modes = new ModeRequests(clock, (wish) => send({ type: 'resize', mode: wish }));
    this.#launches = new TitleLaunches(clock, send);
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** Nobody else looks: the desktop takes the size that the newcomer wants, as far as its display can. */
  async fit(wish: Mode): Promise<void> {
    if (this.#viewers.size > 0 || this.#lostReason !== undefined || sameMode(wish, this.#mode)) return;
    await this.#modes.request(wish);
  }

  /** Starts a title, unless it runs already. Rejects with `session.title-failed`, or why the worker has gone. */
  async launch(launch: Launch): Promise<void> {
    if (this.#lostReason !== undefined) throw this.#lostReason;
    await this.#launches.launch(launch);
  }

  /** From now on the viewer sees, hears and may act. Throws why, where the worker has gone meanwhile. */
  join(viewer: DesktopViewer): Place {
    if (this.#lostReason !== undefined) throw this.#lostReason;
    const number = this.#freeNumber();
    this.#viewers.set(number, viewer);
    viewer.media.onKeyframeNeeded(() => this.#streamOf(viewer, number)?.requestKeyframe());
    viewer.media.onEstimate(() => this.#streamOf(viewer, number)?.adjust());
    viewer.media.start();
    this.#stream(viewer.codec).join(viewer);
    if (this.#cursor !== undefined) viewer.showCursor(this.#cursor);
    return {
      input: (events) => {
        if (this.#isHere(viewer, number) && events.length > 0) this.#send({ type: 'input', viewer: number, events });
      },
      resize: (wish) => {
        if (this.#isHere(viewer, number)) void this.#resize(viewer, wish);
      },
      requestKeyframe: () => this.#streamOf(viewer, number)?.requestKeyframe(),
      kbps: () => this.#streams.get(viewer.codec)?.kbps ?? 0,
      leave: () => this.#leave(viewer, number),
    };
  }

  /** What the worker says after `ready`. */
  take(message: WorkerMessage): void {
    switch (message.type) {
      case 'video':
        this.#streams.get(message.codec)?.show(message);
        return;
      case 'audio':
        for (const viewer of this.#viewers.values()) if (viewer.audio) viewer.media.sendAudio(message);
        return;
      case 'cursor':
        this.#cursor = message.cursor;
        for (const viewer of this.#viewers.values()) viewer.showCursor(message.cursor);
        return;
      case 'resized':
        this.#resized(message.mode, message.accepted);
        return;
      case 'launched':
        this.#launches.answered(message);
        return;
      case 'hello':
      case 'ready':
      case 'failed':
        return; // the supervisor's business
      default:
        message satisfies never;
    }
  }

  /** The worker has gone. */
  lose(reason: CodedError): void {
    this.#lostReason = reason;
    const viewers = [...this.#viewers.values()];
    this.#viewers.clear();
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.#modes.close();
    this.#launches.lose(reason);
    for (const viewer of viewers) viewer.lost(reason);
  }

  async #resize(viewer: DesktopViewer, wish: Mode): Promise<void> {
    const accepted = await this.#modes.request(wish, viewer);
    viewer.modeChanged({ accepted, ...this.#mode });
  }

  /** Everyone is told; whoever asked for it gets this as the answer, after the others. */
  #resized(mode: Mode, accepted: boolean): void {
    const changed = !sameMode(mode, this.#mode);
    this.#mode = mode;
    const asker = this.#modes.answered(accepted);
    if (!changed) return;
    for (const viewer of this.#viewers.values()) if (viewer !== asker) viewer.modeChanged({ accepted: true, ...mode });
  }

  #leave(viewer: DesktopViewer, number: number): void {
    if (!this.#isHere(viewer, number)) return;
    this.#viewers.delete(number);
    this.#send({ type: 'viewer-gone', viewer: number });
    const stream = this.#stream(viewer.codec);
    stream.leave(viewer);
    if (stream.isEmpty) this.#streams.delete(viewer.codec);
  }

  #isHere(viewer: DesktopViewer, number: number): boolean {
    return this.#viewers.get(number) === viewer;
  }

  #streamOf(viewer: DesktopViewer, number: number): VideoStream<DesktopViewer> | undefined {
    return this.#isHere(viewer, number) ? this.#streams.get(viewer.codec) : undefined;
  }

  #stream(codec: VideoCodec): VideoStream<DesktopViewer> {
    const known = this.#streams.get(codec);
    if (known !== undefined) return known;
    const stream = new VideoStream<DesktopViewer>(codec, this.#clock, this.#send);
    this.#streams.set(codec, stream);
    return stream;
  }

  /** The next number that nobody has; the worker lets go of a number's keys when it leaves, so it may come again. */
  #freeNumber(): number {
    do this.#lastNumber = (this.#lastNumber % LAST_NUMBER) + 1;
    while (this.#viewers.has(this.#lastNumber));
    return this.#lastNumber;
  }
}
