import type { HotplugEvent } from '@usher/usb';

/** Events that are remembered for whoever asks later (usb-wire §14). */
const CAPACITY = 500;

export interface NumberedEvent {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly event: HotplugEvent;
}

/** The latest hotplug events, numbered. */
export class HotplugLog {
  readonly #events: NumberedEvent[] = [];
  #lastSeq = 0;

  /** 0 before the first event. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  add(event: HotplugEvent): NumberedEvent {
    this.#lastSeq += 1;
    const numbered = { seq: this.#lastSeq, event };
    this.#events.push(numbered);
    if (this.#events.length > CAPACITY) this.#events.shift();
    return numbered;
  }

  /** What came after number `since`, oldest first; a limit keeps the newest. */
  after(since: number, limit = CAPACITY): readonly NumberedEvent[] {
    const later = this.#events.filter(({ seq }) => seq > since);
    return later.slice(Math.max(0, later.length - limit));
  }
}
