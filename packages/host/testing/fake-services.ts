import {
  type AgentMethod,
  CodedError,
  type Fingerprint,
  fingerprint,
  OPERATOR,
  type SessionId,
  sessionId,
  type UsbPrompt,
} from '@usher/protocol';
import type {
  Approval,
  Knock,
  Knocks,
  OpenPrompt,
  PairedDevice,
  PairedDevices,
  PairingWindow,
  PromptAnswer,
  SessionInfo,
  Sessions,
  UsbAgent,
  UsbNews,
} from '../src/services.ts';

/** Hand-written services for tests of the API: they keep what they are given, and nothing runs behind them. */

export class FakePairedDevices implements PairedDevices {
  readonly #devices = new Map<Fingerprint, PairedDevice>();
  readonly #listeners: ((device: Fingerprint) => void)[] = [];

  constructor(devices: readonly PairedDevice[] = []) {
    for (const device of devices) this.#devices.set(device.fingerprint, device);
  }

  list(): readonly PairedDevice[] {
    return [...this.#devices.values()];
  }

  find(device: Fingerprint): PairedDevice | undefined {
    return this.#devices.get(device);
  }

  findByKey(spki: string): PairedDevice | undefined {
    return this.list().find((device) => device.key === spki);
  }

  add(device: PairedDevice): Promise<void> {
    this.#devices.set(device.fingerprint, device);
    return Promise.resolve();
  }

  renew(before: Fingerprint, after: Fingerprint): Promise<void> {
    const device = this.#devices.get(before);
    if (device === undefined) return Promise.reject(new CodedError('device.not-paired', 'no such device'));
    this.#devices.delete(before);
    this.#devices.set(after, { ...device, fingerprint: after });
    return Promise.resolve();
  }

  remove(device: Fingerprint): Promise<boolean> {
    const found = this.#devices.delete(device);
    if (found) for (const listener of this.#listeners) listener(device);
    return Promise.resolve(found);
  }

  onRemoved(listener: (device: Fingerprint) => void): void {
    this.#listeners.push(listener);
  }
}

export class FakePairingWindow implements PairingWindow {
  #expiresUnix: number | undefined;

  arm(): { readonly pin: string; readonly expiresUnix: number } {
    this.#expiresUnix = 1_800_000_120;
    return { pin: '123456', expiresUnix: this.#expiresUnix };
  }

  disarm(): void {
    this.#expiresUnix = undefined;
  }

  expiresUnix(): number | undefined {
    return this.#expiresUnix;
  }
}

export class FakeKnocks implements Knocks {
  readonly #knocks: Map<string, Knock>;
  /** The names that devices were let in under, in order, and where they were taken. */
  readonly approved: string[] = [];

  constructor(knocks: readonly Knock[] = []) {
    this.#knocks = new Map(knocks.map((knock) => [knock.id, knock]));
  }

  list(): readonly Knock[] {
    return [...this.#knocks.values()];
  }

  approve(id: string, { name, profile }: Approval = {}): Promise<boolean> {
    const knock = this.#knocks.get(id);
    if (knock !== undefined) this.approved.push(`${name ?? knock.name}${profile === undefined ? '' : ` in ${profile}`}`);
    return Promise.resolve(this.#knocks.delete(id));
  }

  deny(id: string): boolean {
    return this.#knocks.delete(id);
  }
}

export class FakeSessions implements Sessions {
  readonly #sessions: Map<SessionId, SessionInfo>;

  constructor(sessions: readonly SessionInfo[] = []) {
    this.#sessions = new Map(sessions.map((session) => [session.id, session]));
  }

  list(): readonly SessionInfo[] {
    return [...this.#sessions.values()];
  }

  end(id: SessionId): boolean {
    return this.#sessions.delete(id);
  }

  empty(): Promise<void> {
    this.#sessions.clear();
    return Promise.resolve();
  }

  expel(): void {
    this.#sessions.clear();
  }
}

/** Answers each method with what the test laid down, and remembers what was asked. */
export class FakeUsbAgent implements UsbAgent {
  readonly asked: { readonly method: AgentMethod; readonly params: unknown }[] = [];
  readonly #answers: ReadonlyMap<AgentMethod, unknown>;
  #enabled: boolean;

  constructor(answers: Partial<Record<AgentMethod, unknown>> = {}, enabled = true) {
    this.#answers = new Map(Object.entries(answers) as [AgentMethod, unknown][]); // keys of the record's own type
    this.#enabled = enabled;
  }

  enabled(): boolean {
    return this.#enabled;
  }

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
  }

  status(): { readonly running: boolean; readonly backend?: string } {
    return this.#enabled ? { running: true, backend: 'sim' } : { running: false };
  }

  /** The questions that it shows; a test puts them there. */
  readonly open: OpenPrompt[] = [];
  readonly answered: { readonly id: string; readonly answer: PromptAnswer }[] = [];
  readonly #listeners = new Set<(news: UsbNews) => void>();

  prompts(): readonly OpenPrompt[] {
    return this.open;
  }

  answer(id: string, answer: PromptAnswer): boolean {
    const index = this.open.findIndex((prompt) => prompt.id === id);
    if (index < 0) return false;
    this.open.splice(index, 1);
    this.answered.push({ id, answer });
    this.tell({ kind: 'prompt-closed', id, reason: 'answered' });
    return true;
  }

  onNews(listener: (news: UsbNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: UsbNews): void {
    for (const listener of this.#listeners) listener(news);
  }

  request(method: AgentMethod, params: unknown): Promise<unknown> {
    this.asked.push({ method, params });
    const answer = this.#answers.get(method) ?? new CodedError('usb.backend-unavailable', 'the fake has no answer for this');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}

export const LAPTOP = fingerprint('a1'.repeat(32));
export const TELEVISION = fingerprint('b2'.repeat(32));

export function openPrompt(overrides: Partial<UsbPrompt> = {}): OpenPrompt {
  const prompt: UsbPrompt = {
    device: { vendorId: '1050', productId: '0407', serial: 'S-1', manufacturer: 'Yubico', product: 'Key', busLocation: 'bus=1 addr=2' },
    risks: ['security-key'],
    rule: '',
    viewer: LAPTOP,
    viewerName: 'Laptop',
    profile: OPERATOR,
    expiresMs: 30_000,
    ...overrides,
  };
  return { id: '00112233aabbccdd', prompt, sinceUnix: 1_800_000_000, expiresUnix: 1_800_000_030 };
}

export function pairedDevice(overrides: Partial<PairedDevice> = {}): PairedDevice {
  return { fingerprint: LAPTOP, name: 'Laptop', pairedUnix: 1_800_000_000, ...overrides };
}

export function knock(overrides: Partial<Knock> = {}): Knock {
  return {
    id: 'k1',
    device: TELEVISION,
    name: 'Television',
    address: '192.0.2.7',
    sinceUnix: 1_800_000_000,
    expiresUnix: 1_800_000_600,
    ...overrides,
  };
}

export function session(overrides: Partial<SessionInfo> = {}): SessionInfo {
  return {
    id: sessionId('00112233aabbccdd'),
    device: LAPTOP,
    deviceName: 'Laptop',
    profile: OPERATOR,
    startedUnix: 1_800_000_050,
    codec: 'h264',
    width: 1280,
    height: 720,
    bitrateKbps: 4000,
    rttMs: 1.5,
    ...overrides,
  };
}
