import {
  CodedError,
  decodeClosed,
  decodeCredit,
  decodeDeviceChange,
  decodeFrame,
  decodeListing,
  decodeOpened,
  decodeProtocolError,
  encodeFrame,
  encodeListRequest,
  encodeOpen,
  encodeResume,
  FLAG_V2,
  FragmentJoiner,
  failureOfText,
  isChannelFailure,
  MAX_BODY,
  Op,
  type UsbDeviceChange,
  type UsbDeviceInfo,
  type UsbDeviceQuery,
  type UsbFrame,
  type UsbListing,
  type UsbOpened,
} from '@usher/protocol';
import { ClientClaim, type UsbClaimHandle } from './client-claim.ts';
import { type Clock, platformClock } from './clock.ts';
import { onlyCoded } from './only-coded.ts';
import { PendingReply } from './pending-reply.ts';
import { Serial } from './serial.ts';

/** How long any reply may take where nobody says (U4.2). */
const REPLY_TIMEOUT_MS = 10_000;
/** How long an OPEN may take: the host may have to ask its operator, who has 30 s (rule A6). */
const OPEN_TIMEOUT_MS = 40_000;
/** LIST and OPEN calls that may wait for each other. */
const MAX_WAITING = 64;
/** Unfinished joins: one a claim, and the listing. A host that keeps more open isn't answering requests. */
const MAX_JOINS = 64;

export interface UsbClientOptions {
  /** Puts one frame on the channel. A rejection ends the request that it belonged to. */
  readonly send: (frame: Uint8Array) => void | Promise<void>;
  /** 10 s where it isn't given. */
  readonly replyTimeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * The viewer's side of the `usb` channel (U4.2). It asks for v2 with each OPEN and RESUME, and speaks the base protocol, which any host
 * understands, where the host doesn't answer that (rule U12). Frames go out by `send` and come in by
 * {@link receive}; whoever owns the channel calls {@link shutdown} when it closes. Calls reject with a coded error.
 *
 * @example
 * const client = new UsbClient({ send: (frame) => channel.send(frame) });
 * channel.onmessage = (event) => client.receive(new Uint8Array(event.data));
 * const key = await client.open({ vendorId: '1050', productId: '0407' });
 * const descriptor = await key.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18 });
 * await key.close();
 */
export class UsbClient {
  readonly #send: (frame: Uint8Array) => void | Promise<void>;
  readonly #replyTimeoutMs: number;
  readonly #clock: Clock;
  readonly #joiner = new FragmentJoiner({ maxBytes: MAX_BODY, maxJoins: MAX_JOINS });
  /** One LIST, and one OPEN or RESUME, at a time: their replies don't say which request they answer. */
  readonly #lists = new Serial(MAX_WAITING);
  readonly #opens = new Serial(MAX_WAITING);
  readonly #claims = new Map<number, ClientClaim>();
  #listing: PendingReply<Uint8Array> | undefined;
  #opening: PendingReply<UsbOpened> | undefined;
  /** OPENs that were given up: their answers, should they come, are for nobody. */
  #abandonedOpens = 0;
  #newsListener: ((change: UsbDeviceChange) => void) | undefined;
  #ended: CodedError | undefined;

  constructor(options: UsbClientOptions) {
    this.#send = options.send;
    this.#replyTimeoutMs = options.replyTimeoutMs ?? REPLY_TIMEOUT_MS;
    // Only waits are measured here, never instants, so the source of now() doesn't matter.
    this.#clock = options.clock ?? platformClock(() => 0);
  }

  /** The devices that this viewer may ask for. */
  async list(): Promise<readonly UsbDeviceInfo[]> {
    return (await this.#listed(encodeListRequest())).devices;
  }

  /**
   * The devices that this viewer may ask for, and from then on what comes and goes (rule U21). `tellsNews` is false where the host
   * speaks the base protocol only: then nothing is ever told. One listener at a time; another call replaces it.
   */
  async watch(
    listener: (change: UsbDeviceChange) => void,
  ): Promise<{ readonly devices: readonly UsbDeviceInfo[]; readonly tellsNews: boolean }> {
    this.#newsListener = listener;
    const { devices, tellsNews = false } = await this.#listed(encodeListRequest('v2'));
    return { devices, tellsNews };
  }

  /** Claims a device. Rejects with the host's reason: `usb.denied`, `usb.not-found`, `usb.ambiguous`, `usb.device-busy` … */
  open(query: UsbDeviceQuery): Promise<UsbClaimHandle> {
    return this.#claim(Op.Open, encodeOpen(query, 'v2'));
  }

  /** Takes a claim over whose channel was lost, with the token of its last handle. */
  resume(resumeToken: string): Promise<UsbClaimHandle> {
    return this.#claim(Op.Resume, encodeResume(resumeToken, 'v2'));
  }

  /** Takes one message of the channel. Never throws; what can't be understood is dropped. */
  receive(bytes: Uint8Array): void {
    try {
      this.#take(decodeFrame(bytes));
    } catch (error) {
      onlyCoded(error); // a frame that isn't one: the request that it may have answered runs into its timeout
    }
  }

  /** The channel is gone or no longer wanted: everything that waits rejects with `reason`. Nothing more is sent. */
  shutdown(reason: CodedError = new CodedError('usb.closed', 'the USB client was shut down')): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#failRequests(reason);
    for (const claim of [...this.#claims.values()]) claim.ended(reason);
  }

  #listed(request: Uint8Array): Promise<UsbListing> {
    return this.#queued(this.#lists, async () => {
      const pending = this.#pendingListing();
      this.#listing = pending;
      await this.#dispatch(Op.List, request, pending);
      const listing = decodeListing(await pending.promise);
      if (listing.problem !== undefined) throw failureOfText(listing.problem, 'usb.backend-unavailable');
      return listing;
    });
  }

  #take(frame: UsbFrame): void {
    switch (frame.op) {
      case Op.List:
        this.#joined(frame, (payload) => this.#listing?.resolve(payload));
        return;
      case Op.Opened:
        this.#takeOpened(decodeOpened(frame.payload));
        return;
      case Op.Control:
      case Op.Bulk:
      case Op.Interrupt:
        if ((frame.flags & FLAG_V2) !== 0) this.#claims.get(frame.claim)?.pipelined(frame);
        else if (this.#claims.has(frame.claim)) this.#joined(frame, (payload) => this.#claims.get(frame.claim)?.replied(frame.op, payload));
        return;
      case Op.Config:
      case Op.Subscribe:
        this.#claims.get(frame.claim)?.pipelined(frame);
        return;
      case Op.Devices:
        this.#newsListener?.(decodeDeviceChange(frame.payload));
        return;
      case Op.Credit:
        this.#claims.get(frame.claim)?.granted(decodeCredit(frame.payload));
        return;
      case Op.Closed:
        this.#takeClosed(frame);
        return;
      case Op.Error:
        this.#takeError(frame.claim, failureOfText(decodeProtocolError(frame.payload), 'usb.transfer-failed'));
        return;
      case Op.Open:
      case Op.Close:
      case Op.Resume:
      case Op.Cancel:
        return; // a viewer's own words: a host doesn't say them
    }
  }

  #joined(frame: UsbFrame, deliver: (payload: Uint8Array) => void): void {
    let payload: Uint8Array | undefined;
    try {
      payload = this.#joiner.push(frame);
    } catch (error) {
      this.#takeError(frame.claim, onlyCoded(error));
      return;
    }
    if (payload !== undefined) deliver(payload);
  }

  #takeOpened(opened: UsbOpened): void {
    if (this.#opening !== undefined && this.#abandonedOpens === 0) {
      const opening = this.#opening;
      this.#opening = undefined;
      // The handle exists before the next frame is looked at: a CLOSED or a CREDIT may follow at once.
      if (opened.ok) {
        this.#claims.get(opened.claim)?.ended(new CodedError('usb.closed', 'the claim was resumed'));
        this.#claims.set(opened.claim, this.#newClaim(opened));
      }
      opening.resolve(opened);
      return;
    }
    this.#abandonedOpens = Math.max(0, this.#abandonedOpens - 1);
    if (opened.ok) void this.#transmit(closeOf(opened.claim)).catch(() => undefined); // best effort: nobody wants it
  }

  #takeClosed(frame: UsbFrame): void {
    const closed = decodeClosed(frame.payload);
    this.#joiner.drop(frame.claim);
    this.#claims.get(frame.claim)?.ended(closed.ok ? undefined : failureOfText(closed.error, 'usb.closed'));
  }

  /** An ERROR of a claim answers that claim's request; on claim 0 it answers whatever waits without a claim (usb-wire §0, row 5). */
  #takeError(claim: number, error: CodedError): void {
    this.#joiner.drop(claim);
    if (claim !== 0) {
      this.#claims.get(claim)?.refused(error);
      return;
    }
    this.#failRequests(error);
    if (isChannelFailure(error)) for (const held of [...this.#claims.values()]) held.refused(error);
  }

  #failRequests(error: CodedError): void {
    this.#abandonedOpens = 0;
    this.#listing?.reject(error);
    this.#listing = undefined;
    this.#opening?.reject(error);
    this.#opening = undefined;
  }

  #claim(op: typeof Op.Open | typeof Op.Resume, payload: Uint8Array): Promise<UsbClaimHandle> {
    return this.#queued(this.#opens, async () => {
      const pending = this.#pendingOpening(op);
      this.#opening = pending;
      await this.#dispatch(op, payload, pending);
      const opened = await pending.promise;
      if (!opened.ok) throw failureOfText(opened.error, 'usb.transfer-failed');
      // The host may have closed it again in the meantime; the handle then says so.
      return this.#claims.get(opened.claim) ?? this.#closedClaim(opened);
    });
  }

  #newClaim(opened: UsbOpened & { ok: true }): ClientClaim {
    return new ClientClaim(opened, {
      clock: this.#clock,
      replyTimeoutMs: this.#replyTimeoutMs,
      send: (frame) => this.#transmit(frame),
      forget: (claim) => {
        if (this.#claims.get(claim.claim) === claim) this.#claims.delete(claim.claim);
        this.#joiner.drop(claim.claim);
      },
    });
  }

  #closedClaim(opened: UsbOpened & { ok: true }): ClientClaim {
    const claim = this.#newClaim(opened);
    claim.ended(this.#ended ?? new CodedError('usb.closed', 'the host closed the claim'));
    return claim;
  }

  #pendingListing(): PendingReply<Uint8Array> {
    return new PendingReply<Uint8Array>(this.#clock, this.#replyTimeoutMs, () => {
      this.#joiner.drop(0);
      this.#listing?.reject(this.#noAnswer(this.#replyTimeoutMs));
      this.#listing = undefined;
    });
  }

  #pendingOpening(op: typeof Op.Open | typeof Op.Resume): PendingReply<UsbOpened> {
    const wait = op === Op.Open ? Math.max(OPEN_TIMEOUT_MS, this.#replyTimeoutMs) : this.#replyTimeoutMs;
    return new PendingReply<UsbOpened>(this.#clock, wait, () => {
      this.#abandonedOpens += 1;
      this.#opening?.reject(this.#noAnswer(wait));
      this.#opening = undefined;
    });
  }

  #noAnswer(waitedMs: number): CodedError {
    return new CodedError('usb.timeout', `the host didn't answer within ${waitedMs} ms`);
  }

  async #dispatch(op: Op, payload: Uint8Array, pending: { reject(error: CodedError): void }): Promise<void> {
    try {
      await this.#transmit({ op, flags: 0, claim: 0, payload });
    } catch (error) {
      pending.reject(new CodedError('session.transport', 'the request could not be sent', { cause: error }));
    }
  }

  async #transmit(frame: UsbFrame): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    await this.#send(encodeFrame(frame));
  }

  async #queued<T>(serial: Serial, task: () => Promise<T>): Promise<T> {
    if (this.#ended !== undefined) throw this.#ended;
    if (serial.full) throw new CodedError('usb.transfer-failed', `more than ${MAX_WAITING} requests wait`);
    return serial.run(async () => {
      if (this.#ended !== undefined) throw this.#ended;
      return task();
    });
  }
}

function closeOf(claim: number): UsbFrame {
  return { op: Op.Close, flags: 0, claim, payload: new Uint8Array() };
}
