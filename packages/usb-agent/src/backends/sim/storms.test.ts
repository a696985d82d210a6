import { randomBytes } from 'node:crypto';
import { isCoded } from '@usher/protocol';
import { AbuseMeter, ClaimTable, openLoopback, platformClock, type UsbClaimHandle } from '@usher/usb';
import { ALLOW_ALL, settle } from '@usher/usb/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SerialBoard } from './serial-board.ts';
import { SimBackend } from './sim-backend.ts';

const STEPS = ['open', 'read', 'write', 'cancel', 'close', 'unplug', 'plug', 'drop', 'resume', 'subscribe', 'reset', 'pause'] as const;
type Step = (typeof STEPS)[number];
const BOARD = { vendorId: '1209', productId: '0001' };
const VIEWERS = 3;
/** Far shorter than a person's, so that dropped claims end inside the storm, too. */
const GRACE_MS = 20;

/** Several viewers doing everything at once to a few devices that come and go (usb-field §5: CVE-2018-5814, -2021-29265, -2024-43883). */
class Storm {
  readonly backend = new SimBackend([]);
  readonly claims: ClaimTable;
  /** Claims that were given, to see that it was a storm. */
  opened = 0;
  readonly #clock = platformClock(() => performance.now());
  readonly #boards: SerialBoard[] = [];
  readonly #viewers: Viewer[];

  constructor() {
    this.claims = new ClaimTable({ clock: this.#clock, random: (length) => randomBytes(length), graceMs: GRACE_MS });
    this.#viewers = Array.from({ length: VIEWERS }, (_, index) => new Viewer(() => this.#connect(`viewer-${index}`)));
    for (let index = 0; index < 3; index += 1) this.plug(index);
  }

  step(step: Step, which: number): void {
    const board = this.#boards[which % this.#boards.length];
    if (step === 'unplug') {
      if (board === undefined) return;
      this.#boards.splice(this.#boards.indexOf(board), 1);
      this.backend.unplug(board);
    } else if (step === 'plug') this.plug(which);
    else this.#viewers[which % VIEWERS]?.step(step, board?.identity.serial);
  }

  plug(which: number): void {
    const serial = `B${which % 5}`;
    if (this.#boards.some(({ identity }) => identity.serial === serial)) return;
    const board = new SerialBoard();
    Object.assign(board, { identity: { ...board.identity, serial } });
    this.#boards.push(board);
    this.backend.plug(board);
  }

  async end(): Promise<void> {
    await Promise.all(this.#viewers.map((viewer) => viewer.end()));
    await this.claims.endOf();
  }

  #connect(viewer: string) {
    const { backend, claims } = this;
    const abuse = new AbuseMeter(this.#clock);
    return openLoopback({ viewer, backend, claims, policy: ALLOW_ALL, abuse, audit: ({ event }) => this.#count(event) });
  }

  #count(event: string): void {
    if (event === 'usb_open_allowed') this.opened += 1;
  }
}

class Viewer {
  readonly #connect: () => ReturnType<typeof openLoopback>;
  #channel: ReturnType<typeof openLoopback>;
  readonly #claims: UsbClaimHandle[] = [];
  readonly #tokens: string[] = [];
  readonly #doing = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();

  constructor(connect: () => ReturnType<typeof openLoopback>) {
    this.#connect = connect;
    this.#channel = connect();
  }

  step(step: Step, serial: string | undefined): void {
    this.#do(this.#perform(step, serial));
  }

  /** Everything that was begun ends, and ends by code if it fails. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#claims.map((claim) => claim.close()));
    await this.#channel.close();
    while (this.#doing.size > 0) await Promise.all(this.#doing);
  }

  async #perform(step: Step, serial: string | undefined): Promise<unknown> {
    const claim = this.#claims.at(-1);
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(30)]);
    switch (step) {
      case 'open': {
        const opened = await this.#channel.client.open({ ...BOARD, ...(serial === undefined ? {} : { serial }) });
        this.#claims.push(opened);
        this.#tokens.push(opened.resumeToken);
        return;
      }
      case 'read':
        return claim?.bulk({ endpoint: 0x81, length: 512, timeoutMs: 20 });
      case 'write':
        return claim?.bulk({ endpoint: 2, data: new Uint8Array(3000), timeoutMs: 20 });
      case 'cancel':
        return claim?.bulk({ endpoint: 0x81, length: 70_000, timeoutMs: 50, signal });
      case 'subscribe': {
        const subscription = await claim?.subscribe({ endpoint: 0x83, length: 16, signal });
        for await (const _ of subscription ?? []) if (signal.aborted) break;
        return;
      }
      case 'reset':
        return claim?.configure({ action: 'reset' });
      case 'close':
        return this.#claims.pop()?.close();
      case 'drop':
        this.#channel.client.shutdown();
        this.#channel.provider.detach();
        this.#claims.length = 0;
        this.#channel = this.#connect();
        return;
      case 'resume': {
        const token = this.#tokens.pop();
        if (token !== undefined) this.#claims.push(await this.#channel.client.resume(token));
        return;
      }
      case 'plug':
      case 'unplug':
      case 'pause':
        return settle();
    }
  }

  #do(work: Promise<unknown>): void {
    const done = work
      .catch((error: unknown) => {
        const isTakenBack = error instanceof DOMException;
        if (!isTakenBack && !isCoded(error)) throw error;
      })
      .finally(() => this.#doing.delete(done));
    this.#doing.add(done);
  }
}

describe('storms', () => {
  it('issue 3, usb-field §5: a thousand steps of open, close, unplug and resume at once leave no claim and no handle', async () => {
    // Opening and plugging in come more often than the rest: a storm of which little is ever open shows little.
    const steps = fc.array(fc.tuple(fc.constantFrom(...STEPS, 'open' as const, 'open' as const, 'plug' as const), fc.nat({ max: 30 })), {
      minLength: 1000,
      maxLength: 1000,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const storm = new Storm();
        for (const [at, [step, which]] of sequence.entries()) {
          storm.step(step, which);
          if (at % 20 === 0) await settle();
        }
        const ending = performance.now();
        await storm.end();
        expect(performance.now() - ending).toBeLessThan(9000); // a call that nobody answers any more would wait its ten seconds
        expect(storm.claims.all()).toEqual([]);
        expect(storm.opened).toBeGreaterThan(20);
        // Nothing is held: whatever is plugged in can be opened again.
        for (const { busLocation, vendorId, productId } of await storm.backend.list()) {
          const handle = await storm.backend.open({ vendorId, productId, busLocation });
          await handle.close();
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
  }, 120_000);
});
