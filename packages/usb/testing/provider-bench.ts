import { decodeFrame, encodeFrame, Op, tryUtf8, type UsbFrame, utf8 } from '@usher/protocol';
import { AbuseMeter } from '../src/abuse.ts';
import { ClaimTable } from '../src/claims.ts';
import type { AccessPolicy, UsbAuditEntry } from '../src/policy.ts';
import { UsbProvider } from '../src/provider.ts';
import { countedBytes } from './counted-bytes.ts';
import { FakeBackend, fakeDevice } from './fake-backend.ts';
import { ManualClock } from './manual-clock.ts';

export const ALLOW_ALL: AccessPolicy = {
  mayOpen: () => true,
  shows: () => true,
  decide: () => Promise.resolve({ allow: true }),
  onChange: () => () => undefined,
};

/** The device's side alone, spoken to in frames. */
export class ProviderBench {
  readonly clock = new ManualClock();
  readonly audited: UsbAuditEntry[] = [];
  readonly claims: ClaimTable;
  readonly #backend: FakeBackend;
  readonly #meters = new Map<string, AbuseMeter>();

  constructor(backend: FakeBackend, limits: { readonly maxPerViewer?: number; readonly maxTotal?: number } = {}) {
    this.#backend = backend;
    this.claims = new ClaimTable({ clock: this.clock, random: countedBytes(), ...limits });
  }

  /** A viewer's channel, newly opened. */
  attach(viewer = 'viewer-1', policy: AccessPolicy = ALLOW_ALL): BenchViewer {
    const abuse = this.#meters.get(viewer) ?? new AbuseMeter(this.clock);
    this.#meters.set(viewer, abuse);
    return new BenchViewer((send) => {
      const { clock: _clock, audited, claims } = this;
      return new UsbProvider({ viewer, backend: this.#backend, claims, policy, abuse, audit: (entry) => audited.push(entry), send });
    });
  }
}

/** One channel as its viewer sees it: frames as text. */
export class BenchViewer {
  readonly provider: UsbProvider;
  readonly frames: UsbFrame[] = [];
  /** Set to hold back the provider's sending. */
  gate: Promise<void> | undefined;
  readonly #arrivals: (() => void)[] = [];

  constructor(connect: (send: (bytes: Uint8Array) => Promise<void> | void) => UsbProvider) {
    this.provider = connect((bytes) => {
      this.frames.push(decodeFrame(bytes.slice()));
      for (const arrived of this.#arrivals.splice(0)) arrived();
      return this.gate;
    });
  }

  send(op: Op, claim: number, body: unknown = ''): void {
    const payload = typeof body === 'string' ? utf8(body) : utf8(JSON.stringify(body));
    this.provider.receive(encodeFrame({ op, flags: 0, claim, payload }));
  }

  /** A frame with what flags it has. */
  sendFrame(frame: UsbFrame): void {
    this.provider.receive(encodeFrame(frame));
  }

  /** The next frame that nobody has taken yet, as `op claim body`; waits for it. */
  async next(): Promise<string> {
    while (this.frames.length === 0) await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    return shown(this.frames.shift());
  }

  /** Opens a device and hands back its claim and token. */
  async open(query: object = { vendor_id: '1209', product_id: '0001' }): Promise<{ readonly claim: number; readonly token: string }> {
    this.send(Op.Open, 0, query);
    const answer = await this.next();
    const [, claim, token] = /"claim_id": ([0-9]+), "resume_token": "([0-9a-f]+)"/.exec(answer) ?? [];
    if (claim === undefined || token === undefined) throw new Error(`not opened: ${answer}`);
    return { claim: Number(claim), token };
  }
}

const NAMES = new Map(Object.entries(Op).map(([name, op]) => [op, name]));

function shown(frame: UsbFrame | undefined): string {
  if (frame === undefined) return 'nothing';
  return `${NAMES.get(frame.op)} ${frame.claim} ${tryUtf8(frame.payload)}`;
}

/** Lets everything run that doesn't wait for anything but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A provider over these devices, or one of its own, and a viewer of it. */
export function bench(...devices: ReturnType<typeof fakeDevice>[]) {
  const backend = new FakeBackend(...(devices.length > 0 ? devices : [fakeDevice()]));
  const provider = new ProviderBench(backend);
  return { backend, provider, viewer: provider.attach() };
}

/** The answers that are there once everything has run, without the CREDITs. */
export async function answers(viewer: BenchViewer): Promise<readonly string[]> {
  await settle();
  const all: string[] = [];
  while (viewer.frames.length > 0) all.push(await viewer.next());
  return all.filter((frame) => !frame.startsWith('Credit'));
}
