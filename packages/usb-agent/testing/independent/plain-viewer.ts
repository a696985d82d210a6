import { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';
import { EOF, fromBytes, type PlainFrame, pythonJson, readFrom, toBytes, writeTo } from './plain-frames.ts';

const Op = {
  list: 1,
  open: 2,
  opened: 3,
  control: 4,
  bulk: 5,
  interrupt: 6,
  credit: 7,
  close: 8,
  closed: 9,
  resume: 10,
  error: 255,
} as const;
/** Longest wait for one reply, on two slow cores that also run other tests. */
const PATIENCE_MS = 45_000;

/** What a reply's JSON may say. */
export interface PlainReply {
  readonly ok?: boolean;
  readonly error?: string;
  readonly data?: string;
  readonly claim_id?: number;
  readonly resume_token?: string;
  readonly devices?: readonly { readonly vendor_id: string; readonly product_id: string }[];
}

/** A viewer as an AutoControl one behaves: one request at a time, sixteen credits a claim, replies joined by claim. */
export class PlainViewer {
  /** Frames of the kinds that nobody asked for, in their order. */
  readonly unasked: PlainFrame[] = [];
  readonly credits = new Map<number, number>();
  readonly #output: Writable;
  readonly #joins = new Map<number, Buffer>();
  #waiting: { readonly fits: (frame: PlainFrame) => boolean; readonly take: (op: number, claim: number, body: Buffer) => void } | undefined;

  constructor(input: Readable, output: Writable) {
    this.#output = output;
    readFrom(input, (bytes) => this.#take(fromBytes(bytes)));
  }

  list(): Promise<PlainReply> {
    return this.#ask(Op.list, 0, undefined, [Op.list]);
  }

  open(body: object): Promise<PlainReply> {
    return this.#ask(Op.open, 0, body, [Op.opened]);
  }

  resume(token: string): Promise<PlainReply> {
    return this.#ask(Op.resume, 0, { resume_token: token }, [Op.opened]);
  }

  transfer(kind: 'control' | 'bulk' | 'interrupt', claim: number, body: object): Promise<PlainReply> {
    const left = this.credits.get(claim) ?? 16;
    if (left === 0) throw new Error('no credit is left');
    this.credits.set(claim, left - 1);
    return this.#ask(Op[kind], claim, body, [Op[kind], Op.error]);
  }

  close(claim: number): Promise<PlainReply> {
    return this.#ask(Op.close, claim, undefined, [Op.closed, Op.error]);
  }

  /** Bytes that needn't be a frame; the answer is whatever comes next. */
  noise(bytes: Buffer): Promise<PlainReply> {
    const answer = this.#answer(() => true);
    writeTo(this.#output, bytes);
    return answer;
  }

  #ask(op: number, claim: number, body: object | undefined, answers: readonly number[]): Promise<PlainReply> {
    const payload = Buffer.from(body === undefined ? '' : pythonJson(body));
    const answer = this.#answer((frame) => answers.includes(frame.op));
    writeTo(this.#output, toBytes({ op, flags: 0, claim, payload }));
    return answer;
  }

  #answer(fits: (frame: PlainFrame) => boolean): Promise<PlainReply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no reply came')), PATIENCE_MS);
      this.#waiting = {
        fits,
        take: (_op, _claim, body) => {
          clearTimeout(timer);
          resolve(JSON.parse(body.toString('utf8')) as PlainReply); // the test looks at each field that it names
        },
      };
    });
  }

  #take(frame: PlainFrame): void {
    if (frame.op === Op.credit) {
      const { credits } = JSON.parse(frame.payload.toString('utf8')) as { credits: number }; // as above
      this.credits.set(frame.claim, (this.credits.get(frame.claim) ?? 16) + credits);
      return;
    }
    if (this.#waiting?.fits(frame) !== true) {
      this.unasked.push(frame);
      return;
    }
    const isFragment = frame.op === Op.list || (frame.op >= Op.control && frame.op <= Op.interrupt);
    const joined = Buffer.concat([this.#joins.get(frame.claim) ?? Buffer.alloc(0), frame.payload]);
    if (isFragment && (frame.flags & EOF) === 0) {
      this.#joins.set(frame.claim, joined);
      return;
    }
    this.#joins.delete(frame.claim);
    const { take } = this.#waiting;
    this.#waiting = undefined;
    take(frame.op, frame.claim, joined);
  }
}
