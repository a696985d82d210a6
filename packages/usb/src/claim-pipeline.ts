import {
  CodedError,
  decodeV2Cancel,
  decodeV2Config,
  decodeV2Control,
  decodeV2Endpoint,
  decodeV2Grant,
  decodeV2Subscribe,
  encodeV2Reply,
  FLAG_CONTINUED,
  FLAG_EOF,
  fragmentV2,
  framesOfControl,
  framesOfEndpoint,
  Op,
  type TransferId,
  toWire,
  transferIdOf,
  type UsbConfigChange,
  type UsbControlRequest,
  type UsbEndpointRequest,
  type UsbFrame,
  type UsbWindow,
  V2Join,
  type V2Reply,
  v2Failure,
} from '@usher/protocol';
import { ClaimSubscription } from './claim-subscription.ts';
import type { Clock } from './clock.ts';
import type { TransferOp } from './transfer-op.ts';
import { V2_WINDOW, Window } from './window.ts';

/** How long the fragments of one request may take (U1.2), as long as a transfer itself may: eight of 1 MiB over 1.2 Mbit/s. */
const JOIN_TIMEOUT_MS = 60_000;

/** Credits of one subscription that are kept count of: what one grant may give, twice. */
const MAX_CREDITS = 2048;

/** What of v2 begins something that is answered under its id. */
export type PipelineOp = TransferOp | typeof Op.Config | typeof Op.Subscribe;

/** What the pipeline of a claim needs around it. */
export interface PipelineLink {
  readonly claim: number;
  readonly clock: Clock;
  /** One transfer with the device. Ends with `usb.cancelled` when `stop` aborts. */
  transfer(op: TransferOp, request: UsbControlRequest | UsbEndpointRequest, stop: AbortController): Promise<Uint8Array>;
  /** Has the operating system change something (rule U19). */
  configure(change: UsbConfigChange, timeoutMs: number): Promise<void>;
  /** Keeps an IN endpoint for one subscription (rule U20). */
  subscribe(endpoint: number, length: number): { read(stop: AbortController): Promise<Uint8Array>; release(): void };
  /** Puts a frame on the channel; settles when the channel has room for more. */
  send(frame: UsbFrame): Promise<void>;
  /** Why the viewer isn't served at the moment. */
  lockedOut(): CodedError | undefined;
  /** A request of this viewer was refused for what it was (U1.11). */
  strike(): void;
  /** Answers with an ERROR of this claim. */
  error(error: CodedError): void;
}

/** A request as its header says it; the bytes of an OUT transfer may still be coming. */
interface Head {
  readonly transfer: TransferId;
  readonly cost: UsbWindow;
  /** What came with the header of an OUT transfer; undefined for IN. */
  readonly written: { readonly length: number; readonly first: Uint8Array } | undefined;
  /** Does it with the device; the bytes read. */
  perform(link: PipelineLink, data: Uint8Array | undefined, stop: AbortController): Promise<Uint8Array>;
}

interface Transfer {
  readonly op: PipelineOp;
  readonly head: Head;
  readonly stop: AbortController;
  /** While fragments are missing; undefined once the device has it. */
  join: V2Join | undefined;
  stopTimer: () => void;
  /** What reads the endpoint, where it is a subscription. */
  subscription?: ClaimSubscription;
}

/**
 * The device's side of v2 on one claim and one channel (rules U12–U18): many transfers under way, replies as they come. Requests
 * reach the device in the order in which they became whole; the device's endpoints are queues of their own.
 */
export class ClaimPipeline {
  readonly window = V2_WINDOW;
  readonly #link: PipelineLink;
  readonly #left = new Window(V2_WINDOW);
  readonly #transfers = new Map<TransferId, Transfer>();
  readonly #answering = new Set<Promise<void>>();
  #over = false;

  constructor(link: PipelineLink) {
    this.#link = link;
  }

  /** A CTRL, BULK or INT with the v2 flag, a CONFIG or a SUBSCRIBE. */
  receive(op: PipelineOp, frame: UsbFrame): void {
    if (this.#over) return;
    let transfer: TransferId;
    try {
      transfer = transferIdOf(frame.payload);
    } catch (error) {
      this.#unanswerable(toWire(error).message);
      return;
    }
    const known = this.#transfers.get(transfer);
    if ((frame.flags & FLAG_CONTINUED) !== 0) {
      if (known !== undefined) this.#continue(known, frame); // any other has been answered already
    } else if (known !== undefined) this.#unanswerable(`transfer ${transfer} is under way`);
    else this.#begin(op, transfer, frame);
  }

  /** A CANCEL. Whatever it names, nothing is answered to it (rule U17). */
  cancel(payload: Uint8Array): void {
    const transfer = this.#transfers.get(readCancel(payload) ?? -1);
    if (transfer === undefined) return;
    if (transfer.subscription !== undefined) transfer.subscription.stop(cancelled());
    else if (transfer.join === undefined) transfer.stop.abort();
    else this.#fail(transfer, cancelled());
  }

  /** A CREDIT with the v2 flag. One for nothing that is under way is ignored: its subscription may have just ended. */
  grant(payload: Uint8Array): void {
    const grant = readGrant(payload);
    if (grant !== undefined) this.#transfers.get(grant.transfer)?.subscription?.grant(grant.credits, MAX_CREDITS);
  }

  /** The claim has ended: requests that aren't whole are answered with `reason`; those that are end with their transfers. */
  fail(reason: CodedError): void {
    for (const transfer of [...this.#transfers.values()]) if (transfer.join !== undefined) this.#fail(transfer, reason);
  }

  /** Another channel, or another window, has taken over: nothing of this one is answered any more (rule U18). */
  abandon(): void {
    this.#over = true;
    for (const { stopTimer, subscription } of this.#transfers.values()) {
      stopTimer();
      subscription?.stop(cancelled());
    }
    this.#transfers.clear();
  }

  /** Settles once every reply that was due has been handed out. */
  async drained(): Promise<void> {
    while (this.#answering.size > 0) await Promise.all(this.#answering);
  }

  #begin(op: PipelineOp, transfer: TransferId, frame: UsbFrame): void {
    const locked = this.#link.lockedOut();
    if (locked !== undefined) {
      this.#answer(op, v2Failure(transfer, locked));
      return;
    }
    let head: Head;
    try {
      head = readHead(op, frame.payload);
      if (!this.#left.take(head.cost)) throw new CodedError('usb.credit-exhausted', 'credit exhausted');
    } catch (error) {
      this.#link.strike();
      this.#answer(op, v2Failure(transfer, error));
      return;
    }
    const { written } = head;
    const begun: Transfer = { op, head, stop: new AbortController(), join: undefined, stopTimer: () => undefined };
    this.#transfers.set(transfer, begun);
    if (op === Op.Subscribe) {
      this.#subscribe(begun, frame.payload);
      return;
    }
    if (written === undefined) {
      this.#start(begun, undefined);
      return;
    }
    begun.join = new V2Join(written.length, written.first);
    if ((frame.flags & FLAG_EOF) === 0) begun.stopTimer = this.#link.clock.after(JOIN_TIMEOUT_MS, () => this.#late(begun));
    else this.#whole(begun, begun.join);
  }

  #continue(transfer: Transfer, frame: UsbFrame): void {
    const { join } = transfer;
    if (join === undefined) return; // it is whole already
    try {
      join.push(frame);
    } catch (error) {
      this.#refuse(transfer, error);
      return;
    }
    if ((frame.flags & FLAG_EOF) !== 0) this.#whole(transfer, join);
  }

  #whole(transfer: Transfer, join: V2Join): void {
    let data: Uint8Array;
    try {
      data = join.done();
    } catch (error) {
      this.#refuse(transfer, error);
      return;
    }
    this.#start(transfer, data);
  }

  #start(transfer: Transfer, data: Uint8Array | undefined): void {
    transfer.stopTimer();
    transfer.join = undefined;
    const { head, stop } = transfer;
    void head.perform(this.#link, data, stop).then(
      (read) => this.#reply(transfer, resultOf(head.transfer, data, read)),
      (error: unknown) => this.#fail(transfer, error),
    );
  }

  #subscribe(transfer: Transfer, payload: Uint8Array): void {
    const { endpoint, length, ...counts } = decodeV2Subscribe(payload);
    let source: ReturnType<PipelineLink['subscribe']>;
    try {
      source = this.#link.subscribe(endpoint, length);
    } catch (error) {
      this.#fail(transfer, error);
      return;
    }
    const { transfer: id } = transfer.head;
    const subscription = new ClaimSubscription(counts, {
      read: (stop) => source.read(stop),
      push: (data) => this.#send(Op.Subscribe, { transfer: id, ok: true, actual: data.length, data }),
    });
    transfer.subscription = subscription;
    this.#track(
      subscription.run().then((reason) => {
        source.release();
        this.#fail(transfer, reason);
      }),
    );
  }

  #late(transfer: Transfer): void {
    this.#fail(transfer, new CodedError('usb.timeout', `the request wasn't whole within ${JOIN_TIMEOUT_MS} ms`));
  }

  #refuse(transfer: Transfer, error: unknown): void {
    this.#link.strike();
    this.#fail(transfer, error);
  }

  #fail(transfer: Transfer, error: unknown): void {
    this.#reply(transfer, v2Failure(transfer.head.transfer, error));
  }

  #reply(transfer: Transfer, reply: V2Reply): void {
    transfer.stopTimer();
    transfer.join = undefined;
    this.#answer(transfer.op, reply, () => {
      this.#transfers.delete(transfer.head.transfer);
      this.#left.give(transfer.head.cost);
    });
  }

  /** `over` runs just before the last fragment leaves: with it the viewer may use the id and the room again. */
  #answer(op: PipelineOp, reply: V2Reply, over?: () => void): void {
    if (!this.#over) this.#track(this.#send(op, reply, over));
  }

  #track(work: Promise<void>): void {
    const answering = work.finally(() => this.#answering.delete(answering));
    this.#answering.add(answering);
  }

  async #send(op: PipelineOp, reply: V2Reply, over: () => void = () => undefined): Promise<void> {
    for (const frame of fragmentV2(op, this.#link.claim, encodeV2Reply(reply))) {
      if (this.#over) return;
      if ((frame.flags & FLAG_EOF) !== 0) over();
      await this.#link.send(frame);
    }
  }

  /** A frame that names no transfer, or one that it must not: there is no reply that could say so. */
  #unanswerable(problem: string): void {
    this.#link.strike();
    this.#link.error(new CodedError('message.malformed', `bad payload: ${problem}`));
  }
}

function readHead(op: PipelineOp, payload: Uint8Array): Head {
  switch (op) {
    case Op.Control:
      return readControl(payload);
    case Op.Bulk:
    case Op.Interrupt:
      return readEndpoint(op, payload);
    case Op.Config:
      return readConfig(payload);
    case Op.Subscribe:
      return readSubscribe(payload);
  }
}

function readConfig(payload: Uint8Array): Head {
  const { transfer, timeoutMs, change } = decodeV2Config(payload);
  const perform = async (link: PipelineLink) => {
    await link.configure(change, timeoutMs);
    return new Uint8Array();
  };
  return { transfer, cost: { frames: 1, bytes: 0 }, written: undefined, perform };
}

/** It is read by reads of its own, which the claim's subscription makes. */
function readSubscribe(payload: Uint8Array): Head {
  const { transfer, reads, length } = decodeV2Subscribe(payload);
  const perform = () => Promise.reject(new TypeError('a subscription is not one transfer'));
  return { transfer, cost: { frames: 1, bytes: reads * length }, written: undefined, perform };
}

function readControl(payload: Uint8Array): Head {
  const { transfer, requestType, request, value, index, timeoutMs, length, data: first } = decodeV2Control(payload);
  const isIn = (requestType & 0x80) !== 0;
  return {
    transfer,
    cost: { frames: framesOfControl({ requestType, length }), bytes: length },
    written: isIn ? undefined : { length, first },
    perform: (link, data, stop) =>
      link.transfer(Op.Control, { requestType, request, value, index, timeoutMs, length: isIn ? length : 0, data }, stop),
  };
}

function readEndpoint(op: TransferOp, payload: Uint8Array): Head {
  const { transfer, endpoint, timeoutMs, length, data: first } = decodeV2Endpoint(payload);
  const isIn = (endpoint & 0x80) !== 0;
  return {
    transfer,
    cost: { frames: framesOfEndpoint({ endpoint, length }), bytes: length },
    written: isIn ? undefined : { length, first },
    perform: (link, data, stop) =>
      link.transfer(op, { endpoint, direction: isIn ? 'in' : 'out', timeoutMs, length: isIn ? length : 0, data }, stop),
  };
}

function resultOf(transfer: TransferId, written: Uint8Array | undefined, read: Uint8Array): V2Reply {
  if (written !== undefined) return { transfer, ok: true, actual: written.length, data: new Uint8Array() };
  return { transfer, ok: true, actual: read.length, data: read };
}

function readCancel(payload: Uint8Array): TransferId | undefined {
  try {
    return decodeV2Cancel(payload);
  } catch {
    return undefined; // rule U17: a CANCEL that names nothing cancels nothing
  }
}

function readGrant(payload: Uint8Array): ReturnType<typeof decodeV2Grant> | undefined {
  try {
    return decodeV2Grant(payload);
  } catch {
    return undefined; // U1.6: a bad CREDIT is ignored
  }
}

function cancelled(): CodedError {
  return new CodedError('usb.cancelled', 'the transfer was cancelled');
}
