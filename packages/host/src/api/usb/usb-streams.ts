import type { ServerResponse } from 'node:http';
import { CodedError } from '@usher/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { UsbNews } from '../../services.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { usbEvent, usbEvents } from '../usb-schema.ts';
import { promptDocument } from './prompt-document.ts';
import type { UsbDesk } from './usb-desk.ts';

/** A console has one for each of its tabs; the CLI one. */
const STREAMS_MAX = 32;
/** Far below what proxies take for silence. */
const HEARTBEAT_MS = 15_000;
/** Whoever listens is asked again who it is. */
const LASTS_MS = 15 * 60_000;
/** As many as the agent keeps; what came beyond is in its list. */
const HELD_MAX = 500;
/** A reader that leaves this much lying isn't there: a full list of events is a tenth of it. */
const UNREAD_MAX = 1024 * 1024;

type DeviceEvent = z.output<typeof usbEvent>;

/** USB news as server-sent events (U3.3, U5.1): one stream for all of it, because a browser has six connections. */
export class UsbStreams {
  readonly #desk: UsbDesk;
  readonly #clock: Clock;
  readonly #open = new Set<Stream>();

  constructor(desk: UsbDesk, clock: Clock) {
    this.#desk = desk;
    this.#clock = clock;
    desk.usb.onNews((news) => {
      for (const stream of this.#open) stream.tell(news);
    });
  }

  isWanted(request: FastifyRequest): boolean {
    return /\btext\/event-stream\b/.test(request.headers.accept ?? '');
  }

  /** @throws CodedError `api.rate-limited` where too many listen. */
  async open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.#open.size >= STREAMS_MAX)
      throw new CodedError('api.rate-limited', `${STREAMS_MAX} programs listen already`, { retrySeconds: 60 });
    reply.hijack();
    const stream = new Stream(reply.raw, this.#desk, this.#clock, () => this.#open.delete(stream));
    this.#open.add(stream);
    await stream.begin(lastEventId(request));
  }

  close(): void {
    for (const stream of this.#open) stream.end();
  }
}

class Stream {
  readonly #response: ServerResponse;
  readonly #desk: UsbDesk;
  readonly #clock: Clock;
  readonly #onEnded: () => void;
  readonly #cancelEnd: () => void;
  #cancelHeartbeat = (): void => {};
  /** Devices that came while those from before are still asked for; undefined once they may go out. */
  #held: DeviceEvent[] | undefined = [];
  /** Of the device that was told last; what comes from two sides is told once. */
  #lastSeq = 0;
  #ended = false;

  constructor(response: ServerResponse, desk: UsbDesk, clock: Clock, onEnded: () => void) {
    this.#response = response;
    this.#desk = desk;
    this.#clock = clock;
    this.#onEnded = onEnded;
    this.#cancelEnd = clock.after(LASTS_MS, () => this.end());
    response.on('close', () => this.end());
    response.on('error', () => this.end()); // the listener has gone, which is how streams end
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    this.#beat();
  }

  /** What is, then what was missed, then what comes. */
  async begin(after: number | undefined): Promise<void> {
    const { usb } = this.#desk;
    this.#say('sharing', { enabled: usb.enabled(), running: usb.status().running });
    for (const open of usb.prompts()) this.tell({ kind: 'prompt', open });
    const missed = after === undefined ? [] : await this.#missed(after);
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of [...missed, ...held]) this.#sayDevice(event);
  }

  tell(news: UsbNews): void {
    switch (news.kind) {
      case 'hotplug': {
        const read = usbEvent.safeParse(news.event);
        if (!read.success) return; // an agent of another version; its list is there to be asked for
        if (this.#held === undefined) this.#sayDevice(read.data);
        else if (this.#held.length < HELD_MAX) this.#held.push(read.data);
        return;
      }
      case 'prompt':
        this.#say('prompt', promptDocument(news.open, this.#desk.profiles));
        return;
      case 'prompt-closed':
        this.#say('prompt-closed', { id: news.id, reason: news.reason });
        return;
      case 'sharing':
        this.#lastSeq = 0; // another agent counts anew
        this.#say('sharing', { enabled: news.enabled, running: news.running });
        return;
      default:
        news satisfies never;
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelEnd();
    this.#cancelHeartbeat();
    this.#onEnded();
    this.#response.end();
  }

  /** Numbers begin anew with the agent: after a higher one than there is, everything was missed. */
  async #missed(after: number): Promise<readonly DeviceEvent[]> {
    const { agent } = this.#desk;
    try {
      const answer = await agent.ask('events', { since: after }, usbEvents);
      return answer.last_seq < after ? (await agent.ask('events', { since: 0 }, usbEvents)).events : answer.events;
    } catch {
      return []; // sharing is off, or the agent is starting: `sharing` has said so
    }
  }

  #sayDevice(event: DeviceEvent): void {
    if (event.seq <= this.#lastSeq) return;
    this.#lastSeq = event.seq;
    this.#write(`id: ${event.seq}\n`);
    this.#say('device', event);
  }

  #say(name: string, data: unknown): void {
    this.#write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #beat(): void {
    this.#write(':\n\n');
    this.#cancelHeartbeat = this.#clock.after(HEARTBEAT_MS, () => this.#beat());
  }

  #write(text: string): void {
    if (this.#ended) return;
    if (this.#response.writableLength > UNREAD_MAX) {
      this.#response.destroy();
      this.end();
    } else this.#response.write(text);
  }
}

function lastEventId(request: FastifyRequest): number | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
