import { CodedError, isCoded } from '@usher/protocol';

/** What a subscription reads and where what it read goes. */
export interface SubscriptionLink {
  /** One read of the endpoint, until `stop` aborts. */
  read(stop: AbortController): Promise<Uint8Array>;
  /** Puts what a read brought on the channel; settles when the channel has room for more. */
  push(data: Uint8Array): Promise<void>;
}

/**
 * The device's side of a SUBSCRIBE (rule U20): some reads are always pending, as many as there are credits for, and what they bring
 * is pushed in their order.
 */
export class ClaimSubscription {
  readonly #link: SubscriptionLink;
  readonly #reads: number;
  readonly #pending: { readonly stop: AbortController; readonly data: Promise<Uint8Array> }[] = [];
  #credits: number;
  #stopped: CodedError | undefined;
  #wake: () => void = () => undefined;

  constructor({ reads, credits }: { readonly reads: number; readonly credits: number }, link: SubscriptionLink) {
    this.#reads = reads;
    this.#credits = credits;
    this.#link = link;
  }

  /** More pushes. What exceeds `most` is dropped: a viewer can't talk the host into keeping count of more. */
  grant(credits: number, most: number): void {
    this.#credits = Math.min(most, this.#credits + credits);
    this.#wake();
  }

  stop(reason: CodedError): void {
    this.#stopped ??= reason;
    for (const { stop } of this.#pending) stop.abort();
    this.#wake();
  }

  /** Settles with what ended it, after everything that was read has been pushed. */
  async run(): Promise<unknown> {
    // Each turn ends one read, or waits for a credit; stop() is what ends it all.
    for (;;) {
      this.#begin();
      const [oldest] = this.#pending;
      if (oldest !== undefined) {
        const failure = await this.#deliver(oldest.data);
        this.#pending.shift();
        if (failure === undefined) continue;
        this.stop(new CodedError('usb.cancelled', 'an earlier read of the subscription failed'));
        for (const { data } of this.#pending.splice(0)) await this.#deliver(data);
        return failure;
      }
      if (this.#stopped !== undefined) return this.#stopped;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #begin(): void {
    while (this.#stopped === undefined && this.#pending.length < Math.min(this.#reads, this.#credits)) {
      const stop = new AbortController();
      const data = this.#link.read(stop);
      data.catch(() => undefined); // it is looked at when its turn comes
      this.#pending.push({ stop, data });
    }
  }

  /** What failed, if it did. A read that timed out found nothing: the next one goes on. */
  async #deliver(read: Promise<Uint8Array>): Promise<unknown> {
    let data: Uint8Array;
    try {
      data = await read;
    } catch (error) {
      if (isCoded(error, 'usb.timeout') && this.#stopped === undefined) return undefined;
      return isCoded(error, 'usb.cancelled') ? (this.#stopped ?? error) : error;
    }
    this.#credits -= 1;
    await this.#link.push(data);
    return undefined;
  }
}
