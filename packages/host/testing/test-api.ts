import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DestinationStream, pino } from 'pino';
import type { Api, ApiParts } from '../src/api/parts.ts';
import { createApi } from '../src/api/server.ts';
import { systemClock } from '../src/clock.ts';
import { BearerToken } from '../src/store/token.ts';
import { type HostCertificate, openHostCertificate } from '../src/tls/host-certificate.ts';
import { FakeKnocks, FakePairedDevices, FakePairingWindow, FakeSessions, FakeUsbAgent } from './fake-services.ts';

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
    signalling: { accept: (_request, socket) => socket.destroy() },
    host: {
      version: '0.1.0',
      name: 'testhost',
      fingerprint: certificate.fingerprint,
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
    await rm(directory, { recursive: true, force: true });
  }
}
