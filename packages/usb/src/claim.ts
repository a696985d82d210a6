import {
  CodedError,
  MAX_TRANSFER_TIMEOUT_MS,
  Op,
  toWire,
  type UsbConfigChange,
  type UsbControlRequest,
  type UsbEndpointRequest,
} from '@usher/protocol';
import type { UsbDeviceHandle } from './backend.ts';
import { ClaimLayout, changeOfControl } from './claim-layout.ts';
import type { ClaimPipeline } from './claim-pipeline.ts';
import type { Clock } from './clock.ts';
import { CREDIT_WINDOW, Credits } from './credits.ts';
import type { AccessPolicy, UsbAuditEntry } from './policy.ts';
import { Serial } from './serial.ts';
import type { TransferOp } from './transfer-op.ts';

/** Who holds a claim now: one viewer's channel. */
export interface ClaimHolder {
  /** The claim was ended by the device or the host, not by this holder. */
  claimEnded(claim: Claim, reason: CodedError): void;
}

/** What a claim has moved since it was opened, by whatever channels. */
export interface ClaimStatistics {
  readonly transfers: number;
  /** Read from the device. */
  readonly bytesIn: number;
  /** Written to the device. */
  readonly bytesOut: number;
  /** Transfers that failed. */
  readonly errors: number;
  readonly inFlight: number;
  readonly openMs: number;
  readonly protocol: 'base' | 'v2';
}

/** A viewer's exclusive hold on one device, as the device's side keeps it. It outlives the channel that it was opened over. */
export class Claim {
  readonly id: number;
  /** Fingerprint of the device that opened it; nobody else may resume it. */
  readonly viewer: string;
  readonly handle: UsbDeviceHandle;
  /** The rules that it was opened under; they may change while it is held. */
  readonly policy: AccessPolicy;
  /** What its waits are measured by. */
  readonly clock: Clock;
  /** Where what happens to it is recorded, also while no channel holds it. */
  readonly audit: (entry: UsbAuditEntry) => void;
  /** Undefined while no channel holds it. */
  holder: ClaimHolder | undefined;
  /** Given, and given anew, by the table. */
  resumeToken = '';
  #layout: ClaimLayout;
  /** Interfaces that the viewer gave back; the claim of the device goes on. */
  readonly #released = new Set<number>();
  /** IN endpoints that a subscription reads. */
  readonly #subscribed = new Set<number>();
  readonly #subscriptionReads = new WeakSet<AbortController>();
  /** Transfers and their replies in the order of their requests: the base protocol's replies carry no request id. */
  #queue = new Serial(CREDIT_WINDOW);
  #credits = new Credits();
  #pipeline: ClaimPipeline | undefined;
  /** One signal a transfer: one for the claim would gather listeners as long as it lives. */
  readonly #running = new Map<AbortController, { readonly endpoint: number }>();
  #ended: CodedError | undefined;
  readonly #openedAt: number;
  #transfers = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #errors = 0;

  constructor(opened: {
    readonly id: number;
    readonly viewer: string;
    readonly handle: UsbDeviceHandle;
    readonly policy: AccessPolicy;
    readonly clock: Clock;
    readonly holder: ClaimHolder;
    readonly audit: (entry: UsbAuditEntry) => void;
  }) {
    this.id = opened.id;
    this.viewer = opened.viewer;
    this.handle = opened.handle;
    this.policy = opened.policy;
    this.clock = opened.clock;
    this.holder = opened.holder;
    this.audit = opened.audit;
    this.#openedAt = opened.clock.now();
    this.#layout = new ClaimLayout(opened.handle.configuration);
  }

  get credits(): Credits {
    return this.#credits;
  }

  /** How records name it. */
  get subject() {
    const { vendorId, productId, serial } = this.handle.device;
    return { vendorId, productId, serial, claim: this.id };
  }

  get statistics(): ClaimStatistics {
    return {
      ...{ transfers: this.#transfers, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, errors: this.#errors },
      ...{ inFlight: this.#running.size, openMs: this.clock.now() - this.#openedAt },
      protocol: this.#pipeline === undefined ? 'base' : 'v2',
    };
  }

  /** The holder speaks v2 on this claim, until another takes over. */
  speakV2(pipeline: ClaimPipeline): void {
    this.#pipeline = pipeline;
  }

  /** Does one request's work after that of all earlier ones. The caller holds a credit for it, which is what bounds the queue. */
  enqueue(work: () => Promise<void>): void {
    void this.#queue.run(work);
  }

  /** One transfer with the device, until `stop` aborts. Fails at once where the claim has ended. */
  async transfer(
    op: TransferOp,
    request: UsbControlRequest | UsbEndpointRequest,
    stop: AbortController = new AbortController(),
  ): Promise<Uint8Array> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#running.set(stop, { endpoint: 'endpoint' in request ? request.endpoint : 0 });
    this.#transfers += 1;
    try {
      const read = await this.#perform(op, request, stop);
      if (read.length > request.length) throw new CodedError('usb.transfer-failed', `${read.length} bytes came for ${request.length}`);
      this.#bytesIn += read.length;
      this.#bytesOut += request.data?.length ?? 0;
      return read;
    } catch (error) {
      this.#errors += 1;
      throw this.#whyEnded() ?? error; // a transfer that the end of the claim cut short says why
    } finally {
      this.#running.delete(stop);
    }
  }

  /** Has the operating system change something (rule U19). What is under way on the endpoints concerned ends. */
  async configure(change: UsbConfigChange, timeoutMs: number): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#layout.checkChange(change);
    for (const [stop, { endpoint }] of [...this.#running]) if (this.#layout.ends(change, endpoint)) stop.abort();
    try {
      await this.handle.configure(change, timeoutMs);
    } catch (error) {
      throw this.#whyEnded() ?? error;
    }
    this.#layout = new ClaimLayout(this.handle.configuration);
    if (change.action === 'release-interface') this.#released.add(change.interfaceNumber);
    else if (change.action === 'claim-interface') this.#released.delete(change.interfaceNumber);
    else if (change.action === 'set-configuration') this.#released.clear();
  }

  /** Keeps an IN endpoint for one subscription; gives the function that reads it, and the one that gives it back. */
  subscribe(endpoint: number, length: number) {
    if (this.#subscribed.has(endpoint)) throw new CodedError('usb.transfer-failed', 'a subscription reads this endpoint');
    const op = this.#layout.opOf(endpoint);
    this.#subscribed.add(endpoint);
    const request = { endpoint, direction: 'in', timeoutMs: MAX_TRANSFER_TIMEOUT_MS, length, data: undefined } as const;
    return {
      read: (stop: AbortController) => {
        this.#subscriptionReads.add(stop);
        return this.transfer(op, request, stop);
      },
      release: () => void this.#subscribed.delete(endpoint),
    };
  }

  /**
   * Another channel takes over: what was in flight ends, and the counting starts again at both ends. Requests that the old
   * channel still has queued fail on their own, because the claim's holder has changed.
   */
  hold(holder: ClaimHolder | undefined): void {
    this.holder = holder;
    this.#pipeline?.abandon();
    this.#pipeline = undefined;
    this.#stopRunning();
    this.#queue = new Serial(CREDIT_WINDOW);
    this.#credits = new Credits();
  }

  /** Ends every transfer with `reason` and gives the device back. */
  async end(reason: CodedError): Promise<void> {
    this.#ended ??= reason;
    this.#pipeline?.fail(this.#ended);
    this.#stopRunning();
    await this.handle.close();
  }

  /** Settles once every reply that was due has been handed out. */
  async replied(): Promise<void> {
    await this.#queue.drained();
    await this.#pipeline?.drained();
  }

  async #perform(op: TransferOp, request: UsbControlRequest | UsbEndpointRequest, stop: AbortController): Promise<Uint8Array> {
    if ('requestType' in request) {
      const change = changeOfControl(request);
      return change === undefined ? this.handle.control(request, stop.signal) : this.#controlled(change, request.timeoutMs);
    }
    const { endpoint } = request;
    this.#layout.checkTransfer(op, endpoint);
    if (this.#released.has(this.#layout.interfaceOf(endpoint) ?? -1))
      throw new CodedError('usb.transfer-failed', 'its interface was released');
    if (this.#subscribed.has(endpoint) && !this.#subscriptionReads.has(stop)) {
      throw new CodedError('usb.transfer-failed', 'a subscription reads this endpoint');
    }
    return op === Op.Bulk ? this.handle.bulk(request, stop.signal) : this.handle.interrupt(request, stop.signal);
  }

  /** A change that came as a control request. One that names what the device doesn't have is answered as the device would. */
  async #controlled(change: UsbConfigChange, timeoutMs: number): Promise<Uint8Array> {
    try {
      this.#layout.checkChange(change);
    } catch (error) {
      throw new CodedError('usb.stall', toWire(error).message);
    }
    await this.configure(change, timeoutMs);
    return new Uint8Array();
  }

  #stopRunning(): void {
    for (const stop of [...this.#running.keys()]) stop.abort();
  }

  #whyEnded(): CodedError | undefined {
    return this.#ended;
  }
}
