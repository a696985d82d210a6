import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { CodedError, type Fingerprint, type WireError } from '@usher/protocol';
import manifest from '../package.json' with { type: 'json' };
import { FakeKnocks, FakePairingWindow, FakeSessions, FakeUsbAgent } from '../testing/fake-services.ts';
import { createApi } from './api/server.ts';
import { systemClock } from './clock.ts';
import type { HostConfig } from './config.ts';
import { listen } from './listen.ts';
import type { Logger } from './log.ts';
import { sweepTemporaries } from './store/atomic-file.ts';
import { lockStateDirectory } from './store/host-lock.ts';
import { PairedDevicesFile } from './store/paired-devices.ts';
import { errorWord, openStateDirectory } from './store/state-directory.ts';
import { openToken } from './store/token.ts';
import { type HostCertificate, openHostCertificate } from './tls/host-certificate.ts';

/** Where the other builds lie, seen from this package's `src` as from its `dist`. */
const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface RunningHost {
  /** `https://…/`, for a browser on this machine. */
  readonly url: string;
  readonly fingerprint: Fingerprint;
  /** Whether this start made the bearer token. */
  readonly tokenCreated: boolean;
  /** Tells the sessions, ends the children, closes the port. Resolves once nothing of the host runs any more. */
  close(): Promise<void>;
}

/** Builds the real things and opens the port (design §1). */
export async function startHost(config: HostConfig, log: Logger): Promise<RunningHost> {
  await openStateDirectory(config.home);
  const lock = await lockStateDirectory(config.home);
  try {
    return await startLocked(config, log, async () => lock[Symbol.asyncDispose]());
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function startLocked(config: HostConfig, log: Logger, unlock: () => Promise<void>): Promise<RunningHost> {
  const swept = await sweepTemporaries(config.home);
  if (swept.length > 0) log.warn({ files: swept }, 'removed what an interrupted save had left');
  const certificate = await openHostCertificate(config.home);
  const tls = await httpsCertificate(config, certificate);
  const { token, created } = await openToken(config.home);
  const paired = await PairedDevicesFile.open(join(config.home, 'paired.json'));
  for (const problem of problemsOf(paired)) log.error(problem, 'the operator has to mend something');

  let url = '';
  const api = await createApi({
    paired,
    pairing: new FakePairingWindow(),
    knocks: new FakeKnocks(),
    sessions: new FakeSessions(),
    usb: new FakeUsbAgent({}, false),
    signalling: { accept: (_request, socket) => void socket.destroy() },
    host: {
      version: manifest.version,
      name: hostname(),
      fingerprint: certificate.fingerprint,
      url: () => url,
      problems: () => problemsOf(paired),
    },
    token,
    tls,
    webRoot: WEB_ROOT,
    clock: systemClock,
    log,
  });
  url = await listen(api, config);
  log.info({ url, home: config.home }, 'the host listens');
  return {
    url,
    fingerprint: certificate.fingerprint,
    tokenCreated: created,
    async close() {
      await api.close();
      await unlock();
      log.info('the host has ended');
    },
  };
}

function problemsOf(paired: PairedDevicesFile): readonly WireError[] {
  const problem = paired.problem();
  return problem === undefined ? [] : [problem];
}

/** The certificate of HTTPS: the operator's own where one is given, else the host's. */
async function httpsCertificate(
  { tls }: HostConfig,
  own: HostCertificate,
): Promise<{ readonly certificate: string; readonly key: string }> {
  if (tls === undefined) return own;
  const [certificate, key] = await Promise.all([readPem(tls.certificateFile), readPem(tls.keyFile)]);
  try {
    createSecureContext({ cert: certificate, key });
  } catch (cause) {
    const problem = `${tls.certificateFile} and ${tls.keyFile} are not a certificate and its key in PEM`;
    throw new CodedError('config.invalid', problem, { cause });
  }
  return { certificate, key };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CodedError('config.invalid', `${path} can't be read (${errorWord(cause)}); see --tls-cert and --tls-key`, { cause });
  }
}
