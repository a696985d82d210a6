import { request } from 'node:http';
import { join } from 'node:path';
import type { HostProcess } from './host-process.ts';

const COMES_WITHIN_MS = 15_000;

export interface StreamedEvent {
  readonly name: string;
  readonly data: unknown;
}

/** A listener of `GET /usb/events`, by the host's local socket. */
export class EventStream implements Disposable {
  readonly #stop: () => void;
  readonly #heard: StreamedEvent[] = [];
  #waiting: (() => void)[] = [];

  private constructor(stop: () => void) {
    this.#stop = stop;
  }

  static async open(host: HostProcess): Promise<EventStream> {
    const headers = { authorization: `Bearer ${await host.token()}`, accept: 'text/event-stream' };
    const call = request({ socketPath: join(host.home, 'api.sock'), path: '/usb/events', headers: { host: 'localhost', ...headers } });
    const stream = new EventStream(() => call.destroy());
    await new Promise<void>((resolve, reject) => {
      call.once('error', reject).end();
      call.once('response', (response) => {
        call.off('error', reject).on('error', () => undefined); // its end is the test's, or the host's
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const events = (text + chunk).split('\n\n');
          text = events.pop() ?? '';
          for (const event of events) stream.#take(event);
        });
        response.on('error', () => undefined);
        resolve();
      });
    });
    return stream;
  }

  /** The first event, of those not yet given, that `fits`. */
  async next(name: string, fits: (data: unknown) => boolean = () => true): Promise<unknown> {
    const deadline = performance.now() + COMES_WITHIN_MS;
    for (;;) {
      const index = this.#heard.findIndex((event) => event.name === name && fits(event.data));
      if (index >= 0) return this.#heard.splice(0, index + 1).at(-1)?.data;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`no ${name} within ${COMES_WITHIN_MS} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #take(text: string): void {
    const name = /^event: (.*)$/m.exec(text)?.[1];
    const data = /^data: (.*)$/m.exec(text)?.[1];
    if (name === undefined || data === undefined) return; // a heartbeat
    this.#heard.push({ name, data: JSON.parse(data) });
    for (const go of this.#waiting.splice(0)) go();
  }
}
