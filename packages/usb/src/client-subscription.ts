import { CodedError, decodeV2Reply, FLAG_CONTINUED, FLAG_EOF, isCoded, type UsbFrame, V2Join } from '@usher/protocol';
import { onlyCoded } from './only-coded.ts';

/** What is read, and how far ahead (rule U20). */
export interface SubscriptionRequest {
  readonly endpoint: number;
  /** Bytes of one read. */
  readonly length: number;
  /** Reads that the host keeps pending. */
  readonly reads: number;
  /** Pushes that may be on their way or wait to be taken: what bounds the memory of both ends. */
  readonly credits: number;
}

/** What a subscription needs of its pipeline. */
export interface SubscriptionChannel {
  grant(credits: number): void;
  cancel(): void;
  /** It is over: its id and its room are free. */
  over(): void;
}

/** What an endpoint brings, as it comes. Iterating takes it; what isn't taken makes the host read no further. */
export interface UsbSubscription extends AsyncIterable<Uint8Array> {
  /** Takes the subscription back. What was on its way can still be taken. May be called again. */
  close(): Promise<void>;
}

/** The viewer's side of one SUBSCRIBE. */
export class ClientSubscription implements UsbSubscription {
  readonly #request: SubscriptionRequest;
  readonly #channel: SubscriptionChannel;
  readonly #arrived: Uint8Array[] = [];
  readonly #ended: Promise<void>;
  #settleEnded: () => void = () => undefined;
  #wake: () => void = () => undefined;
  #join: V2Join | undefined;
  /** Pushes that were taken since the last grant. */
  #taken = 0;
  #isCancelled = false;
  #over: CodedError | undefined;

  constructor(request: SubscriptionRequest, channel: SubscriptionChannel) {
    this.#request = request;
    this.#channel = channel;
    this.#ended = new Promise((settle) => {
      this.#settleEnded = settle;
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        const data = this.#arrived.shift();
        if (data !== undefined) {
          this.#grantLater();
          yield data;
        } else if (this.#over === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else if (this.#isCancelled && isCoded(this.#over, 'usb.cancelled')) return;
        else throw this.#over;
      }
    } finally {
      this.#cancel(); // whoever stops iterating wants no more
    }
  }

  async close(): Promise<void> {
    this.#cancel();
    await this.#ended;
  }

  /** A fragment of a push. */
  receive(frame: UsbFrame): void {
    try {
      this.#take(frame);
    } catch (error) {
      this.#cancel();
      this.end(onlyCoded(error));
    }
  }

  end(reason: CodedError): void {
    if (this.#over !== undefined) return;
    this.#over = reason;
    this.#channel.over();
    this.#settleEnded();
    this.#wake();
  }

  #take(frame: UsbFrame): void {
    if ((frame.flags & FLAG_CONTINUED) !== 0) this.#join?.push(frame);
    else {
      const push = decodeV2Reply(frame.payload);
      if (!push.ok) {
        this.end(new CodedError(push.code, push.message));
        return;
      }
      const { length, credits } = this.#request;
      if (push.actual > length) throw new CodedError('message.malformed', `${push.actual} bytes came for ${length}`);
      if (this.#arrived.length >= credits) throw new CodedError('message.malformed', `more than ${credits} pushes came`);
      this.#join = new V2Join(push.actual, push.data);
    }
    if ((frame.flags & FLAG_EOF) === 0 || this.#join === undefined) return;
    this.#arrived.push(this.#join.done());
    this.#join = undefined;
    this.#wake();
  }

  /** Half a window at a time: a CREDIT for each push would double the messages. */
  #grantLater(): void {
    this.#taken += 1;
    if (this.#taken < Math.ceil(this.#request.credits / 2) || this.#over !== undefined) return;
    this.#channel.grant(this.#taken);
    this.#taken = 0;
  }

  #cancel(): void {
    if (this.#isCancelled || this.#over !== undefined) return;
    this.#isCancelled = true;
    this.#channel.cancel();
  }
}
