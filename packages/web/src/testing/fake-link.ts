import { ConnectError, type ConnectStage, type CursorShape, type ErrorCode, type Mode, type SessionEvents, UsbClient } from '@usher/sdk';
import type { DesktopSession, Device, EnterOptions, ViewerLink } from '../viewer/link.ts';
import { paintedDesktop } from './painted-desktop.ts';

const HOST = '7c4f19e2a05bd83366f10c9be7452d18c0ab63f57e0d9142b88a6cd05e3f7a91';
const NEW_HOST = '0a9be4417c2256d0f6a1b3c4e85d97021f3c6a8845e0b7d91c2fa36604d8be57';
const DEVICE = '3f9a71c2be04d85516a7c9e0324bf8d17a65c3e90b12d4f8867ea05c9d31b7f4';

/** What the fake host does when somebody comes; the page takes it from its address. */
export interface Script {
  /** Whether this device has been let in before. */
  readonly known: boolean;
  /** Where the way in stops for good: at a stage that never ends, or refused with a code, or nowhere. */
  readonly stopsAt?: ConnectStage;
  readonly refuses?: ErrorCode;
  readonly retrySeconds?: number;
  /** Ends the session this long after it began. */
  readonly endsWith?: ErrorCode;
  readonly usb: 'devices' | 'none' | 'disabled';
  /** The browser keeps no keys. */
  readonly keyless?: boolean;
}

/** A host without a host: the pages' states can be looked at in any browser. */
export function fakeLink(script: Script): ViewerLink {
  return {
    hostName: 'atelier.local:9939',
    openDevice: () => (script.keyless === true ? Promise.reject(new TypeError('no IndexedDB')) : Promise.resolve(fakeDevice(script))),
    presentedHost: () => Promise.resolve(script.refuses === 'pairing.host-changed' ? NEW_HOST : HOST),
  };
}

function fakeDevice(script: Script): Device {
  let known = script.known;
  return {
    fingerprint: DEVICE,
    knownHost: () => (known ? HOST : undefined),
    forgetHost: () => {
      known = false;
      return Promise.resolve();
    },
    enter: async (options) => {
      await walkIn(script, options);
      known = true;
      return new FakeSession(script, options.mode);
    },
  };
}

async function walkIn(script: Script, options: EnterOptions): Promise<void> {
  for (const stage of stagesOf(options, script)) {
    options.onProgress(stage);
    if (stage === 'waiting-for-approval') options.onKnock(581);
    if (stage === script.stopsAt) await aborted(options.signal);
  }
  await Promise.resolve();
  if (script.refuses === undefined) return;
  throw new ConnectError(script.refuses, 'the fake host was told to refuse', {
    ...(script.retrySeconds === undefined ? {} : { retrySeconds: script.retrySeconds }),
  });
}

/** Waits until the person gives up. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
  });
}

function stagesOf(options: EnterOptions, script: Script): readonly ConnectStage[] {
  const way: readonly ConnectStage[] = options.pin !== undefined ? ['pairing'] : script.known ? [] : ['waiting-for-approval'];
  return ['signalling', 'connecting', ...way, 'starting'];
}

type Listeners = { readonly [Name in keyof SessionEvents]: Set<(event: SessionEvents[Name]) => void> };

/** A session that shows a painted desktop and takes every input without doing anything. */
class FakeSession implements DesktopSession {
  readonly profile = 'operator';
  readonly codec = 'h264';
  readonly video: MediaStreamTrack;
  readonly audio = undefined;
  mode: Mode;
  readonly #script: Script;
  readonly #listeners: Listeners = { cursor: new Set(), mode: new Set(), ended: new Set() };
  #frames = 0;

  constructor(script: Script, mode: Mode) {
    this.#script = script;
    this.mode = mode;
    this.video = paintedDesktop(mode);
    setTimeout(() => this.#tell('cursor', arrow()), 50);
    const { endsWith } = script;
    if (endsWith !== undefined) setTimeout(() => this.#tell('ended', new ConnectError(endsWith, 'the fake host was told to end it')), 300);
  }

  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): () => void {
    this.#listeners[name].add(listener);
    return () => this.#listeners[name].delete(listener);
  }

  sendInput(): void {}
  sendPointer(): void {}

  resize(mode: Mode) {
    this.mode = mode;
    return Promise.resolve({ accepted: true, ...mode });
  }

  ping(): Promise<number> {
    return Promise.resolve(3.4);
  }

  stats() {
    this.#frames += 60;
    const { width, height } = this.mode;
    const frames = this.#frames;
    return Promise.resolve({
      codec: this.codec,
      atMs: (frames / 60) * 1000,
      rttMs: 3.4,
      video: {
        width,
        height,
        frames,
        keyframes: 1,
        bytes: frames * 9000,
        packets: frames * 9,
        packetsLost: 1,
        dropped: 2,
        delayMs: frames * 4,
      },
      audio: { packets: 0, bytes: 0, packetsLost: 0 },
    } as const);
  }

  usb(): Promise<UsbClient> {
    if (this.#script.usb === 'disabled') return Promise.reject(new ConnectError('usb.disabled', 'usb passthrough disabled'));
    return Promise.resolve(new FakeUsbClient(this.#script.usb === 'none'));
  }

  close(): void {
    this.video.stop();
  }

  #tell<Name extends keyof SessionEvents>(name: Name, event: SessionEvents[Name]): void {
    for (const listener of this.#listeners[name]) listener(event);
  }
}

/** Two devices of the simulated backend; the second refuses, because a program of the host holds it. */
class FakeUsbClient extends UsbClient {
  readonly #empty: boolean;

  constructor(empty: boolean) {
    super({ send: () => Promise.resolve() });
    this.#empty = empty;
  }

  override list() {
    if (this.#empty) return Promise.resolve([]);
    return Promise.resolve([
      { vendorId: '1050', productId: '0407', serial: 'SIM-0001', busLocation: 'bus=1 addr=4' },
      { vendorId: '1209', productId: '0001', serial: undefined, busLocation: 'bus=1 addr=5' },
    ]);
  }

  override open(query: { readonly vendorId: string }) {
    if (query.vendorId !== '1050') return Promise.reject(new ConnectError('usb.device-busy', 'claimed by cdc_acm'));
    return Promise.resolve({
      claim: 1,
      resumeToken: '',
      closed: Promise.resolve(undefined),
      control: ({ value = 0 }: { readonly value?: number }) => Promise.resolve(DESCRIPTORS[value] ?? new Uint8Array()),
      bulk: () => Promise.resolve(new Uint8Array()),
      interrupt: () => Promise.resolve(new Uint8Array()),
      close: () => Promise.resolve(),
    });
  }
}

const DESCRIPTORS: Readonly<Record<number, Uint8Array>> = {
  256: Uint8Array.of(18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x50, 0x10, 0x07, 0x04, 0x43, 0x05, 1, 2, 3, 1),
  769: stringDescriptor('Usher'),
  770: stringDescriptor('Simulated security key'),
};

function stringDescriptor(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, bytes.length);
  view.setUint8(1, 3);
  for (let at = 0; at < text.length; at += 1) view.setUint16(2 + at * 2, text.charCodeAt(at), true);
  return bytes;
}

/** A white arrow with a dark edge. */
function arrow(): CursorShape {
  const canvas = new OffscreenCanvas(24, 24);
  const pen = canvas.getContext('2d');
  if (pen === null) throw new TypeError('a canvas has a pen');
  const outline = new Path2D('M2 2v17l4.5-4 3 7 3-1.4-3-6.6h6Z');
  pen.fillStyle = 'white';
  pen.fill(outline);
  pen.stroke(outline);
  return { width: 24, height: 24, hotX: 2, hotY: 2, rgba: new Uint8Array(pen.getImageData(0, 0, 24, 24).data) };
}
