import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceApiStatement, Reader } from '@usher/protocol';
import { type DestinationStream, pino } from 'pino';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';
import type { Api, ApiParts } from '../src/api/parts.ts';
import { createApi } from '../src/api/server.ts';
import { systemClock } from '../src/clock.ts';
import { BearerToken } from '../src/store/token.ts';
import { type HostCertificate, openHostCertificate } from '../src/tls/host-certificate.ts';
import { FakeAuditLog, FakeLibrary, FakeOsAccounts, FakeProfiles } from './fake-profile-services.ts';
import { FakeKnocks, FakePairedDevices, FakePairingWindow, FakeSessions, FakeUsbAgent } from './fake-services.ts';
import type { StoryKey } from './story.ts';

export const TOKEN = '5e'.repeat(32);

/** The real API over fakes: the caller closes it. */
export async function testApi(overrides: Partial<ApiParts> = {}): Promise<Api> {
  const certificate = await testCertificate();
  return createApi({
    paired: new FakePairedDevices(),
    pairing: new FakePairingWindow(),
    knocks: new FakeKnocks(),
    sessions: new FakeSessions(),
    usb: new FakeUsbAgent(),
    profiles: new FakeProfiles(),
    accounts: new FakeOsAccounts(),
    eligibility: () => Promise.resolve(new Map()),
    library: new FakeLibrary(),
    audit: new FakeAuditLog(),
    signalling: { accept: (_request, socket) => socket.destroy() },
    local: { has: () => false },
    host: {
      version: '0.1.0',
      name: 'testhost',
      fingerprint: certificate.fingerprint,
      isolatingProfiles: () => false,
      backend: 'xvfb',
      url: () => 'https://127.0.0.1:9939/',
      problems: () => [],
    },
    token: new BearerToken(TOKEN),
    tls: certificate,
    webRoot: join(tmpdir(), 'usher-no-pages'),
    clock: systemClock,
    log: pino({ level: 'silent' }),
    ...overrides,
  });
}

/** Plays a paired device: asks for a challenge, signs it and trades it for a token. */
export async function openDeviceToken(api: Api, device: StoryKey): Promise<string> {
  const { fingerprint } = await testCertificate();
  const challenge = await api.inject({ method: 'POST', url: '/api/v1/auth/device/challenge' });
  const nonce = Reader.json(challenge.body, 'challenge').string('nonce');
  const payload = { nonce, ...device.sign(deviceApiStatement(nonce, fingerprint)) };
  const answer = await api.inject({ method: 'POST', url: '/api/v1/auth/device/token', payload });
  return Reader.json(answer.body, 'token').string('token');
}

/** What a test may look at: each line that the host would have logged. */
export function recordingLog(): { readonly log: ApiParts['log']; readonly lines: readonly string[] } {
  const lines: string[] = [];
  const sink: DestinationStream = { write: (line) => void lines.push(line) };
  return { log: pino({ level: 'trace' }, sink), lines };
}

let made: Promise<HostCertificate> | undefined;

/** One certificate for a whole test file: making it takes longer than most tests. */
export function testCertificate(): Promise<HostCertificate> {
  made ??= inTemporaryDirectory(openHostCertificate);
  return made;
}

export async function inTemporaryDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'usher-host-'));
  try {
    return await use(directory);
  } finally {
    await removeDirectory(directory);
  }
}
