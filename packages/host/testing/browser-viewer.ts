import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type Fingerprint, fingerprint } from '@usher/protocol';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { HostPeer } from '../src/webrtc/peer.ts';

/** What the page's receiver counted (W3C webrtc-stats, as far as tests ask). */
export interface ReceivedVideo {
  /** Whole pictures, decoded or not. */
  readonly framesReceived: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly keyFramesDecoded: number;
  readonly freezeCount: number;
  readonly frameWidth: number;
  readonly packetsLost: number;
  readonly nackCount: number;
  readonly pliCount: number;
  readonly bytesReceived: number;
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmittedCount: number;
}

export interface ReceivedAudio {
  readonly packetsReceived: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
}

/** A cold start from a busy disk. */
const STARTS_WITHIN_MS = 90_000;
/** Pictures come some thirty a second; the bound is for a machine that shows two. */
const SHOWN_WITHIN_MS = 90_000;

/** Debian's Chromium, for as many viewers as a test wants. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #url: string;

  private constructor(browser: Browser, server: Server, url: string) {
    this.#browser = browser;
    this.#server = server;
    this.#url = url;
  }

  static async launch(): Promise<TestBrowser> {
    const page = await readFile(new URL('viewer-page.html', import.meta.url));
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      timeout: STARTS_WITHIN_MS,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // So that it uses loopback where the machine has no other interface (facts: media §1.5).
        '--allow-loopback-in-peer-connection',
        '--disable-features=WebRtcHideLocalIpsWithMdns',
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
    return new TestBrowser(browser, server, `http://127.0.0.1:${address.port}/`);
  }

  async viewer(): Promise<BrowserViewer> {
    const page = await this.#browser.newPage();
    return BrowserViewer.open(page, this.#url);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

interface PageMessage {
  readonly candidate?: string;
  readonly mid?: string;
  readonly state?: string;
}

/** One page with a viewer in it. */
export class BrowserViewer {
  readonly #page: Page;
  readonly #states: string[] = [];
  readonly #stateListeners: ((state: string) => void)[] = [];
  #peer: HostPeer | undefined;
  #fingerprint: Fingerprint | undefined;
  #closed = false;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(page: Page, url: string): Promise<BrowserViewer> {
    const viewer = new BrowserViewer(page);
    await page.exposeFunction('signal', (message: PageMessage) => viewer.#take(message));
    await page.goto(url);
    return viewer;
  }

  /** Of the certificate that the page made. */
  get fingerprint(): Fingerprint {
    if (this.#fingerprint === undefined) throw new RangeError('the page has not offered yet');
    return this.#fingerprint;
  }

  /** Offers, lets the host answer, and trickles candidates both ways. `changes` play somebody between the two. */
  async connect(
    peer: HostPeer,
    options: {
      readonly codec?: 'H264' | 'VP8';
      readonly audio?: boolean;
      readonly changeOffer?: (sdp: string) => string;
      readonly changeCandidate?: (candidate: string) => Promise<string>;
    } = {},
  ): Promise<void> {
    const { changeOffer = (sdp) => sdp, changeCandidate } = options;
    this.#peer = changeCandidate === undefined ? peer : undefined;
    const wanted = { codec: options.codec, audio: options.audio ?? false };
    const offer = await this.#page.evaluate<{ sdp: string; fingerprint: string }>(
      `viewer.offer(${JSON.stringify(wanted.codec)}, ${wanted.audio})`,
    );
    this.#fingerprint = fingerprint(offer.fingerprint);
    let ready: Promise<unknown> = Promise.resolve();
    peer.onCandidate((candidate, mid) => {
      ready = ready.then(async () => this.#call('candidate', (await changeCandidate?.(candidate)) ?? candidate, mid));
    });
    // A relay in between must be the only way: neither side's own candidates are told to the other then.
    const offered = changeCandidate === undefined ? offer.sdp : offer.sdp.replace(/^a=candidate:.*\r\n/gm, '');
    const answer = await peer.answer(changeOffer(offered));
    ready = this.#call('answer', answer.sdp);
    await ready;
  }

  /** Resolves when the page's connection is in one of the states. */
  state(...wanted: readonly string[]): Promise<string> {
    const now = this.#states.find((state) => wanted.includes(state));
    if (now !== undefined) return Promise.resolve(now);
    return new Promise((resolve) => this.#stateListeners.push((state) => wanted.includes(state) && resolve(state)));
  }

  /** Resolves when the page has shown that many pictures. */
  async shown(frames: number): Promise<void> {
    await this.#page.waitForFunction(`viewer.seen().frames >= ${frames}`, undefined, { timeout: SHOWN_WITHIN_MS });
  }

  /** The strongest frequency that the page hears, in hertz, to about 6. */
  pitch(): Promise<number> {
    return this.#page.evaluate<number>('viewer.pitch()');
  }

  stats(): Promise<{ readonly video: ReceivedVideo; readonly audio?: ReceivedAudio }> {
    return this.#page.evaluate('viewer.stats()');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#page.close();
  }

  async #call(name: string, ...details: readonly string[]): Promise<void> {
    // The last candidates may come when the test is over.
    if (this.#closed) return;
    await this.#page.evaluate(`viewer.${name}(...${JSON.stringify(details)})`).catch((error: unknown) => {
      if (!this.#closed) throw error;
    });
  }

  #take({ candidate, mid, state }: PageMessage): void {
    if (candidate !== undefined && mid !== undefined) this.#peer?.addCandidate(candidate, mid);
    if (state === undefined) return;
    this.#states.push(state);
    for (const listener of this.#stateListeners) listener(state);
  }
}
