import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  ABI_VERSION,
  type DeviceKeyProof,
  decodePairChallenge,
  decodePairResult,
  decodeSessionEnded,
  decodeWelcome,
  deviceKeyStatement,
  type ErrorCode,
  encodeHello,
  encodePairProof,
  encodePairRequest,
  errorCodeOfWire,
  type Fingerprint,
  fingerprint,
  type Hello,
  MessageType,
  messageKind,
  Spake2Side,
  utf8,
  type Welcome,
} from '@usher/protocol';
import { pino } from 'pino';
import { Admission } from '../src/connection/admission.ts';
import { Connection, type ConnectionServices } from '../src/connection/connection.ts';
import type { Logger } from '../src/log.ts';
import { createKnocks } from '../src/pairing/knocks.ts';
import { createPairingWindow } from '../src/pairing/pairing-window.ts';
import { spake2Suite } from '../src/pairing/spake2-suite.ts';
import { createProfiles } from '../src/profiles/profiles.ts';
import { createSessions } from '../src/sessions/sessions.ts';
import { createUsbAgent, type UsbLinks } from '../src/usb/usb-agent.ts';
import { FakeChildren } from './fake-child.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { FAKE_HOST, type FakePeer, FakePeerFactory, type FakeViewerChannel, fakeOffer } from './fake-peer.ts';
import { FakeLibrary } from './fake-profile-services.ts';
import { FakeAccounts, FakeHasher, FakeIsolation, MemoryGate, MemoryRoster, RecordedAudit } from './fake-profiles.ts';
import { FakePairedDevices } from './fake-services.ts';
import { FakeSignalSocket } from './fake-signal-socket.ts';
import { FakeWorkers } from './fake-worker.ts';

/** A host without network, display and disk: real pairing, knocks, sessions and usb links over fake peers, workers and agents. */
export class Story {
  readonly clock = new FakeClock();
  readonly peers = new FakePeerFactory();
  /** The operator's. */
  readonly workers = new FakeWorkers();
  /** Those in people's own accounts. */
  readonly people = new FakeWorkers();
  readonly accounts = new FakeAccounts();
  readonly agents = new FakeChildren();
  readonly paired = new FakePairedDevices();
  readonly logged: string[] = [];
  readonly log: Logger = pino({ level: 'trace' }, { write: (line: string) => void this.logged.push(line) });
  readonly audit = new RecordedAudit();
  readonly pairing = createPairingWindow({ clock: this.clock, log: this.log, host: FAKE_HOST, audit: this.audit });
  readonly sessions = createSessions({
    clock: this.clock,
    log: this.log,
    startWorker: this.workers.start,
    startPerson: () => this.people.start,
    display: { kind: 'virtual' },
    audit: this.audit,
  });
  readonly roster = new MemoryRoster();
  readonly library = new FakeLibrary([
    { id: 'desktop:chess', store: 'desktop', title: 'Chess', art: {}, launch: { kind: 'command', value: "chess '--new game'" } },
    { id: 'steam:570', store: 'steam', title: 'Dota 2', art: {}, launch: { kind: 'steam_appid', value: '570' } },
  ]);
  readonly isolation = new FakeIsolation();
  readonly hasher = new FakeHasher();
  readonly profiles = createProfiles({
    clock: this.clock,
    log: this.log,
    audit: this.audit,
    file: this.roster,
    gate: new MemoryGate(),
    hasher: this.hasher,
    isolation: this.isolation,
    accounts: this.accounts,
    sessions: this.sessions,
    paired: this.paired,
  });
  readonly knocks = createKnocks({
    clock: this.clock,
    log: this.log,
    paired: this.paired,
    profiles: this.profiles,
    audit: this.audit,
  });
  readonly usb: UsbLinks;
  readonly connections: Connection[] = [];
  readonly #admission = new Admission(this.clock);

  constructor({ usb = false }: { readonly usb?: boolean } = {}) {
    const { clock, log, audit } = this;
    this.usb = createUsbAgent({ clock, log, audit, startAgent: this.agents.start, enabled: usb });
    this.paired.onRemoved(() => {
      for (const connection of this.connections) connection.deviceRemoved();
    });
  }

  /** What a connection is given. */
  get services(): ConnectionServices {
    const { clock, log, peers, paired, pairing, knocks, sessions, usb, profiles, library, audit } = this;
    return { clock, log, host: FAKE_HOST, iceServers: () => [], peers, paired, pairing, knocks, sessions, usb, profiles, library, audit };
  }

  /** Makes a device one of the paired. */
  async pair(device: Fingerprint, name = 'Laptop', key?: string): Promise<void> {
    await this.paired.add({ fingerprint: device, name, pairedUnix: 1, ...(key === undefined ? {} : { key }) });
  }

  /** A viewer whose WebSocket has just been opened. */
  viewer(device: Fingerprint): StoryViewer {
    const socket = new FakeSignalSocket();
    let connection: Connection | undefined;
    const giveUp = this.#admission.enter('192.0.2.1', (ticket) => {
      if (ticket !== undefined) connection = new Connection(socket, '192.0.2.1', ticket, this.services);
    });
    giveUp();
    if (connection === undefined) throw new RangeError('too many strangers');
    this.connections.push(connection);
    return new StoryViewer(device, socket, connection, this.peers);
  }

  /** A paired viewer that sees the desktop. */
  async watching(device: Fingerprint, hello: Partial<Hello> = {}): Promise<StoryViewer> {
    if (this.paired.find(device) === undefined) await this.pair(device);
    const viewer = this.viewer(device);
    await viewer.connect();
    await viewer.enter(hello);
    await settled();
    return viewer;
  }
}

interface ConnectOptions {
  readonly key?: DeviceKeyProof;
  /** The certificate that DTLS sees. */
  readonly proves?: Fingerprint;
  /** The SDP, where it isn't the usual one. */
  readonly offer?: string;
}

/** The viewer's side of a story. */
export class StoryViewer {
  readonly device: Fingerprint;
  readonly socket: FakeSignalSocket;
  readonly connection: Connection;
  readonly #peers: FakePeerFactory;
  #peer: FakePeer | undefined;
  #channels: Readonly<Record<'control' | 'input' | 'pointer', FakeViewerChannel>> | undefined;

  constructor(device: Fingerprint, socket: FakeSignalSocket, connection: Connection, peers: FakePeerFactory) {
    this.device = device;
    this.socket = socket;
    this.connection = connection;
    this.#peers = peers;
  }

  get peer(): FakePeer {
    if (this.#peer === undefined) throw new RangeError('nothing was offered yet');
    return this.#peer;
  }

  get control(): FakeViewerChannel {
    return this.#open().control;
  }

  get input(): FakeViewerChannel {
    return this.#open().input;
  }

  get pointer(): FakeViewerChannel {
    return this.#open().pointer;
  }

  async offer(key?: DeviceKeyProof, sdp = fakeOffer(this.device)): Promise<void> {
    const before = this.#peers.peers.length;
    this.socket.say({ type: 'offer', peer: 'session', sdp, ...(key === undefined ? {} : { key }) });
    await settled();
    this.#peer = this.#peers.peers[before];
  }

  /** Offer, DTLS with the certificate that `proves` gives, and the three channels. */
  async connect({ key, proves = this.device, offer }: ConnectOptions = {}): Promise<void> {
    await this.offer(key, offer);
    this.peer.connect(proves);
    await settled();
    this.#channels = { control: this.peer.open('control'), input: this.peer.open('input'), pointer: this.peer.open('pointer') };
    await settled();
  }

  hello(overrides: Partial<Hello> = {}): void {
    const hello = {
      abiVersion: ABI_VERSION,
      width: 1280,
      height: 720,
      refreshHz: 60,
      compositor: 0,
      gamepad: 0,
      bitrateKbps: 0,
      caps: 0,
      name: 'Laptop',
    };
    this.control.send(encodeHello({ ...hello, ...overrides }));
  }

  async enter(overrides: Partial<Hello> = {}): Promise<Welcome> {
    this.hello(overrides);
    return decodeWelcome(await this.hears());
  }

  /** The host's next message on `control`. */
  async hears(): Promise<Uint8Array> {
    const message = await this.control.next();
    if (message === undefined) throw new Error(`the host closed control; ${JSON.stringify(this.socket.received.at(-1))}`);
    return message;
  }

  /** Plays the whole ceremony, and expects that it succeeds. */
  async pairs(pin: string, name = 'Laptop'): Promise<boolean> {
    return decodePairResult(await this.#ceremony(pin, name));
  }

  /** Plays as much of the ceremony as the host lets it, and tells why it ended. */
  async triesToPair(pin: string): Promise<ErrorCode> {
    return this.#farewell(await this.#ceremony(pin, 'Laptop'));
  }

  /** The host's last word in the ceremony: a result, or a goodbye. */
  async #ceremony(pin: string, name: string): Promise<Uint8Array> {
    const side = new Spake2Side(spake2Suite, 'device', pin, { device: this.device, host: FAKE_HOST });
    this.control.send(encodePairRequest({ name, share: side.share }));
    const answer = await this.hears();
    if (messageKind(answer) !== MessageType.PairChallenge) return answer;
    // A real viewer stops here where the PIN is wrong; this one goes on, to see that the host does not.
    this.control.send(encodePairProof(side.finish(decodePairChallenge(answer).share).deviceConfirmation));
    return this.hears();
  }

  /** Why the host ended the session, read from its next message; closes, as a viewer does. */
  async farewell(): Promise<ErrorCode> {
    return this.#farewell(await this.hears());
  }

  async #farewell(message: Uint8Array): Promise<ErrorCode> {
    const code = errorCodeOfWire(decodeSessionEnded(message).wire);
    this.control.close();
    await this.connection.finished;
    return code;
  }

  #open(): Readonly<Record<'control' | 'input' | 'pointer', FakeViewerChannel>> {
    if (this.#channels === undefined) throw new RangeError('no channel is open yet');
    return this.#channels;
  }
}

/** A device's long-lived key, as a page keeps it. */
export class StoryKey {
  readonly spki: string;
  readonly #key: KeyObject;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.spki = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    this.#key = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  }

  prove(nonce: string, device: Fingerprint, host: Fingerprint = FAKE_HOST): DeviceKeyProof {
    return this.sign(deviceKeyStatement(nonce, host, device));
  }

  sign(statement: string): DeviceKeyProof {
    const signature = sign('sha256', utf8(statement), { key: this.#key, dsaEncoding: 'ieee-p1363' }).toString('base64');
    return { spki: this.spki, signature };
  }
}

/** Fingerprints for stories, as many as they need. */
export function device(number: number): Fingerprint {
  return fingerprint((0xd000 + number).toString(16).padStart(64, '0'));
}
