import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ABI_VERSION,
  decodeCursorShape,
  decodePairChallenge,
  decodePairResult,
  decodeReconfigured,
  decodeSessionEnded,
  decodeWelcome,
  type ErrorCode,
  encodeHello,
  encodeInput,
  encodePairProof,
  encodePairRequest,
  encodeReconfigure,
  errorCodeOfWire,
  InputKind,
  MAX_RELAY_MESSAGE,
  Spake2Side,
} from '@usher/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { FakeChildren } from '../../testing/fake-child.ts';
import { FakePairedDevices } from '../../testing/fake-services.ts';
import { NetworkViewer } from '../../testing/network-viewer.ts';
import { Story } from '../../testing/story.ts';
import { systemClock as clock } from '../clock.ts';
import { createKnocks } from '../pairing/knocks.ts';
import { createPairingWindow, type PairingCeremonies } from '../pairing/pairing-window.ts';
import { spake2Suite } from '../pairing/spake2-suite.ts';
import { childStarter } from '../processes/child.ts';
import { createSessions, type SessionPlaces } from '../sessions/sessions.ts';
import { workerStarter } from '../sessions/worker-link.ts';
import { type HostCertificate, openHostCertificate } from '../tls/host-certificate.ts';
import { createUsbAgent } from '../usb/usb-agent.ts';
import { NodeDataChannelPeers } from '../webrtc/node-datachannel-peer.ts';
import { createSignalling, type SignallingService } from './signalling.ts';

const WORKER = fileURLToPath(new URL('../../testing/programs/relay-worker.ts', import.meta.url));
/** The key that has the test's worker kill itself. */
const KILLS = 0x99;

let home: string;
let certificate: HostCertificate;
let server: Server;
let pairing: PairingCeremonies;
let paired: FakePairedDevices;
let sessions: SessionPlaces;
let signalling: SignallingService;
const viewers: NetworkViewer[] = [];

/** Everything of the host but HTTPS and its files: real peers, a real worker process. */
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'usher-connection-'));
  certificate = await openHostCertificate(home);
  const log = pino({ level: 'silent' });
  const host = certificate.fingerprint;
  const story = new Story();
  const { audit } = story;
  const command = [process.execPath, '--conditions=@usher/source', '--import', 'tsx', WORKER] as const;
  const startWorker = workerStarter(childStarter({ name: 'worker', command, maxMessage: MAX_RELAY_MESSAGE, clock, log }));
  const peers = new NodeDataChannelPeers({
    certificatePem: certificate.certificate,
    keyPem: certificate.key,
    iceServers: () => [],
    bindAddress: '127.0.0.1',
  });
  paired = new FakePairedDevices();
  pairing = createPairingWindow({ clock, log, host, audit });
  const knocks = createKnocks({ clock, log, paired, profiles: story.profiles, audit });
  sessions = createSessions({ clock, log, startWorker, startPerson: () => startWorker, display: { kind: 'virtual' }, audit });
  const usb = createUsbAgent({ clock, log, startAgent: new FakeChildren().start, audit, enabled: false });
  signalling = createSignalling({ ...story.services, clock, log, host, peers, paired, pairing, knocks, sessions, usb });
  server = createServer().on('upgrade', (request, socket, head) => signalling.accept(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  await signalling.stop();
  await sessions.stop();
  for (const viewer of viewers.splice(0)) viewer.close();
  server.close();
  await removeDirectory(home);
});

async function connect(): Promise<NetworkViewer> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('the server has no port');
  const viewer = await NetworkViewer.connect(`ws://127.0.0.1:${address.port}/signal`);
  viewers.push(viewer);
  return viewer;
}

async function hears(viewer: NetworkViewer): Promise<Uint8Array> {
  const message = await viewer.control.next();
  if (message === undefined) throw new Error('the host closed control');
  return message;
}

async function pair(viewer: NetworkViewer): Promise<boolean> {
  const side = new Spake2Side(spake2Suite, 'device', pairing.arm().pin, { device: viewer.device, host: certificate.fingerprint });
  viewer.control.send(encodePairRequest({ name: 'Laptop', share: side.share }));
  viewer.control.send(encodePairProof(side.finish(decodePairChallenge(await hears(viewer)).share).deviceConfirmation));
  return decodePairResult(await hears(viewer));
}

async function watch(): Promise<NetworkViewer> {
  const viewer = await connect();
  await paired.add({ fingerprint: viewer.device, name: 'Laptop', pairedUnix: 1 });
  const wish = { width: 800, height: 600, refreshHz: 60, compositor: 0, gamepad: 0, bitrateKbps: 0, caps: 0 };
  viewer.control.send(encodeHello({ abiVersion: ABI_VERSION, ...wish }));
  expect(decodeWelcome(await hears(viewer))).toMatchObject({ width: 800, height: 600, resolvedProfile: 'operator' });
  return viewer;
}

const key = (code: number) => encodeInput([{ kind: InputKind.KeyDown, code, x: 0, y: 0, flags: 0 }]);

/** The goodbye, whatever cursor pictures come before it; and that control really closes after it. */
async function farewell(viewer: NetworkViewer): Promise<ErrorCode> {
  const code = errorCodeOfWire(decodeSessionEnded(await hears(viewer)).wire);
  expect(await viewer.control.next()).toBeUndefined();
  return code;
}

describe('a viewer over the real network', () => {
  it('P9.1: pairs by PIN', async () => {
    const viewer = await connect();
    expect(await pair(viewer)).toBe(true);
    expect(paired.list()).toMatchObject([{ fingerprint: viewer.device, name: 'Laptop' }]);
  });

  it('P7.1: sees pictures of a real worker process, operates it, and changes its size', async () => {
    const viewer = await watch();
    await viewer.native.received(10);
    viewer.input.send(key(30));
    expect(decodeCursorShape(await hears(viewer)).hotX).toBe(30);
    viewer.control.send(encodeReconfigure({ width: 1024, height: 768, refreshHz: 60 }));
    expect(decodeReconfigured(await hears(viewer))).toEqual({ accepted: true, width: 1024, height: 768, refreshHz: 60 });
  });

  it('issue 2: hears that its worker was killed, and gets a new one at the next visit', async () => {
    const viewers = [await watch(), await watch()];
    viewers[0]?.input.send(key(KILLS));
    for (const viewer of viewers) expect(await farewell(viewer)).toBe('session.worker-lost');
    const again = await watch();
    await again.native.received(1);
  });

  it('issue 2: hears that it was removed, ended or that the host stops, before the line closes', async () => {
    const [removed, ended, stopped] = [await watch(), await watch(), await watch()];
    await paired.remove(removed.device);
    expect(await farewell(removed)).toBe('device.removed');
    const session = sessions.list().find((one) => one.device === ended.device);
    expect(session !== undefined && sessions.end(session.id)).toBe(true);
    expect(await farewell(ended)).toBe('session.ended-by-operator');
    const stopping = signalling.stop();
    expect(await farewell(stopped)).toBe('session.host-stopping');
    await stopping;
  });

  it('issue 2: ends alone when it talks nonsense', async () => {
    const [other, viewer] = [await watch(), await watch()];
    viewer.control.send(Uint8Array.of(1, 2, 3, 4));
    expect(await farewell(viewer)).toBe('message.unexpected');
    other.input.send(key(31));
    expect(decodeCursorShape(await hears(other)).hotX).toBe(31);
  });
});
