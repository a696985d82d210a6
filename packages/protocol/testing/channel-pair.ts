/** One end of an ordered, reliable pipe of whole messages: what a DataChannel or an enveloped stream is to the code above it. */
export class ChannelEnd {
  /** Every message of the other side, oldest first, whether or not someone listened. */
  readonly received: Uint8Array[] = [];
  readonly #onMessage: ((message: Uint8Array) => void)[] = [];
  readonly #onClosed: (() => void)[] = [];
  #other: ChannelEnd | undefined;
  #closed = false;

  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Delivered in a turn of its own, never from inside this call. The bytes are copied, as a network copies them: what either side does
   * to its array afterwards the other doesn't see. False once either end is closed; nothing is delivered then.
   */
  send(message: Uint8Array): boolean {
    const other = this.#other;
    if (this.#closed || other === undefined) return false;
    const copy = message.slice();
    queueMicrotask(() => other.#deliver(copy));
    return true;
  }

  onMessage(listener: (message: Uint8Array) => void): void {
    this.#onMessage.push(listener);
  }

  /** Called once, whichever side closed. */
  onClosed(listener: () => void): void {
    this.#onClosed.push(listener);
  }

  /** Idempotent. Messages that were sent before still arrive. */
  close(): void {
    const other = this.#other;
    this.#end();
    if (other !== undefined) queueMicrotask(() => other.#end());
  }

  join(other: ChannelEnd): void {
    this.#other = other;
  }

  #deliver(message: Uint8Array): void {
    if (this.#closed) return;
    this.received.push(message);
    for (const listener of this.#onMessage) listener(message);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#onClosed) queueMicrotask(listener);
  }
}

/** Two ends that are connected: what one sends, the other receives. */
export function channelPair(): readonly [ChannelEnd, ChannelEnd] {
  const [one, other] = [new ChannelEnd(), new ChannelEnd()];
  one.join(other);
  other.join(one);
  return [one, other];
}
