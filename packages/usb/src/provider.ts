import {
  asksForV2,
  CodedError,
  decodeControl,
  decodeCredit,
  decodeEndpoint,
  decodeFrame,
  decodeResume,
  encodeClosed,
  encodeCredit,
  encodeDeviceChange,
  encodeFrame,
  encodeListing,
  encodeOpened,
  encodeProtocolError,
  encodeTransferReply,
  FLAG_V2,
  failureText,
  fragment,
  isCoded,
  Op,
  readUsbBody,
  toWire,
  type UsbDeviceChange,
  type UsbFrame,
  type UsbTransferReply,
} from '@usher/protocol';
import type { AbuseMeter } from './abuse.ts';
import type { UsbBackend } from './backend.ts';
import type { Claim, ClaimHolder } from './claim.ts';
import { ClaimPipeline } from './claim-pipeline.ts';
import type { ClaimTable } from './claims.ts';
import { DeviceNews, shownDevices } from './device-news.ts';
import { DeviceOpener } from './device-opener.ts';
import type { AccessPolicy, UsbAuditEntry } from './policy.ts';
import { Serial } from './serial.ts';
import type { TransferOp } from './transfer-op.ts';

/** LIST, OPEN and RESUME that may wait for each other: an honest viewer has one of each under way. */
const MAX_WAITING = 8;
/** Claims with v2 that a channel remembers, ended ones too: twice what a host allows all its viewers together. */
const MAX_PIPELINES = 64;

export interface ProviderOptions {
  /** Fingerprint of the viewer: what claims and resume tokens are bound to. */
  readonly viewer: string;
  readonly backend: UsbBackend;
  readonly claims: ClaimTable;
  readonly policy: AccessPolicy;
  readonly abuse: AbuseMeter;
  readonly audit: (entry: UsbAuditEntry) => void;
  /** Puts one frame on the channel. A promise holds back what follows until the channel has room. */
  readonly send: (frame: Uint8Array) => void | Promise<void>;
}

/**
 * The device's side of one viewer's `usb` channel: the base protocol (usb-wire §1–§9), and v2 where the viewer asks for it (rule U12). Frames come in by {@link receive} and go out by
 * `send`; it never throws, whatever comes in, and one bad frame costs that frame's sender an ERROR and nobody anything else (U1.5).
 */
export class UsbProvider implements ClaimHolder {
  readonly #options: ProviderOptions;
  /** One at a time and in order, because an OPENED doesn't say which OPEN or RESUME it answers. */
  readonly #opens = new Serial(MAX_WAITING);
  /** Listings are a queue of their own: an OPEN may wait for the operator. */
  readonly #lists = new Serial(MAX_WAITING);
  /**
   * By claim. A claim that has ended stays for a while: requests that were on their way when it ended are answered with why it did, instead
   * of counting as strikes of a viewer that couldn't know.
   */
  readonly #pipelines = new Map<number, ClaimPipeline>();
  readonly #opener: DeviceOpener;
  /** Aborts with the channel: whoever is asked on this viewer's behalf needn't answer any more. */
  readonly #leaving = new AbortController();
  /** Once the viewer has asked to be told what comes and goes. */
  #news: DeviceNews | undefined;
  #detached = false;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#opener = new DeviceOpener({ ...options, holder: this, leaving: this.#leaving.signal });
  }

  receive(bytes: Uint8Array): void {
    if (this.#detached) return;
    let frame: UsbFrame;
    try {
      frame = decodeFrame(bytes);
    } catch (error) {
      this.#badFrame(toWire(error).message);
      return;
    }
    this.#dispatch(frame);
  }

  /** The channel is gone: what was in flight ends, and the claims wait for a RESUME (U1.8). */
  detach(): void {
    if (this.#detached) return;
    this.#detached = true;
    this.#leaving.abort();
    this.#news?.end();
    this.#options.claims.abandon(this);
  }

  claimEnded(claim: Claim, reason: CodedError): void {
    void this.#send({ op: Op.Closed, flags: 0, claim: claim.id, payload: encodeClosed({ ok: false, error: failureText(reason) }) });
  }

  #dispatch(frame: UsbFrame): void {
    switch (frame.op) {
      case Op.List:
      case Op.Open:
      case Op.Resume:
        this.#request(frame, frame.op);
        return;
      case Op.Control:
      case Op.Bulk:
      case Op.Interrupt:
        this.#transfer(frame, frame.op);
        return;
      case Op.Close:
        void this.#close(frame);
        return;
      case Op.Cancel:
        this.#v2Only(frame, (pipeline) => pipeline.cancel(frame.payload));
        return;
      case Op.Config:
      case Op.Subscribe: {
        const { op } = frame;
        this.#v2Only(frame, (pipeline) => pipeline.receive(op, frame));
        return;
      }
      case Op.Credit:
        this.#credit(frame);
        return;
      case Op.Opened:
      case Op.Devices:
      case Op.Closed:
      case Op.Error:
        return; // a host's own words: ignored when a viewer says them (usb-wire §3)
    }
  }

  #request(frame: UsbFrame, op: typeof Op.List | typeof Op.Open | typeof Op.Resume): void {
    const queue = op === Op.List ? this.#lists : this.#opens;
    const refusal = this.#lockedOut() ?? (queue.full ? new CodedError('usb.locked-out', 'too many requests at once') : undefined);
    if (refusal !== undefined) {
      this.#refuse(frame, op, refusal);
      return;
    }
    void queue.run(async () => {
      try {
        if (op === Op.List) await this.#list(frame);
        else this.#opened(op === Op.Open ? await this.#opener.open(frame.payload) : this.#resume(frame), asksForV2(frame.payload));
      } catch (error) {
        this.#refuse(frame, op, error);
      }
    });
  }

  /** Answered in the request's own kind: an AutoControl viewer that gets an ERROR on claim 0 waits ten seconds (usb-wire §0, row 5). */
  #refuse(frame: UsbFrame, op: typeof Op.List | typeof Op.Open | typeof Op.Resume, error: unknown): void {
    if (isStrike(error)) this.#strike();
    if (op === Op.List) {
      void this.#sendAll(fragment(Op.List, frame.claim, encodeListing({ devices: [], problem: failureText(error) })));
      return;
    }
    const payload = encodeOpened({ ok: false, error: failureText(error) });
    void this.#send({ op: Op.Opened, flags: 0, claim: frame.claim, payload });
  }

  async #list(frame: UsbFrame): Promise<void> {
    const tellsNews = asksForNews(frame);
    if (tellsNews && this.#news === undefined) {
      const { backend, policy } = this.#options;
      this.#news = new DeviceNews({ backend, policy, tell: (change) => this.#send(newsFrame(change)) });
    }
    const devices = (await this.#news?.look()) ?? (await shownDevices(this.#options));
    await this.#sendAll(fragment(Op.List, frame.claim, encodeListing({ devices, tellsNews })));
  }

  #resume(frame: UsbFrame): Claim {
    const token = readResume(frame);
    try {
      const claim = this.#options.claims.resume(token, this.#options.viewer, this);
      this.#audit({ event: 'usb_resume', ...claim.subject });
      return claim;
    } catch (error) {
      this.#audit({ event: 'usb_resume_denied' });
      throw error;
    }
  }

  #opened(claim: Claim, inV2: boolean): void {
    const pipeline = inV2 ? this.#speakV2(claim) : undefined;
    if (pipeline === undefined) this.#pipelines.delete(claim.id);
    const agreed = pipeline === undefined ? {} : { window: pipeline.window };
    const payload = encodeOpened({ ok: true, claim: claim.id, resumeToken: claim.resumeToken, ...agreed });
    void this.#send({ op: Op.Opened, flags: 0, claim: claim.id, payload });
  }

  #speakV2(claim: Claim): ClaimPipeline {
    const pipeline = new ClaimPipeline({
      claim: claim.id,
      clock: claim.clock,
      transfer: (op, request, stop) => claim.transfer(op, request, stop),
      configure: (change, timeoutMs) => claim.configure(change, timeoutMs),
      subscribe: (endpoint, length) => claim.subscribe(endpoint, length),
      send: (frame) => this.#send(frame),
      lockedOut: () => this.#lockedOut(),
      strike: () => this.#strike(),
      error: (error) => this.#protocolError(claim.id, error),
    });
    claim.speakV2(pipeline);
    this.#pipelines.delete(claim.id); // what is set anew counts as the youngest
    this.#pipelines.set(claim.id, pipeline);
    const [oldest] = this.#pipelines.keys();
    if (oldest !== undefined && this.#pipelines.size > MAX_PIPELINES) this.#pipelines.delete(oldest);
    return pipeline;
  }

  #transfer(frame: UsbFrame, op: TransferOp): void {
    const pipeline = (frame.flags & FLAG_V2) === 0 ? undefined : this.#pipelines.get(frame.claim);
    if (pipeline === undefined) this.#baseTransfer(frame, op);
    else pipeline.receive(op, frame);
  }

  #baseTransfer(frame: UsbFrame, op: TransferOp): void {
    const locked = this.#lockedOut();
    if (locked !== undefined) {
      this.#protocolError(frame.claim, locked);
      return;
    }
    const claim = this.#options.claims.held(frame.claim, this);
    if (claim === undefined) {
      this.#strike();
      this.#protocolError(frame.claim, unknownClaim(frame));
      return;
    }
    const { credits } = claim;
    if (!credits.take()) {
      this.#strike();
      this.#protocolError(frame.claim, new CodedError('usb.credit-exhausted', 'credit exhausted'));
      return;
    }
    claim.enqueue(async () => {
      const answer = await this.#answer(claim, op, frame);
      // After a RESUME the window is a new one, and nobody waits for this answer any more.
      const isCurrent = () => claim.holder === this && claim.credits === credits && !this.#detached;
      for (const part of answer) {
        if (!isCurrent()) return;
        await this.#send(part);
      }
      if (!isCurrent()) return;
      credits.give();
      void this.#send({ op: Op.Credit, flags: 0, claim: claim.id, payload: encodeCredit(1) });
    });
  }

  /** What a transfer is answered with: its result, or for a body that isn't JSON an ERROR. Both give the credit back (usb-wire §7). */
  async #answer(claim: Claim, op: TransferOp, frame: UsbFrame): Promise<readonly UsbFrame[]> {
    let body: ReturnType<typeof readUsbBody>;
    try {
      body = readUsbBody(frame.payload);
    } catch (error) {
      this.#strike();
      return [this.#errorFrame(claim.id, new CodedError('message.malformed', `bad payload: ${toWire(error).message}`))];
    }
    let reply: UsbTransferReply;
    try {
      reply = { ok: true, data: await claim.transfer(op, op === Op.Control ? decodeControl(body) : decodeEndpoint(body)) };
    } catch (error) {
      reply = { ok: false, error: isCoded(error, 'message.malformed') ? error.message : failureText(error) };
    }
    return fragment(op, claim.id, encodeTransferReply(reply));
  }

  /** Releasing is always possible, also for a viewer that is locked out: refusing it would only keep the device busy. */
  async #close(frame: UsbFrame): Promise<void> {
    const claim = this.#options.claims.held(frame.claim, this);
    if (claim === undefined) {
      this.#strike();
      this.#protocolError(frame.claim, unknownClaim(frame));
      return;
    }
    try {
      await this.#options.claims.end(claim, new CodedError('usb.closed', 'handle is closed'));
      await claim.replied();
      await this.#send({ op: Op.Closed, flags: 0, claim: claim.id, payload: encodeClosed({ ok: true }) });
    } catch (error) {
      const { code, message } = toWire(error);
      this.#protocolError(claim.id, new CodedError(code, `close failed: ${message}`));
    }
  }

  /** Accepted without an answer; a bad one is ignored. The base protocol's host sends only replies, each of which a credit of the viewer paid for. */
  #credit(frame: UsbFrame): void {
    const pipeline = (frame.flags & FLAG_V2) === 0 ? undefined : this.#pipelines.get(frame.claim);
    if (pipeline !== undefined) {
      pipeline.grant(frame.payload);
      return;
    }
    try {
      decodeCredit(frame.payload);
    } catch {
      // U1.6: a bad CREDIT is ignored, and no strike (usb-wire §9).
    }
  }

  /** Where v2 wasn't agreed there is no such op (rules U17, U19, U20). */
  #v2Only(frame: UsbFrame, use: (pipeline: ClaimPipeline) => void): void {
    const pipeline = this.#pipelines.get(frame.claim);
    if (pipeline === undefined) this.#badFrame(`unknown opcode 0x${frame.op.toString(16).padStart(2, '0')}`);
    else use(pipeline);
  }

  #badFrame(problem: string): void {
    this.#strike();
    this.#protocolError(0, new CodedError('message.malformed', `bad frame: ${problem}`));
  }

  #lockedOut(): CodedError | undefined {
    return this.#options.abuse.locked ? new CodedError('usb.locked-out', 'rate limited; locked out') : undefined;
  }

  #strike(): void {
    if (this.#options.abuse.strike()) this.#audit({ event: 'usb_rate_limited', detail: 'viewer locked out for repeated failures' });
  }

  #audit(entry: UsbAuditEntry): void {
    this.#options.audit(entry);
  }

  #protocolError(claim: number, error: CodedError): void {
    void this.#send(this.#errorFrame(claim, error));
  }

  /** An ERROR is recorded, except to a viewer that is locked out: that was recorded once, when it began. */
  #errorFrame(claim: number, error: CodedError): UsbFrame {
    const text = failureText(error);
    if (error.code !== 'usb.locked-out') this.#audit({ event: 'usb_error', ...(claim === 0 ? {} : { claim }), detail: text });
    return { op: Op.Error, flags: 0, claim, payload: encodeProtocolError(text) };
  }

  async #sendAll(frames: readonly UsbFrame[]): Promise<void> {
    for (const frame of frames) await this.#send(frame);
  }

  /** A channel that fails to send is about to be detached; until then its frames go nowhere. */
  async #send(frame: UsbFrame): Promise<void> {
    if (this.#detached) return;
    try {
      await this.#options.send(encodeFrame(frame));
    } catch {
      this.detach();
    }
  }
}

/** AutoControl's LIST is empty; anything else that doesn't ask is as good as that. */
function asksForNews({ payload }: UsbFrame): boolean {
  try {
    return payload.length > 0 && asksForV2(payload);
  } catch {
    return false;
  }
}

function newsFrame(change: UsbDeviceChange): UsbFrame {
  return { op: Op.Devices, flags: FLAG_V2, claim: 0, payload: encodeDeviceChange(change) };
}

function readResume(frame: UsbFrame): string {
  try {
    return decodeResume(frame.payload);
  } catch (error) {
    throw new CodedError('message.malformed', `bad RESUME payload: ${toWire(error).message}`);
  }
}

/** Refusals that an honest viewer meets (a device that is busy, absent or one of two) cost nothing; the others count (U1.11). */
function isStrike(error: unknown): boolean {
  return isCoded(error, 'message.malformed') || isCoded(error, 'usb.denied') || isCoded(error, 'usb.closed');
}

function unknownClaim(frame: UsbFrame): CodedError {
  return new CodedError('usb.closed', `unknown claim_id ${frame.claim}`);
}
