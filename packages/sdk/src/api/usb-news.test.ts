import { describe, expect, it } from 'vitest';
import { type EventStream, listenToUsb } from './usb-news.ts';

class FakeStream implements EventStream {
  closed = false;
  readonly #listeners = new Map<string, (event: { readonly data?: unknown }) => void>();

  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }

  say(type: string, data?: unknown): void {
    this.#listeners.get(type)?.(data === undefined ? {} : { data: JSON.stringify(data) });
  }

  close(): void {
    this.closed = true;
  }
}

describe('U5.1: a page that listens', () => {
  it('U5.1: hears of devices, questions and sharing, until it stops', () => {
    const stream = new FakeStream();
    const heard: unknown[] = [];
    const stop = listenToUsb(stream, {
      device: (event) => heard.push(['device', event.seq]),
      prompt: (prompt) => heard.push(['prompt', prompt.id]),
      promptClosed: (id) => heard.push(['closed', id]),
      sharing: (sharing) => heard.push(['sharing', sharing]),
      connected: (isConnected) => heard.push(['connected', isConnected]),
    });
    stream.say('open');
    stream.say('device', { seq: 4, kind: 'added', device: {} });
    stream.say('prompt', { id: 'k1' });
    stream.say('prompt-closed', { id: 'k1', reason: 'answered' });
    stream.say('sharing', { enabled: true, running: false });
    stream.say('error');
    expect(heard).toEqual([
      ['connected', true],
      ['device', 4],
      ['prompt', 'k1'],
      ['closed', 'k1'],
      ['sharing', { enabled: true, running: false }],
      ['connected', false],
    ]);
    stop();
    expect(stream.closed).toBe(true);
  });

  it('U5.1: what it isn’t interested in is nobody’s trouble', () => {
    const stream = new FakeStream();
    listenToUsb(stream, {});
    for (const name of ['device', 'prompt', 'sharing']) stream.say(name, { enabled: true, running: true });
    stream.say('prompt-closed', { id: 'k1' });
  });
});
