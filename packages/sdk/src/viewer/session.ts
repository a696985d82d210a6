import {
  CodedError,
  type CursorShape,
  decodeClockEcho,
  decodeCursorShape,
  decodeReconfigured,
  encodeClockProbe,
  encodeInput,
  encodeReconfigure,
  encodeRequestKeyframe,
  type Fingerprint,
  INPUT_EVENTS_MAX,
  type InputEvent,
  MessageType,
  type Mode,
  messageKind,
  type Reconfigured,
} from '@usher/protocol';
import type { UsbClient } from '@usher/usb';
import { ClockProbes } from './clock-probes.ts';
import { type ConnectError, toConnectError } from './connect-error.ts';
import { Listeners } from './listeners.ts';
import type { MediaStats, PeerChannel, ViewerPeer } from './peer.ts';
import type { Placed } from './place.ts';
import { ResizeWishes } from './resize-wishes.ts';
import type { VideoCodecName } from './sdp.ts';
import { openUsbLink, type UsbLink } from './usb-link.ts';

/** Input that may wait to be sent: 3640 events, seconds of typing. A host that doesn't take it has stopped. */
const INPUT_WAITING_MAX = 64 * 1024;
/** Motion that may wait: past it a newer position is worth more than all that wait. */
const POINTER_WAITING_MAX = 2 * 1024;

/** What a session tells; each with the listener's argument. */
export interface SessionEvents {
  /** The pointer's picture, which the viewer draws itself. */
  cursor: CursorShape;
  /** The picture has another size now, whoever asked for it. */
  mode: Mode;
  /** The session is over without the viewer's doing: why. */
  ended: ConnectError;
}

export interface SessionStats extends MediaStats {
  readonly codec: VideoCodecName;
  /** When the figures were taken, in milliseconds of `performance.now()`: two of them make a rate. */
  readonly atMs: number;
}

/** One viewer placed in one profile. Its end is the connection's end (design §1). */
export class ViewerSession<Certificate, Peer extends ViewerPeer> {
  readonly hostFingerprint: Fingerprint;
  readonly profile: string;
  readonly codec: VideoCodecName;
  protected readonly peer: Peer;
  readonly #placed: Placed<Certificate, Peer>;
  readonly #input: PeerChannel;
  readonly #pointer: PeerChannel;
  readonly #listeners: { readonly [Name in keyof SessionEvents]: Listeners<SessionEvents[Name]> } = {
    cursor: new Listeners(),
    mode: new Listeners(),
    ended: new Listeners(),
  };
  readonly #probes: ClockProbes;
  readonly #resizes: ResizeWishes;
  readonly #leaving = new AbortController();
  #usb: Promise<UsbLink> | undefined;
  #mode: Mode;
  #cursor: CursorShape | undefined;
  #closed = false;

  constructor(placed: Placed<Certificate, Peer>) {
    this.#placed = placed;
    this.peer = placed.peer;
    this.hostFingerprint = placed.hostFingerprint;
    this.profile = placed.profile;
    this.codec = placed.codec;
    this.#mode = placed.mode;
    this.#input = channelOf(placed, 'input');
    this.#pointer = channelOf(placed, 'pointer');
    this.#probes = new ClockProbes((t1) => placed.control.send(encodeClockProbe(t1)));
    this.#resizes = new ResizeWishes((mode) => placed.control.send(encodeReconfigure(mode)));
    // A microtask later, so that whoever called connect() can subscribe before the first message is passed on.
    queueMicrotask(() => placed.control.handOver({ message: (bytes) => this.#control(bytes), closed: (error) => this.#ended(error) }));
  }

  /** The size and rate of the picture as it is now. */
  get mode(): Mode {
    return this.#mode;
  }

  /** The pointer's picture as it is now; undefined until the host has told it. For whoever subscribes to `cursor` late. */
  get cursor(): CursorShape | undefined {
    return this.#cursor;
  }

  /** Subscribes; the function that comes back unsubscribes. `ended` is told to whoever subscribes late, too. */
  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): () => void {
    return this.#listeners[name].add(listener);
  }

  /** Keys, buttons, wheel, text and positions that must arrive, in order. */
  sendInput(events: readonly InputEvent[]): void {
    if (this.#closed) return;
    this.#attempt(() => {
      if (this.#input.bufferedAmount > INPUT_WAITING_MAX) {
        throw new CodedError('session.transport', 'the host does not take input any more');
      }
      for (let at = 0; at < events.length; at += INPUT_EVENTS_MAX) {
        this.#input.send(encodeInput(events.slice(at, at + INPUT_EVENTS_MAX)));
      }
    });
  }

  /** Pointer motion: may be lost or overtaken, because the next one makes up for it. */
  sendPointer(event: InputEvent): void {
    if (this.#closed || this.#pointer.bufferedAmount > POINTER_WAITING_MAX) return;
    this.#attempt(() => this.#pointer.send(encodeInput([event])));
  }

  /** Asks for another size; resolves with what the host made of it (requirement P7.3). */
  resize(mode: Mode): Promise<Reconfigured> {
    return this.#resizes.wish(mode);
  }

  requestKeyframe(): void {
    if (!this.#closed) this.#attempt(() => this.#placed.control.send(encodeRequestKeyframe()));
  }

  /** Milliseconds of one round trip over `control`. */
  ping(): Promise<number> {
    return this.#probes.probe();
  }

  async stats(): Promise<SessionStats> {
    return { ...(await this.peer.mediaStats()), codec: this.codec, atMs: performance.now() };
  }

  /**
   * The host's lent USB devices. The connection for them is opened at the first call and kept; one that failed or was lost is opened
   * anew by the next call. Where the host lends none, the client's calls reject with `usb.disabled`.
   */
  async usb(): Promise<UsbClient> {
    if (this.#closed) throw new CodedError('session.transport', 'the session was closed');
    this.#usb ??= openUsbLink(this.#placed, this.#leaving.signal, () => this.#forgetUsb());
    try {
      return (await this.#usb).client;
    } catch (error) {
      this.#forgetUsb();
      throw toConnectError(error);
    }
  }

  /** Leaves. The listeners of `ended` aren't called: it is the caller's own doing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const closed = new CodedError('session.transport', 'the session was closed');
    this.#probes.close(closed);
    this.#resizes.close(closed);
    this.#leaving.abort(closed);
    this.#usb?.then(
      (link) => link.close(),
      () => undefined, // whoever asked for it has been told
    );
    this.#placed.close();
  }

  #forgetUsb(): void {
    this.#usb = undefined;
  }

  #control(bytes: Uint8Array): void {
    if (!this.#closed) this.#attempt(() => this.#dispatch(bytes));
  }

  /** A channel that is gone and a message that can't be read both end the session; neither is the caller's failure. */
  #attempt(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.#ended(error);
    }
  }

  /** What this version doesn't know is skipped: what it announces isn't needed by a viewer that doesn't know it. */
  #dispatch(bytes: Uint8Array): void {
    const kind = messageKind(bytes);
    if (kind === MessageType.CursorShape) this.#pointed(decodeCursorShape(bytes));
    else if (kind === MessageType.ClockEcho) this.#probes.echoed(decodeClockEcho(bytes));
    else if (kind === MessageType.Reconfigured) this.#reconfigured(decodeReconfigured(bytes));
  }

  #pointed(cursor: CursorShape): void {
    this.#cursor = cursor;
    this.#listeners.cursor.emit(cursor);
  }

  #reconfigured(answer: Reconfigured): void {
    const { width, height, refreshHz } = answer;
    const changed = width !== this.#mode.width || height !== this.#mode.height || refreshHz !== this.#mode.refreshHz;
    this.#mode = { width, height, refreshHz };
    this.#resizes.answered(answer);
    if (changed) this.#listeners.mode.emit(this.#mode);
  }

  #ended(error: unknown): void {
    if (this.#closed) return;
    const reason = toConnectError(error);
    this.close();
    this.#listeners.ended.finish(reason);
  }
}

function channelOf<Certificate, Peer extends ViewerPeer>(placed: Placed<Certificate, Peer>, label: string): PeerChannel {
  const channel = placed.channels.get(label);
  if (channel === undefined) throw new TypeError(`the session connection has no channel ${label}`);
  return channel;
}
