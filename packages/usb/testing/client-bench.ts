import {
  CodedError,
  decodeFrame,
  encodeFrame,
  encodeV2Reply,
  FLAG_EOF,
  fragmentV2,
  Op,
  tryUtf8,
  type UsbFrame,
  type UsbWindow,
  utf8,
  type V2Reply,
} from '@usher/protocol';
import type { UsbClaimHandle } from '../src/client-claim.ts';
import { UsbClient } from '../src/consumer.ts';
import { ManualClock } from './manual-clock.ts';
import { settle } from './provider-bench.ts';

const NAMES = new Map(Object.entries(Op).map(([name, op]) => [op, name]));

/** The viewer's side alone; the test is the host, and says each frame itself. */
export class ClientBench {
  readonly clock = new ManualClock();
  /** What the client sent, as `op claim body`, oldest first; a test takes them off. */
  readonly sent: string[] = [];
  /** The same as frames. */
  readonly frames: UsbFrame[] = [];
  readonly client: UsbClient;
  /** Why the next frame can't be sent. */
  sendFailure: Error | undefined;

  constructor() {
    this.client = new UsbClient({ clock: this.clock, send: (bytes) => this.#send(bytes) });
  }

  /** A frame of the host. Replies that may be fragmented carry EOF, like a host's. */
  say(op: Op, claim: number, body: unknown = '', flags = FLAG_EOF): void {
    const payload = typeof body === 'string' ? utf8(body) : utf8(JSON.stringify(body));
    this.client.receive(encodeFrame({ op, flags, claim, payload }));
  }

  /** Answers an OPEN that is under way; with a window, in v2. */
  opened(claim: number, token = `token-${claim}`, window?: UsbWindow): void {
    const agreed = window === undefined ? {} : { ext: ['v2'], window_frames: window.frames, window_bytes: window.bytes };
    this.say(Op.Opened, 0, { ok: true, claim_id: claim, resume_token: token, ...agreed });
  }

  /** A reply of v2, whole. */
  reply(op: Op, claim: number, reply: V2Reply): void {
    for (const frame of fragmentV2(op, claim, encodeV2Reply(reply))) this.client.receive(encodeFrame(frame));
  }

  #send(bytes: Uint8Array): void {
    if (this.sendFailure !== undefined) throw this.sendFailure;
    const frame = decodeFrame(bytes);
    const { op, claim, payload } = frame;
    this.frames.push(frame);
    this.sent.push(`${NAMES.get(op)} ${claim} ${tryUtf8(payload)}`.trimEnd());
  }
}

/** A viewer that has opened a device: claim 7. */
export async function openedBench(): Promise<{ readonly bench: ClientBench; readonly key: UsbClaimHandle }> {
  const bench = new ClientBench();
  const opening = bench.client.open({ vendorId: '1050', productId: '0407' });
  await settle();
  bench.opened(7);
  const key = await opening;
  bench.sent.length = 0;
  return { bench, key };
}

/** The code and words that a call rejects with. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it worked';
  } catch (error) {
    return error instanceof CodedError ? `${error.code}: ${error.message}` : `not coded: ${String(error)}`;
  }
}
