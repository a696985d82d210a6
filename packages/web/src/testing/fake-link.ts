import {
  ConnectError,
  type ConnectStage,
  type CursorShape,
  type ErrorCode,
  fingerprint,
  type Mode,
  type PinnedHost,
  type ProfileEntry,
  RejectReason,
  type SessionEvents,
  UnavailableDetail,
  UsbClient,
} from '@usher/sdk';
import type { DesktopSession, Device, EnterOptions, PasscodeMemory, ViewerLink } from '../viewer/link.ts';
import { paintedDesktop } from './painted-desktop.ts';

const ORIGIN = 'https://atelier.local:9939';
const HOST = fingerprint('7c4f19e2a05bd83366f10c9be7452d18c0ab63f57e0d9142b88a6cd05e3f7a91');
const NEW_HOST = '0a9be4417c2256d0f6a1b3c4e85d97021f3c6a8845e0b7d91c2fa36604d8be57';
const DEVICE = '3f9a71c2be04d85516a7c9e0324bf8d17a65c3e90b12d4f8867ea05c9d31b7f4';
/** Of every profile that asks for one. */
const FAKE_PASSCODE = '2468';

/** What the fake host does when somebody comes; the page takes it from its address. */
export interface Script {
  /** Whether this device has been let in before. */
  readonly known: boolean;
  /** Where the way in stops for good: at a stage that never ends, or refused with a code, or nowhere. */
  readonly stopsAt?: ConnectStage;
  readonly refuses?: ErrorCode;
  /** Refuses whatever profile is wanted. */
  readonly rejects?: keyof typeof RejectReason;
  readonly detail?: keyof typeof UnavailableDetail;
  readonly retrySeconds?: number;
  readonly profiles: 'family' | 'many' | 'none' | 'never';
  /** Ids of the profiles whose passcode is remembered. */
  readonly remembered: readonly string[];
  /** Whether the device knows hosts at other addresses too, as an application's own store may. */
  readonly severalHosts?: boolean;
  /** Ends the session this long after it began. */
  readonly endsWith?: ErrorCode;
  readonly usb: 'devices' | 'none' | 'disabled';
  /** The browser keeps no keys. */
  readonly keyless?: boolean;
}

/** A host that lets everybody in. */
export const PLAIN_SCRIPT: Script = { known: false, profiles: 'family', remembered: [], usb: 'devices' };

/** A host without a host: the pages' states can be looked at in any browser. */
export function fakeLink(script: Script, { remembers }: { readonly remembers: boolean } = { remembers: true }): ViewerLink {
  return {
    hostName: 'atelier.local:9939',
    origin: ORIGIN,
    openDevice: () =>
      script.keyless === true ? Promise.reject(new TypeError('no IndexedDB')) : Promise.resolve(fakeDevice(script, remembers)),
    presentedHost: () => Promise.resolve(script.refuses === 'pairing.host-changed' ? NEW_HOST : HOST),
    visit: () => undefined,
  };
}

function fakeDevice(script: Script, remembers: boolean): Device {
  const here: PinnedHost = {
    origin: ORIGIN,
    fingerprint: HOST,
    name: 'atelier.local:9939',
    lastUsedUnix: Math.floor(Date.now() / 1000) - 7200,
  };
  let hosts: readonly PinnedHost[] = [...(script.known ? [here] : []), ...(script.severalHosts === true ? OTHER_HOSTS : [])];
  const knownHost = () => hosts.find(({ origin }) => origin === ORIGIN);
  return {
    fingerprint: DEVICE,
    passcodes: remembers ? new FakeMemory(script.remembered) : undefined,
    knownHost,
    knownHosts: () => hosts,
    renameHost: (origin, name) => {
      hosts = hosts.map((host) => (host.origin === origin ? { ...host, name } : host));
      return Promise.resolve();
    },
    forgetHost: (origin) => {
      hosts = hosts.filter((host) => host.origin !== origin);
      return Promise.resolve();
    },
    listProfiles: ({ signal }) => (script.profiles === 'never' ? aborted(signal) : Promise.resolve(ROSTERS[script.profiles])),
    enter: async (options) => {
      await walkIn(script, options, knownHost() !== undefined);
      hosts = [here, ...hosts.filter((host) => host.origin !== ORIGIN)];
      const landing = ROSTERS.family.find(({ assigned }) => assigned)?.id ?? 'operator';
      assertWelcome(script, options);
      return new FakeSession(script, options.mode, options.profile ?? landing);
    },
  };
}

class FakeMemory implements PasscodeMemory {
  #profiles: readonly string[];

  constructor(profiles: readonly string[]) {
    this.#profiles = profiles;
  }

  profiles() {
    return Promise.resolve(this.#profiles);
  }

  recall(profile: string) {
    return Promise.resolve(this.#profiles.includes(profile) ? new TextEncoder().encode(FAKE_PASSCODE) : undefined);
  }

  remember(profile: string) {
    this.#profiles = [...this.#profiles, profile];
    return Promise.resolve();
  }

  forget(profile: string) {
    this.#profiles = this.#profiles.filter((kept) => kept !== profile);
    return Promise.resolve();
  }
}

function profile(id: string, displayName: string, overrides: Partial<ProfileEntry> = {}): ProfileEntry {
  return { id, displayName, accent: '', avatar: '', passcodeRequired: false, assigned: false, ...overrides };
}

const FAMILY = [
  profile('operator', 'Ada Lovelace', { accent: 'pine', assigned: true }),
  profile('a1b2c3d4e5f6', 'Kim', { accent: 'plum', avatar: '🦊', passcodeRequired: true }),
  profile('0123456789ab', 'Guests', { accent: '#ffe066', avatar: '🛋️' }),
  profile('fedcba987654', 'Grandma Wilhelmina', { accent: 'sea', passcodeRequired: true }),
] as const;

const ROSTERS = {
  family: FAMILY,
  none: [],
  many: [
    ...FAMILY,
    ...['Noor', 'Bao', 'Chidi', 'Dita', 'Emil', 'Fatou', 'Goran', 'Hana', 'Ines', 'Jun'].map((name, at) =>
      profile(`${at}`.padStart(12, 'c'), name, {
        accent: ['rose', 'clay', 'ochre', 'moss', 'slate'][at % 5] ?? '',
        passcodeRequired: at % 3 === 0,
      }),
    ),
  ],
} as const satisfies Record<string, readonly ProfileEntry[]>;

const OTHER_HOSTS: readonly PinnedHost[] = [
  {
    origin: 'https://192.168.1.5:9939',
    fingerprint: fingerprint('5e'.repeat(32)),
    name: 'Living room',
    lastUsedUnix: Math.floor(Date.now() / 1000) - 86_400 * 3,
  },
  {
    origin: 'https://workshop.example.org',
    fingerprint: fingerprint('b7'.repeat(32)),
    name: 'Workshop',
    lastUsedUnix: Math.floor(Date.now() / 1000) - 86_400 * 40,
  },
];

async function walkIn(script: Script, options: EnterOptions, known: boolean): Promise<void> {
  for (const stage of stagesOf(options, known)) {
    options.onProgress(stage);
    if (stage === 'waiting-for-approval') options.onKnock(581);
    if (stage === script.stopsAt) await aborted(options.signal);
  }
  await Promise.resolve();
  if (script.refuses === undefined) return;
  throw new ConnectError(script.refuses, 'the fake host was told to refuse', waitOf(script.retrySeconds));
}

/** What a host says to the profile that is wanted. */
function assertWelcome(script: Script, { profile: id, passcode }: EnterOptions): void {
  if (script.rejects !== undefined) throw rejected(script.rejects, script.retrySeconds, script.detail);
  if (!FAMILY.some((entry) => entry.id === id && entry.passcodeRequired)) return;
  if (passcode === undefined) throw rejected('PasscodeRequired');
  if (new TextDecoder().decode(passcode) !== FAKE_PASSCODE) throw rejected('WrongPasscode', 4);
}

function rejected(reason: keyof typeof RejectReason, retrySeconds?: number, detail: keyof typeof UnavailableDetail = 'None'): ConnectError {
  return new ConnectError('profile.rejected', 'the fake host was told to refuse', {
    reject: RejectReason[reason],
    detail: UnavailableDetail[detail],
    ...waitOf(retrySeconds),
  });
}

function waitOf(retrySeconds: number | undefined): { readonly retrySeconds?: number } {
  return retrySeconds === undefined ? {} : { retrySeconds };
}

/** Waits until the person gives up. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
  });
}

function stagesOf(options: EnterOptions, known: boolean): readonly ConnectStage[] {
  const way: readonly ConnectStage[] = options.pin !== undefined ? ['pairing'] : known ? [] : ['waiting-for-approval'];
  return ['signalling', 'connecting', ...way, 'starting'];
}

type Listeners = { readonly [Name in keyof SessionEvents]: Set<(event: SessionEvents[Name]) => void> };

/** A session that shows a painted desktop and takes every input without doing anything. */
class FakeSession implements DesktopSession {
  readonly profile: string;
  readonly codec = 'h264';
  readonly video: MediaStreamTrack;
  readonly audio = undefined;
  mode: Mode;
  readonly #script: Script;
  readonly #listeners: Listeners = { cursor: new Set(), mode: new Set(), ended: new Set() };
  #frames = 0;

  constructor(script: Script, mode: Mode, profileId: string) {
    this.#script = script;
    this.profile = profileId;
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

  override watch() {
    const key = {
      vendorId: '1050',
      productId: '0407',
      serial: 'SIM-0001',
      busLocation: 'bus=1 addr=4',
      manufacturer: 'Usher',
      product: 'Security key',
    };
    const nameless = { vendorId: '1209', productId: '0001', serial: undefined, busLocation: 'bus=1 addr=5' };
    return Promise.resolve({ devices: this.#empty ? [] : [key, nameless], tellsNews: true });
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
      configure: () => Promise.resolve(),
      subscribe: () => Promise.reject(new ConnectError('usb.unsupported', 'the fake device pushes nothing')),
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
