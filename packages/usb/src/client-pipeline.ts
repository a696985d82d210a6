import {
  CodedError,
  decodeV2Reply,
  encodeV2Cancel,
  encodeV2Config,
  encodeV2Control,
  encodeV2Endpoint,
  encodeV2Grant,
  encodeV2Subscribe,
  FLAG_CONTINUED,
  FLAG_EOF,
  FLAG_V2,
  fragmentV2,
  framesOfControl,
  framesOfEndpoint,
  isCoded,
  MAX_CONTROL_TRANSFER,
  MAX_TRANSFER,
  Op,
  type TransferId,
  transferIdOf,
  type UsbConfigChange,
  type UsbControlRequest,
  type UsbEndpointRequest,
  type UsbFrame,
  type UsbWindow,
  V2Join,
} from '@usher/protocol';
import { AbortListeners } from './abort-listeners.ts';
import { ClientSubscription, type SubscriptionRequest } from './client-subscription.ts';
import type { Clock } from './clock.ts';
import { onlyCoded } from './only-coded.ts';
import { PendingReply } from './pending-reply.ts';
import { Serial } from './serial.ts';
import type { TransferOp } from './transfer-op.ts';
import { WaitingWindow } from './waiting-window.ts';

/** Transfers of one endpoint that callers may have waiting; more is a caller that doesn't wait. */
const MAX_WAITING = 1024;
/** What a reply may take beyond the device's own timeout: two trips over a slow line. */
const REPLY_MARGIN_MS = 5000;
/** How often a reply may be waited for anew because others still arrive: a full window takes a while over a slow line. */
const MAX_PATIENCE = 5;
const LAST_ID = 0xffff_ffff;

export interface ClientPipelineLink {
  readonly claim: number;
  readonly clock: Clock;
  /** Shortest wait for any reply. */
  readonly replyTimeoutMs: number;
  /** Puts a frame on the channel; settles when the channel has room for more. */
  send(frame: UsbFrame): Promise<void>;
}

/** One transfer, or one change of the configuration, as it goes out. */
export interface Outgoing {
  readonly op: TransferOp | typeof Op.Config;
  /** 0 for control transfers. */
  readonly endpoint: number;
  readonly cost: UsbWindow;
  readonly timeoutMs: number;
  /** Bytes that are read at most, or that are written. */
  readonly length: number;
  readonly isIn: boolean;
  encode(transfer: TransferId): Uint8Array;
}

interface Transfer {
  readonly id: TransferId;
  readonly outgoing: Outgoing;
  readonly share: WaitingWindow;
  readonly pending: PendingReply<Uint8Array>;
  join: V2Join | undefined;
  isCancelled: boolean;
  /** What had moved when its time was last looked at, and how often it may still be waited for anew. */
  seen: number;
  patience: number;
  /** Stops listening to the caller's signal. */
  unlisten: () => void;
}

/** What one endpoint may have under way, and in which order it goes out. */
interface Lane {
  readonly turn: Serial;
  readonly share: WaitingWindow;
}

export function outgoingControl(request: UsbControlRequest): Outgoing {
  const isIn = (request.requestType & 0x80) !== 0;
  const data = isIn ? new Uint8Array() : (request.data ?? new Uint8Array());
  const length = isIn ? request.length : data.length;
  if (length > MAX_CONTROL_TRANSFER) throw tooLong(MAX_CONTROL_TRANSFER);
  const cost = { frames: framesOfControl({ ...request, length }), bytes: length };
  const encode = (transfer: TransferId) => encodeV2Control({ ...request, transfer, length, data });
  return { op: Op.Control, endpoint: 0, cost, timeoutMs: request.timeoutMs, length, isIn, encode };
}

export function outgoingEndpoint(op: TransferOp, request: UsbEndpointRequest): Outgoing {
  const { endpoint, timeoutMs } = request;
  const isIn = request.direction === 'in';
  const data = isIn ? new Uint8Array() : (request.data ?? new Uint8Array());
  const length = isIn ? request.length : data.length;
  if (length > MAX_TRANSFER) throw tooLong(MAX_TRANSFER);
  const cost = { frames: framesOfEndpoint({ endpoint, length }), bytes: length };
  return {
    op,
    endpoint,
    cost,
    timeoutMs,
    length,
    isIn,
    encode: (transfer) => encodeV2Endpoint({ transfer, endpoint, timeoutMs, length, data }),
  };
}

export function outgoingConfig(change: UsbConfigChange, timeoutMs: number): Outgoing {
  const encode = (transfer: TransferId) => encodeV2Config({ transfer, timeoutMs, change });
  return { op: Op.Config, endpoint: 0, cost: { frames: 1, bytes: 0 }, timeoutMs, length: 0, isIn: false, encode };
}

/**
 * The viewer's side of v2 on one claim (rules U12–U18): many transfers under way. Those of one endpoint go out in the order of their
 * calls. No endpoint gets more than three quarters of the window, so that one that is stuck leaves room for the others.
 */
export class ClientPipeline {
  readonly #link: ClientPipelineLink;
  readonly #size: UsbWindow;
  readonly #window: WaitingWindow;
  readonly #lanes = new Map<number, Lane>();
  readonly #transfers = new Map<TransferId, Transfer>();
  readonly #subscriptions = new Map<TransferId, ClientSubscription>();
  readonly #aborts = new AbortListeners();
  #lastId = 0;
  /** Counts frames, either way: while they move the line is slow, not dead. */
  #moved = 0;
  #over: CodedError | undefined;

  constructor(size: UsbWindow, link: ClientPipelineLink) {
    this.#link = link;
    this.#size = size;
    this.#window = new WaitingWindow(size);
  }

  /**
   * Does transfers of one endpoint one after the other; the bytes of the last come back. `signal` takes back what hasn't been sent and
   * cancels what has: the call then rejects with the signal's reason, unless the device was faster.
   */
  async run(transfers: readonly Outgoing[], signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (this.#over !== undefined) throw this.#over;
    const { turn, share } = this.#laneOf(transfers[0]?.endpoint ?? 0);
    if (turn.full) throw new CodedError('usb.transfer-failed', `more than ${MAX_WAITING} transfers wait on one endpoint`);
    if (!transfers.every(({ cost }) => share.holds(cost))) throw tooLong(this.#size.bytes);

    let isSent = false;
    const sent = turn.run(async () => {
      let last: Transfer | undefined;
      for (const outgoing of transfers) {
        await last?.pending.promise; // what follows a write that failed would be written in its place
        await this.#room(outgoing.cost, share, signal);
        isSent = true;
        last = await this.#transmit(outgoing, share, signal);
      }
      return last;
    });
    const result = sent.then(async (last) => (await last?.pending.promise) ?? new Uint8Array());
    return signal === undefined ? result : this.#orAborted(result, signal, () => isSent);
  }

  /** What the endpoint brings from now on (rule U20), until the subscription is closed or something ends it. */
  async subscribe({
    signal,
    ...request
  }: SubscriptionRequest & { readonly signal?: AbortSignal | undefined }): Promise<ClientSubscription> {
    signal?.throwIfAborted();
    if (this.#over !== undefined) throw this.#over;
    const { share } = this.#laneOf(request.endpoint);
    const cost = { frames: 1, bytes: request.reads * request.length };
    if (!share.holds(cost)) throw tooLong(this.#size.bytes);
    await this.#room(cost, share, signal);

    const id = this.#nextId();
    const say = (op: Op, payload: Uint8Array) => this.#link.send({ op, flags: FLAG_V2, claim: this.#link.claim, payload });
    const subscription = new ClientSubscription(request, {
      grant: (credits) => void say(Op.Credit, encodeV2Grant(id, credits)).catch(() => undefined), // without a channel it ends by itself
      cancel: () => void say(Op.Cancel, encodeV2Cancel(id)).catch(() => undefined),
      over: () => {
        unlisten();
        this.#subscriptions.delete(id);
        this.#window.give(cost);
        share.give(cost);
      },
    });
    const unlisten = this.#aborts.add(signal, () => void subscription.close());
    this.#subscriptions.set(id, subscription);
    this.#endIfOver(subscription);
    try {
      await say(Op.Subscribe, encodeV2Subscribe({ ...request, transfer: id }));
    } catch (error) {
      subscription.end(new CodedError('session.transport', 'the request could not be sent', { cause: error }));
    }
    return subscription;
  }

  /** A CTRL, BULK, INT, CONFIG or push of the host with the v2 flag. One that nobody waits for is dropped. */
  receive(frame: UsbFrame): void {
    this.#moved += 1;
    if (frame.op === Op.Subscribe) {
      this.#subscriptions.get(transferIdOf(frame.payload))?.receive(frame);
      return;
    }
    const transfer = this.#transfers.get(transferIdOf(frame.payload));
    if (transfer === undefined || transfer.outgoing.op !== frame.op) return;
    try {
      this.#take(transfer, frame);
    } catch (error) {
      this.#fail(transfer, onlyCoded(error));
    }
  }

  /** An ERROR of the claim. It names no transfer, so it is the answer to all that wait. */
  refused(error: CodedError): void {
    for (const transfer of [...this.#transfers.values()]) this.#fail(transfer, error);
    for (const subscription of [...this.#subscriptions.values()]) subscription.end(error);
  }

  /** The claim is over: everything ends with `reason`. */
  end(reason: CodedError): void {
    this.#over ??= reason;
    this.#window.end(reason);
    for (const { share } of this.#lanes.values()) share.end(reason);
    this.refused(reason);
  }

  /** `result`, or the reason of the signal: at once while nothing has been sent, afterwards when the host says that it was cancelled. */
  async #orAborted(result: Promise<Uint8Array>, signal: AbortSignal, isSent: () => boolean): Promise<Uint8Array> {
    let unlisten: () => void = () => undefined;
    const takenBack = new Promise<void>((resolve) => {
      unlisten = this.#aborts.add(signal, () => {
        if (!isSent()) resolve();
      });
    });
    try {
      await Promise.race([result, takenBack]);
      if (!isSent()) signal.throwIfAborted();
      return await result;
    } catch (error) {
      result.catch(() => undefined); // of a call that was taken back nobody wants to know more
      if (isCoded(error, 'usb.cancelled')) signal.throwIfAborted();
      throw error;
    } finally {
      unlisten();
    }
  }

  /** Waits until the window has room; takes it unless the call has become pointless. */
  async #room(cost: UsbWindow, share: WaitingWindow, signal: AbortSignal | undefined): Promise<void> {
    await share.take(cost);
    try {
      await this.#window.take(cost);
    } catch (error) {
      share.give(cost);
      throw error;
    }
    if (this.#over === undefined && signal?.aborted !== true) return;
    this.#window.give(cost);
    share.give(cost);
    if (this.#over !== undefined) throw this.#over;
    signal?.throwIfAborted();
  }

  async #transmit(outgoing: Outgoing, share: WaitingWindow, signal: AbortSignal | undefined): Promise<Transfer> {
    const id = this.#nextId();
    const wait = Math.max(this.#link.replyTimeoutMs, outgoing.timeoutMs + REPLY_MARGIN_MS);
    const pending = new PendingReply<Uint8Array>(this.#link.clock, wait, () => this.#silent(transfer, wait));
    const unlisten = this.#aborts.add(signal, () => this.#cancel(transfer));
    const transfer: Transfer = {
      ...{ id, outgoing, share, pending, unlisten, join: undefined, isCancelled: false },
      ...{ seen: this.#moved, patience: MAX_PATIENCE },
    };
    this.#transfers.set(id, transfer);
    if (this.#over !== undefined) this.#fail(transfer, this.#over); // the claim ended while this was on its way here
    try {
      for (const frame of fragmentV2(outgoing.op, this.#link.claim, outgoing.encode(id))) {
        if (transfer.isCancelled || !this.#transfers.has(id)) break; // the host has dropped what came so far, or soon will
        await this.#link.send(frame);
        this.#moved += 1;
      }
    } catch (error) {
      this.#fail(transfer, new CodedError('session.transport', 'the request could not be sent', { cause: error }));
    }
    return transfer;
  }

  #take(transfer: Transfer, frame: UsbFrame): void {
    if ((frame.flags & FLAG_CONTINUED) !== 0) transfer.join?.push(frame);
    else {
      const reply = decodeV2Reply(frame.payload);
      if (!reply.ok) {
        this.#fail(transfer, new CodedError(reply.code, reply.message));
        return;
      }
      const { length, isIn } = transfer.outgoing;
      const came = isIn ? reply.actual : reply.data.length;
      if (came > (isIn ? length : 0)) throw new CodedError('message.malformed', `${came} bytes came for ${isIn ? length : 0}`);
      transfer.join = new V2Join(came, reply.data);
    }
    if ((frame.flags & FLAG_EOF) === 0 || transfer.join === undefined) return;
    const data = transfer.join.done();
    this.#settle(transfer);
    transfer.pending.resolve(data);
  }

  /** Its time is up. Its place in the window stays taken until the host has answered the CANCEL: by the host's count it is. */
  #silent(transfer: Transfer, waitedMs: number): void {
    if (transfer.seen !== this.#moved && transfer.patience > 0) {
      transfer.seen = this.#moved;
      transfer.patience -= 1;
      transfer.pending.restart();
      return;
    }
    transfer.pending.reject(new CodedError('usb.timeout', `the host didn't answer within ${waitedMs} ms`));
    this.#cancel(transfer);
  }

  #cancel(transfer: Transfer): void {
    if (transfer.isCancelled) return;
    transfer.isCancelled = true;
    const frame = { op: Op.Cancel, flags: FLAG_V2, claim: this.#link.claim, payload: encodeV2Cancel(transfer.id) };
    this.#link.send(frame).catch(() => undefined); // without a channel there is nothing to cancel either
  }

  /** The claim may have ended while a subscription was on its way here. */
  #endIfOver(subscription: ClientSubscription): void {
    if (this.#over !== undefined) subscription.end(this.#over);
  }

  #fail(transfer: Transfer, error: CodedError): void {
    this.#settle(transfer);
    transfer.pending.reject(error);
  }

  #settle(transfer: Transfer): void {
    this.#transfers.delete(transfer.id);
    transfer.unlisten();
    const { cost } = transfer.outgoing;
    this.#window.give(cost);
    transfer.share.give(cost);
  }

  #laneOf(endpoint: number): Lane {
    const known = this.#lanes.get(endpoint);
    if (known !== undefined) return known;
    const lane = { turn: new Serial(MAX_WAITING), share: new WaitingWindow(shareOf(this.#size)) };
    this.#lanes.set(endpoint, lane);
    return lane;
  }

  #nextId(): TransferId {
    do {
      this.#lastId = this.#lastId === LAST_ID ? 0 : this.#lastId + 1;
    } while (this.#transfers.has(this.#lastId) || this.#subscriptions.has(this.#lastId));
    return this.#lastId;
  }
}

/** Three quarters, but enough for one transfer of the largest size where the window is. */
function shareOf({ frames, bytes }: UsbWindow): UsbWindow {
  const largest = framesOfEndpoint({ endpoint: 0, length: MAX_TRANSFER });
  const [someFrames, someBytes] = [Math.floor((frames * 3) / 4), Math.floor((bytes * 3) / 4)];
  return { frames: Math.min(frames, Math.max(someFrames, largest)), bytes: Math.min(bytes, Math.max(someBytes, MAX_TRANSFER)) };
}

function tooLong(most: number): CodedError {
  return new CodedError('frame.oversized', `at most ${most} bytes are carried in one transfer`);
}
