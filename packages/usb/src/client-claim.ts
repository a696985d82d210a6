import {
  CodedError,
  DEFAULT_TRANSFER_TIMEOUT_MS,
  decodeTransferReply,
  encodeControl,
  encodeEndpoint,
  failureOfText,
  isCoded,
  MAX_TRANSFER,
  Op,
  type UsbConfigChange,
  type UsbEndpointRequest,
  type UsbFrame,
  type UsbWindow,
} from '@usher/protocol';
import { ClientPipeline, type Outgoing, outgoingConfig, outgoingControl, outgoingEndpoint } from './client-pipeline.ts';
import type { UsbSubscription } from './client-subscription.ts';
import type { Clock } from './clock.ts';
import { CREDIT_WINDOW, Credits } from './credits.ts';
import { PendingReply } from './pending-reply.ts';
import { Serial } from './serial.ts';
import type { TransferOp } from './transfer-op.ts';

/** How long a transfer waits for a credit (usb-wire §9). */
const CREDIT_WAIT_MS = 30_000;
/** What a reply may take beyond the device's own timeout: two trips over a slow line. */
const REPLY_MARGIN_MS = 5000;
/** Transfers of one claim that callers may have waiting. The base protocol does one at a time, so more is a caller that doesn't wait. */
const MAX_WAITING = 1024;
/**
 * OUT bytes that surely fit one frame, as a whole number of packets of every size up to 1024 (usb-wire §6.6): a transfer that is
 * split elsewhere would look to the device like several that end early.
 */
const OUT_CHUNK = 11_264;

export interface ControlTransfer {
  /** `bmRequestType`; bit 7 set reads from the device. */
  readonly requestType: number;
  readonly request: number;
  readonly value?: number;
  readonly index?: number;
  /** Bytes to read, at most 65,535. */
  readonly length?: number;
  /** Bytes to write, at most 65,535; about 12 KiB where the host speaks the base protocol only. */
  readonly data?: Uint8Array;
  /** How long the device may take, 1…60,000 ms; 1 second where it isn't given. */
  readonly timeoutMs?: number;
  /**
   * Cancels the transfer: the call rejects with the signal's reason, unless the device was faster. With a host that speaks the base
   * protocol only, a transfer that has been sent runs to its end.
   */
  readonly signal?: AbortSignal;
}

export interface EndpointTransfer {
  /** The endpoint's full address; bit 7 set reads from the device. */
  readonly endpoint: number;
  /** Bytes to read, at most 1 MiB. */
  readonly length?: number;
  /** Bytes to write. More than one transfer carries (1 MiB; 11 KiB in the base protocol) goes out as several, split between packets. */
  readonly data?: Uint8Array;
  /** How long the device may take, 1…60,000 ms; 1 second where it isn't given. */
  readonly timeoutMs?: number;
  /** As with a control transfer. */
  readonly signal?: AbortSignal;
}

export interface Subscription {
  /** The full address of an interrupt or bulk IN endpoint. */
  readonly endpoint: number;
  /** Bytes of one read, at most 65,536: as a rule the endpoint's packet size. */
  readonly length: number;
  /** Reads that the host keeps pending, at most 16; 4 where it isn't given. */
  readonly reads?: number;
  /** Pushes that may wait to be taken, at most 1024; 32 where it isn't given. */
  readonly credits?: number;
  /** Takes the subscription back. */
  readonly signal?: AbortSignal;
}

/** A device that this viewer holds. Every call rejects with a coded error once the claim has ended. */
export interface UsbClaimHandle {
  readonly claim: number;
  /** Shown once to `resume` on a new channel, it brings the claim back; the host replaces it each time. */
  readonly resumeToken: string;
  /** Settles when the claim has ended: with the reason, or with undefined after {@link close}. */
  readonly closed: Promise<CodedError | undefined>;
  /** The bytes read; none for a transfer that writes. */
  control(transfer: ControlTransfer): Promise<Uint8Array>;
  bulk(transfer: EndpointTransfer): Promise<Uint8Array>;
  interrupt(transfer: EndpointTransfer): Promise<Uint8Array>;
  /** Has the host change what its operating system keeps count of (rule U19). `usb.unsupported` where the host speaks the base protocol only. */
  configure(change: UsbConfigChange, timeoutMs?: number): Promise<void>;
  /** Has the host read an endpoint all the time and push what comes (rule U20). `usb.unsupported` where it speaks the base protocol only. */
  subscribe(subscription: Subscription): Promise<UsbSubscription>;
  /** Gives the device back. May be called again. */
  close(): Promise<void>;
}

/** What a claim needs of its client. */
export interface ClaimLink {
  readonly clock: Clock;
  /** Shortest wait for any reply. */
  readonly replyTimeoutMs: number;
  send(frame: UsbFrame): Promise<void>;
  /** The claim has ended and its id means nothing any more. */
  forget(claim: ClientClaim): void;
}

/**
 * The viewer's side of one claim. Where the host speaks v2, transfers go by its pipeline; otherwise one request is in flight, because the
 * base protocol's replies carry no request id (usb-wire §0, row 3).
 */
export class ClientClaim implements UsbClaimHandle {
  readonly claim: number;
  readonly resumeToken: string;
  readonly closed: Promise<CodedError | undefined>;
  readonly #link: ClaimLink;
  readonly #pipeline: ClientPipeline | undefined;
  readonly #transfers = new Serial(MAX_WAITING);
  readonly #credits = new Credits(CREDIT_WINDOW);
  #settleClosed: (reason: CodedError | undefined) => void = () => undefined;
  #reply: { readonly op: TransferOp; readonly pending: PendingReply<Uint8Array> } | undefined;
  #credit: PendingReply<void> | undefined;
  #closing: PendingReply<void> | undefined;
  /** Why no further request may be sent. */
  #over: CodedError | undefined;

  /** `window`: what the host granted, where it speaks v2. */
  constructor(opened: { readonly claim: number; readonly resumeToken: string; readonly window?: UsbWindow }, link: ClaimLink) {
    this.claim = opened.claim;
    this.resumeToken = opened.resumeToken;
    this.#link = link;
    this.#pipeline = opened.window === undefined ? undefined : new ClientPipeline(opened.window, { ...link, claim: opened.claim });
    this.closed = new Promise((settle) => {
      this.#settleClosed = settle;
    });
  }

  async control(transfer: ControlTransfer): Promise<Uint8Array> {
    const { signal } = transfer;
    const request = {
      requestType: transfer.requestType,
      request: transfer.request,
      value: transfer.value ?? 0,
      index: transfer.index ?? 0,
      timeoutMs: transfer.timeoutMs ?? DEFAULT_TRANSFER_TIMEOUT_MS,
      length: transfer.length ?? 0,
      data: transfer.data,
    };
    if (this.#pipeline !== undefined) return this.#pipelined([outgoingControl(request)], signal);
    return this.#serially(() => this.#exchange(Op.Control, encodeControl(request), request.timeoutMs, request.length), signal);
  }

  bulk(transfer: EndpointTransfer): Promise<Uint8Array> {
    return this.#endpointTransfer(Op.Bulk, transfer);
  }

  interrupt(transfer: EndpointTransfer): Promise<Uint8Array> {
    return this.#endpointTransfer(Op.Interrupt, transfer);
  }

  async configure(change: UsbConfigChange, timeoutMs = DEFAULT_TRANSFER_TIMEOUT_MS): Promise<void> {
    await this.#pipelined([outgoingConfig(change, timeoutMs)], undefined);
  }

  async subscribe({ endpoint, length, reads = 4, credits = 32, signal }: Subscription): Promise<UsbSubscription> {
    if (this.#over !== undefined) throw this.#over;
    return this.#v2().subscribe({ endpoint, length, reads, credits, signal });
  }

  async close(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing.promise;
    const { clock, replyTimeoutMs } = this.#link;
    // A host that doesn't answer a CLOSE keeps the device or has lost it; this end is done with it either way.
    const closing = new PendingReply<void>(clock, replyTimeoutMs, () => this.ended(undefined));
    this.#closing = closing;
    this.#over = new CodedError('usb.closed', 'the claim was closed');
    try {
      await this.#say(Op.Close, new Uint8Array());
    } catch {
      this.ended(undefined); // no channel, no claim
    }
    return closing.promise;
  }

  /** A frame of v2. */
  pipelined(frame: UsbFrame): void {
    this.#pipeline?.receive(frame);
  }

  /** A joined reply. One that nobody waits for is dropped: its request was given up, and its claim with it. */
  replied(op: Op, payload: Uint8Array): void {
    if (this.#reply?.op !== op) return;
    const { pending } = this.#reply;
    this.#reply = undefined;
    pending.resolve(payload);
  }

  /** An ERROR for this claim: the answer to whatever was asked last. */
  refused(error: CodedError): void {
    this.#pipeline?.refused(error);
    if (this.#reply === undefined) {
      if (this.#closing !== undefined) this.ended(undefined); // "unknown claim" in answer to a CLOSE: it is closed
      return;
    }
    const { pending } = this.#reply;
    this.#reply = undefined;
    if (!isCoded(error, 'usb.credit-exhausted')) {
      pending.reject(error);
      return;
    }
    // The credit was there by our count, so this host doesn't refill (usb-wire §0, row 2). Asking on would only collect strikes.
    this.#over = new CodedError(
      'usb.credit-exhausted',
      `this host serves ${CREDIT_WINDOW} transfers a claim; close it and open the device again`,
    );
    pending.reject(this.#over);
  }

  granted(count: number): void {
    this.#credits.give(count);
    this.#credit?.resolve();
    this.#credit = undefined;
  }

  /** The claim is over: closed by us (no reason), by the host, or with the channel. */
  ended(reason: CodedError | undefined): void {
    const why = reason ?? this.#over ?? new CodedError('usb.closed', 'the claim was closed');
    this.#over = why;
    this.#pipeline?.end(why);
    this.#reply?.pending.reject(why);
    this.#reply = undefined;
    this.#credit?.reject(why);
    this.#credit = undefined;
    this.#closing ??= new PendingReply<void>(this.#link.clock, 0, () => undefined);
    this.#closing.resolve();
    this.#settleClosed(reason);
    this.#link.forget(this);
  }

  async #endpointTransfer(op: TransferOp, transfer: EndpointTransfer): Promise<Uint8Array> {
    const { signal } = transfer;
    const requests = requestsOf(transfer, this.#pipeline === undefined ? OUT_CHUNK : MAX_TRANSFER);
    if (this.#pipeline !== undefined)
      return this.#pipelined(
        requests.map((request) => outgoingEndpoint(op, request)),
        signal,
      );
    return this.#serially(async () => {
      let read: Uint8Array = new Uint8Array();
      for (const request of requests) read = await this.#exchange(op, encodeEndpoint(request), request.timeoutMs, request.length);
      return read;
    }, signal);
  }

  async #pipelined(transfers: readonly Outgoing[], signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (this.#over !== undefined) throw this.#over;
    return this.#v2().run(transfers, signal);
  }

  #v2(): ClientPipeline {
    if (this.#pipeline === undefined)
      throw new CodedError('usb.unsupported', 'this host speaks the base protocol only, which can’t do this');
    return this.#pipeline;
  }

  async #exchange(op: TransferOp, payload: Uint8Array, timeoutMs: number, mostBytes: number): Promise<Uint8Array> {
    await this.#takeCredit();
    if (this.#over !== undefined) throw this.#over; // the claim ended while this was on its way here
    const wait = Math.max(this.#link.replyTimeoutMs, timeoutMs + REPLY_MARGIN_MS);
    const pending = new PendingReply<Uint8Array>(this.#link.clock, wait, () => this.#outOfStep(wait));
    this.#reply = { op, pending };
    try {
      await this.#say(op, payload);
    } catch (error) {
      this.#reply = undefined;
      pending.reject(new CodedError('session.transport', 'the request could not be sent', { cause: error }));
    }
    const reply = decodeTransferReply(await pending.promise);
    if (!reply.ok) throw failureOfText(reply.error, 'usb.transfer-failed');
    if (reply.data.length > mostBytes) throw new CodedError('message.malformed', `${reply.data.length} bytes came for ${mostBytes}`);
    return reply.data;
  }

  /**
   * Nothing came in time. A late reply would be taken for the next request's (usb-wire §0, row 3), so the claim ends here.
   */
  #outOfStep(waitedMs: number): void {
    void this.#say(Op.Close, new Uint8Array()).catch(() => undefined); // the channel may be what failed
    this.ended(new CodedError('usb.timeout', `the host didn't answer within ${waitedMs} ms; the claim was closed`));
  }

  async #takeCredit(): Promise<void> {
    while (!this.#credits.take()) {
      const late = () => this.#credit?.reject(new CodedError('usb.timeout', 'the host granted no credit'));
      this.#credit = new PendingReply<void>(this.#link.clock, CREDIT_WAIT_MS, late);
      await this.#credit.promise;
    }
    if (this.#over !== undefined) throw this.#over;
  }

  async #serially(task: () => Promise<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (this.#over !== undefined) throw this.#over;
    if (this.#transfers.full) throw new CodedError('usb.transfer-failed', `more than ${MAX_WAITING} transfers wait on one claim`);
    return this.#transfers.run(async () => {
      signal?.throwIfAborted();
      if (this.#over !== undefined) throw this.#over;
      return task();
    });
  }

  #say(op: Op, payload: Uint8Array): Promise<void> {
    return this.#link.send({ op, flags: 0, claim: this.claim, payload });
  }
}

/** A transfer as the requests that carry it: one, or for a long write several of `chunk` bytes. */
function requestsOf(transfer: EndpointTransfer, chunk: number): readonly UsbEndpointRequest[] {
  const { endpoint } = transfer;
  const timeoutMs = transfer.timeoutMs ?? DEFAULT_TRANSFER_TIMEOUT_MS;
  if ((endpoint & 0x80) !== 0) {
    const length = transfer.length ?? 0;
    if (length > MAX_TRANSFER) throw new CodedError('frame.oversized', `at most ${MAX_TRANSFER} bytes are read in one transfer`);
    return [{ endpoint, direction: 'in', timeoutMs, length, data: undefined }];
  }
  const data = transfer.data ?? new Uint8Array();
  const parts = Math.max(1, Math.ceil(data.length / chunk));
  return Array.from({ length: parts }, (_, part) => {
    const written = data.subarray(part * chunk, (part + 1) * chunk);
    return { endpoint, direction: 'out', timeoutMs, length: 0, data: written };
  });
}
