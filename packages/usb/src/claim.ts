import { CodedError, Op, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import type { UsbDeviceHandle } from './backend.ts';
import type { ClaimPipeline } from './claim-pipeline.ts';
import type { Clock } from './clock.ts';
import { CREDIT_WINDOW, Credits } from './credits.ts';
import { type EndpointDescriptor, endpointsOf } from './descriptors.ts';
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
  readonly #endpoints: ReadonlyMap<number, EndpointDescriptor> | undefined;
  /** Transfers and their replies in the order of their requests: the base protocol's replies carry no request id. */
  #queue = new Serial(CREDIT_WINDOW);
  #credits = new Credits();
  #pipeline: ClaimPipeline | undefined;
  /** One signal a transfer: one for the claim would gather listeners as long as it lives. */
  readonly #running = new Set<AbortController>();
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
    this.#endpoints = endpointsOf(opened.handle.configuration);
  }

  get credits(): Credits {
    return this.#credits;
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
    const { signal } = stop;
    this.#running.add(stop);
    this.#transfers += 1;
    try {
      const read = await this.#perform(op, request, signal);
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

  async #perform(op: TransferOp, request: UsbControlRequest | UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    if ('requestType' in request) return this.handle.control(request, signal);
    this.#checkEndpoint(op, request.endpoint);
    return op === Op.Bulk ? this.handle.bulk(request, signal) : this.handle.interrupt(request, signal);
  }

  #stopRunning(): void {
    for (const stop of [...this.#running]) stop.abort();
  }

  #whyEnded(): CodedError | undefined {
    return this.#ended;
  }

  #checkEndpoint(op: TransferOp, address: number): void {
    if (this.#endpoints === undefined) return;
    const endpoint = this.#endpoints.get(address);
    const name = `endpoint 0x${address.toString(16).padStart(2, '0')}`;
    if (endpoint === undefined) throw new CodedError('usb.transfer-failed', `the device has no ${name}`);
    if (endpoint.type === 'isochronous') throw new CodedError('usb.unsupported', `${name} is isochronous, which Usher doesn't carry`);
    const wanted = op === Op.Bulk ? 'bulk' : 'interrupt';
    if (endpoint.type !== wanted) throw new CodedError('usb.transfer-failed', `${name} is ${endpoint.type}, not ${wanted}`);
  }
}
