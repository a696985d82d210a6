import { ABI_VERSION, encodeWelcome, type RejectReason, UnavailableDetail } from '@usher/protocol';
import type { PinnedHost } from '../src/viewer/identity.ts';
import type { ConnectOptions } from '../src/viewer/options.ts';
import { type Conversation, fakeIdentity, HOST, ORIGIN } from './fake-host.ts';

export const MODE = { width: 1280, height: 720, refreshHz: 60 };
export const PIN = '042917';

export function options(overrides: Partial<ConnectOptions<string>> = {}): ConnectOptions<string> {
  return { url: `${ORIGIN}/`, identity: fakeIdentity(), deviceName: 'Ada’s laptop', mode: MODE, ...overrides };
}

export function knownHost(overrides: Partial<PinnedHost> = {}): PinnedHost {
  return { origin: ORIGIN, fingerprint: HOST, name: 'Living room', lastUsedUnix: 1, ...overrides };
}

/** What the host says to a Hello that it lets in. */
export function welcome(overrides: { width?: number; height?: number } = {}) {
  return encodeWelcome({
    abiVersion: ABI_VERSION,
    ...MODE,
    ...overrides,
    compositor: 0,
    gamepad: 0,
    bitrateKbps: 0,
    resolvedProfile: 'operator',
  });
}

export function refusal(reason: RejectReason, detail: UnavailableDetail = UnavailableDetail.None) {
  return { reason, detail, retrySeconds: 0, message: 'Ask the operator' };
}

export async function letIn(host: Conversation): Promise<void> {
  await host.hear();
  host.say(welcome());
}
