import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Roster } from '@usher/domain';
import { type Fingerprint, isCoded, MAX_AGENT_MESSAGE, MAX_RELAY_MESSAGE, type WireError } from '@usher/protocol';
import manifest from '../package.json' with { type: 'json' };
import { createOsAccounts } from './accounts/os-accounts.ts';
import { LocalSocket } from './api/local-socket.ts';
import type { Api } from './api/parts.ts';
import { createApi } from './api/server.ts';
import { ChainedAuditLog } from './audit/audit-log.ts';
import { Accounts } from './broker/accounts.ts';
import { BindingsFile } from './broker/bindings-file.ts';
import { BrokerClient } from './broker/broker-client.ts';
import { askEligibility } from './broker/eligibility.ts';
import { type Person, personOf } from './broker/person.ts';
import { personStarter } from './broker/session-connection.ts';
import { hasVirtualDisplay } from './broker/virtual-display.ts';
import { systemClock as clock } from './clock.ts';
import type { HostConfig } from './config.ts';
import { createSignalling } from './connection/signalling.ts';
import { type Advertisement, advertise, isAdvertised } from './discovery/advertisement.ts';
import { createLibrary } from './library/library.ts';
import { EVERY_ADDRESS, listen } from './listen.ts';
import type { Logger } from './log.ts';
import { createKnocks } from './pairing/knocks.ts';
import { createPairingWindow } from './pairing/pairing-window.ts';
import { childStarter } from './processes/child.ts';
import { GateFile } from './profiles/gate-file.ts';
import { brokeredIsolation } from './profiles/isolation.ts';
import { Argon2Hasher } from './profiles/passcode-hasher.ts';
import { createProfiles } from './profiles/profiles.ts';
import { createSessions } from './sessions/sessions.ts';
import { workerStarter } from './sessions/worker-link.ts';
import { sweepTemporaries } from './store/atomic-file.ts';
import { publishEndpoint } from './store/endpoint-file.ts';
import { lockStateDirectory } from './store/host-lock.ts';
import { PairedDevicesFile } from './store/paired-devices.ts';
import { ProfilesFile } from './store/profiles-file.ts';
import { openStateDirectory } from './store/state-directory.ts';
import { openToken } from './store/token.ts';
import { openHostCertificate } from './tls/host-certificate.ts';
import { httpsCertificate } from './tls/https-certificate.ts';
import { showPromptsOnDesktop } from './usb/desktop-notices.ts';
import { createUsbAgent } from './usb/usb-agent.ts';
import { iceServersFor } from './webrtc/ice-servers.ts';
import { NodeDataChannelPeers } from './webrtc/node-datachannel-peer.ts';

/** The other processes' entry points and the pages; tests put others in their place. */
export interface Builds {
  readonly worker: string;
  readonly usbAgent: string;
  readonly web: string;
}

/** Where they lie, seen from this package's `dist` as from its `src`. */
const BUILDS: Builds = { worker: built('worker/dist/main.js'), usbAgent: built('usb-agent/dist/main.js'), web: built('web/dist') };

export interface RunningHost {
  /** `https://…/`, for a browser on this machine. */
  readonly url: string;
  readonly fingerprint: Fingerprint;
  /** Whether this start made the bearer token. */
  readonly tokenCreated: boolean;
  /** Tells the viewers, ends the children, closes the port. Resolves once nothing of the host runs any more. */
  close(): Promise<void>;
}

/** Builds the real things and opens the port (design §1). */
export async function startHost(config: HostConfig, log: Logger, builds: Builds = BUILDS): Promise<RunningHost> {
  await openStateDirectory(config.home);
  const lock = await lockStateDirectory(config.home);
  try {
    const state = await openState(config, log);
    return await serve(config, state, log, builds, async () => lock[Symbol.asyncDispose]());
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

type State = Awaited<ReturnType<typeof openState>>;

async function openState(config: HostConfig, log: Logger) {
  const swept = await sweepTemporaries(config.home);
  if (swept.length > 0) log.warn({ files: swept }, 'removed what an interrupted save had left');
  const certificate = await openHostCertificate(config.home);
  const tls = config.tls === undefined ? certificate : await httpsCertificate(config.tls);
  const { token, created } = await openToken(config.home);
  const paired = await PairedDevicesFile.open(join(config.home, 'paired.json'));
  const profiles = await ProfilesFile.open(join(config.home, 'profiles.json'));
  const gate = await GateFile.open(join(config.home, 'passcode_gate.json'));
  const audit = await ChainedAuditLog.open({ directory: join(config.home, 'audit'), clock, log });
  const told = await BindingsFile.open(join(config.home, 'broker_bindings.json'), log);
  const state = { certificate, tls, token, tokenCreated: created, paired, profiles, gate, audit, told };
  for (const { code, message } of problemsOf(state)) log.error({ code }, message);
  return state;
}

async function serve(config: HostConfig, state: State, log: Logger, builds: Builds, unlock: () => Promise<void>): Promise<RunningHost> {
  const { certificate, paired, audit } = state;
  const host = certificate.fingerprint;
  const iceServers = () => iceServersFor(config.iceServers, clock.unix());
  const peers = new NodeDataChannelPeers({
    certificatePem: certificate.certificate,
    keyPem: certificate.key,
    iceServers,
    ...(EVERY_ADDRESS.has(config.bind) ? {} : { bindAddress: config.bind }),
    ...(config.udpPorts === undefined ? {} : { udpPorts: config.udpPorts }),
  });
  const startWorker = workerStarter(
    childStarter({ name: 'worker', command: [process.execPath, builds.worker], maxMessage: MAX_RELAY_MESSAGE, clock, log }),
  );
  const agentCommand = [
    process.execPath,
    builds.usbAgent,
    '--home',
    config.home,
    '--backend',
    config.usbBackend,
    '--key',
    config.usbKey,
    ...(config.usbRequireSignature ? ['--require-signature'] : []),
  ] as const;
  const startAgent = childStarter({
    ...{ name: 'usb-agent', command: agentCommand, maxMessage: MAX_AGENT_MESSAGE, clock, log },
    inherits: ['USHER_USB_ACL_KEY'], // where the rules' key comes from the environment; nobody else's business
  });

  const broker = new BrokerClient({ socketPath: config.broker, clock, log, ownUid: process.getuid?.() });
  const accounts = new Accounts({ broker, socketPath: config.broker, told: state.told, audit, log });
  const openPerson = personStarter({ accounts, clock });

  const pairing = createPairingWindow({ clock, log, host, audit });
  const sessions = createSessions({
    ...{ clock, log, startWorker, display: config.display, audit },
    startPerson: (person, device) => workerStarter(openPerson(person, device)),
  });
  const profiles = createProfiles({
    ...{ clock, log, audit, sessions, paired, accounts },
    isolation: brokeredIsolation(broker, hasVirtualDisplay),
    file: state.profiles,
    gate: state.gate,
    hasher: await Argon2Hasher.create(),
  });
  const knocks = createKnocks({ clock, log, paired, profiles, audit });
  paired.onRemoved((device) => void audit.append({ event: 'device.removed', principal: 'operator', fields: { device } }));
  const usb = createUsbAgent({ clock, log, startAgent, audit, enabled: config.usbPassthrough });
  const library = createLibrary(clock, process.env);
  showPromptsOnDesktop({ usb, environment: process.env, log });
  const signalling = createSignalling({
    clock,
    log,
    host,
    iceServers,
    peers,
    paired,
    pairing,
    knocks,
    sessions,
    usb,
    profiles,
    library,
    audit,
  });

  const local = new LocalSocket();
  let url = '';
  let advertisement: Advertisement | undefined;
  let endpoint: AsyncDisposable | undefined;
  broker.onChange(() => {
    void advertisement?.isolates(broker.isThere);
    if (broker.isThere && profiles.problem()?.code !== 'store.unreadable') void accounts.settle(peopleOf(state.profiles.roster()));
  });
  const api = await createApi({
    ...{ paired, pairing, knocks, sessions, usb, profiles, audit, signalling, local, clock, log },
    accounts: createOsAccounts(userInfo().uid),
    eligibility: askEligibility(broker),
    library,
    host: {
      ...{ version: manifest.version, name: hostname(), fingerprint: host, isolatingProfiles: () => broker.isThere },
      backend: config.display.kind === 'virtual' ? 'xvfb' : 'x11',
      url: () => url,
      problems: () => problemsOf(state),
    },
    token: state.token,
    tls: state.tls,
    webRoot: builds.web,
  });
  async function close(): Promise<void> {
    await signalling.stop();
    await Promise.all([sessions.stop(), usb.stop(), local.close(), api.close(), advertisement?.close()]);
    broker.stop();
    await endpoint?.[Symbol.asyncDispose]();
    await audit.close();
    await unlock();
    log.info('the host has ended');
  }
  try {
    url = await listen(api, config);
  } catch (error) {
    await close();
    throw error;
  }
  endpoint = await publishEndpoint(config.home, url, log);
  await openLocalSocket(local, api, join(config.home, 'api.sock'), log);
  if (config.mdns && isAdvertised(config.bind)) {
    advertisement = advertise(
      {
        name: hostname(),
        fingerprint: host,
        version: manifest.version,
        isolatingProfiles: broker.isThere,
        bind: config.bind,
        port: portOf(url),
      },
      log,
    );
  }
  log.info({ url, home: config.home }, 'the host listens');
  return { url, fingerprint: host, tokenCreated: state.tokenCreated, close };
}

/** Without it the API is there all the same, by HTTPS. */
async function openLocalSocket(local: LocalSocket, api: Api, path: string, log: Logger): Promise<void> {
  try {
    await local.listen(path, (request, response) => api.routing(request, response));
  } catch (error) {
    if (!isCoded(error)) throw error;
    log.warn({ code: error.code }, error.message);
  }
}

function peopleOf({ profiles }: Roster): readonly Person[] {
  return [...profiles.values()].flatMap((profile) => personOf(profile) ?? []);
}

/** 443 is left out of an HTTPS address. */
function portOf(url: string): number {
  return Number(new URL(url).port || 443);
}

/** What the operator has to mend. */
function problemsOf(sources: Pick<State, 'paired' | 'profiles' | 'gate' | 'audit'>): readonly WireError[] {
  const { paired, profiles, gate, audit } = sources;
  return [paired, profiles, gate, audit].flatMap((source) => source.problem() ?? []);
}

function built(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
