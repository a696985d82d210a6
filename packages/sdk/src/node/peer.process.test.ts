import { X509Certificate } from 'node:crypto';
import {
  type CodedError,
  decodeFrame,
  decodeHello,
  decodeInput,
  decodeViewerSignal,
  ERRORS,
  encodeCursorShape,
  encodeFrame,
  encodeListing,
  encodeSessionEnded,
  encodeWelcome,
  type Fingerprint,
  FLAG_EOF,
  fingerprint,
  InputKind,
  Op,
  sdpFingerprint,
  VideoCodec,
  type VideoUnit,
} from '@usher/protocol';
import * as webRtc from 'node-datachannel';
import { beforeAll, describe, expect, it } from 'vitest';
// The real other end. Only a test may look over this fence: viewer and host meet nowhere else than on the wire.
import { NodeDataChannelPeers } from '../../../host/src/webrtc/node-datachannel-peer.ts';
import type { HostPeer, PeerChannel } from '../../../host/src/webrtc/peer.ts';
import { fakeIdentity } from '../../testing/fake-host.ts';
import type { ConnectError } from '../viewer/connect-error.ts';
import type { DeviceIdentity } from '../viewer/identity.ts';
import type { SignalSocket, ViewerPlatform } from '../viewer/peer.ts';
import { place } from '../viewer/place.ts';
import { makeCertificate, type NodeCertificate } from './certificate.ts';
import { Session } from './connect.ts';
import { NodePeer } from './peer.ts';

const MODE = { width: 1280, height: 720, refreshHz: 60 };
/** A viewer waits 200 ms, by a clock that may be a few of them ahead. */
const ALONE_MS = 190;
/** A parameter set that x264enc wrote for 1280 × 720. */
const SPS = '000000016742c01fda014016ec05a808080a000003000200000300791e3065400000000168ce3c80';

let hostCertificate: NodeCertificate;
let deviceCertificate: NodeCertificate;
beforeAll(async () => {
  [hostCertificate, deviceCertificate] = await Promise.all([makeCertificate(), makeCertificate()]);
});

function fingerprintOf(certificate: NodeCertificate): Fingerprint {
  return fingerprint(new X509Certificate(certificate.certificatePem).fingerprint256);
}

/** A host of real peers behind a WebSocket in memory; it lets everybody in. */
class RealHost implements ViewerPlatform<NodeCertificate, NodePeer> {
  readonly peers: HostPeer[] = [];
  readonly channels = new Map<string, PeerChannel>();
  readonly heard = new Map<string, (bytes: Uint8Array) => void>();
  /** How far the viewer's own ICE was when it told each of its candidates, and how long after the answer that was. */
  readonly told: { readonly state: string; readonly afterMs: number }[] = [];
  /** Whether it keeps its candidates to itself. */
  isShy = false;
  readonly #certificate: NodeCertificate;
  readonly #claims: Fingerprint;
  #answeredAtMs = Number.NaN;

  /** `claims` is the fingerprint of its hello. */
  constructor(certificate: NodeCertificate, claims = fingerprintOf(certificate)) {
    this.#certificate = certificate;
    this.#claims = claims;
  }

  createPeer(options: ConstructorParameters<typeof NodePeer>[1]): NodePeer {
    const { told } = this;
    let native: webRtc.PeerConnection | undefined;
    class Watched extends webRtc.PeerConnection {
      constructor(...args: ConstructorParameters<typeof webRtc.PeerConnection>) {
        super(...args);
        native = this;
      }
    }
    const candidate = (line: string, mid: string) => {
      told.push({ state: native?.iceState() ?? 'none', afterMs: performance.now() - this.#answeredAtMs });
      options.events.candidate(line, mid);
    };
    return new NodePeer({ ...webRtc, PeerConnection: Watched }, { ...options, events: { ...options.events, candidate } });
  }

  openSocket(): Promise<SignalSocket> {
    let toViewer: (text: string) => void = () => undefined;
    const say = (message: unknown) => setImmediate(() => toViewer(JSON.stringify(message)));
    say({ type: 'hello', version: 1, fingerprint: this.#claims, nonce: 'bm9uY2U=', iceServers: [] });
    const open = new Map<string, HostPeer>();
    return Promise.resolve({
      send: (text) => {
        const signal = decodeViewerSignal(text);
        if (signal.type === 'candidate') open.get(signal.peer)?.addCandidate(signal.candidate, signal.mid);
        else open.set(signal.peer, this.#answer(signal.peer, signal.sdp, say));
      },
      onMessage: (listener) => {
        toViewer = listener;
      },
      onClose: () => undefined,
      close: () => undefined,
    });
  }

  /** What a channel says next. */
  next(label: string): Promise<Uint8Array> {
    return new Promise((resolve) => this.heard.set(label, resolve));
  }

  #answer(purpose: 'session' | 'bulk', sdp: string, say: (message: unknown) => void): HostPeer {
    const peers = new NodeDataChannelPeers({
      certificatePem: this.#certificate.certificatePem,
      keyPem: this.#certificate.keyPem,
      iceServers: () => [],
      bindAddress: '127.0.0.1',
    });
    const peer = peers.create({ purpose });
    this.peers.push(peer);
    peer.onCandidate((candidate, mid) => {
      if (!this.isShy) say({ type: 'candidate', peer: purpose, candidate, mid });
    });
    peer.onChannel((channel) => {
      this.channels.set(channel.label, channel);
      channel.onMessage((bytes) => {
        if (channel.label === 'control' && this.heard.get('control') === undefined) this.#letIn(channel, bytes);
        else this.heard.get(channel.label)?.(bytes);
      });
    });
    void peer.answer(sdp).then((answer) => {
      this.#answeredAtMs = performance.now();
      say({ type: 'answer', peer: purpose, sdp: answer.sdp });
    });
    return peer;
  }

  #letIn(channel: PeerChannel, hello: Uint8Array): void {
    decodeHello(hello);
    channel.send(encodeWelcome({ abiVersion: 2, ...MODE, compositor: 0, gamepad: 0, bitrateKbps: 0, resolvedProfile: 'operator' }));
  }
}

function identity(): DeviceIdentity<NodeCertificate> {
  return { ...fakeIdentity(), certificate: deviceCertificate };
}

async function enter(host: RealHost): Promise<Session> {
  return new Session(await place(host, { url: 'https://host.test', identity: identity(), deviceName: 'test', mode: MODE }));
}

function picture(key: boolean): VideoUnit {
  const nowUs = process.hrtime.bigint() / 1000n;
  const head = Buffer.from(key ? `${SPS}0000000165` : '0000000141', 'hex');
  // Three packets' worth, so that pictures are fragmented.
  const data = Buffer.concat([head, Buffer.alloc(3000, 7)]);
  return { type: 'video', codec: VideoCodec.H264, key, width: 1280, height: 720, changedUs: nowUs, capturedUs: nowUs, data };
}

describe('a viewer and a host on libdatachannel', () => {
  it('P7.2: pictures and sound arrive and are counted; a first key frame is asked for', async () => {
    const host = new RealHost(hostCertificate);
    await using session = await enter(host);
    const media = host.peers[0]?.media;
    if (media === undefined) throw new Error('no media were negotiated');
    const keyframe = new Promise<void>((resolve) => media.onKeyframeNeeded(resolve));
    media.start();
    await keyframe;

    const stats = await new Promise<Awaited<ReturnType<Session['stats']>>>((resolve, reject) => {
      let sent = 0;
      const timer = setInterval(() => {
        media.sendVideo(picture(sent === 0));
        media.sendAudio({ type: 'audio', timestamp: sent * 480, data: Buffer.alloc(80, 1) });
        sent += 1;
        session.stats().then((now) => {
          if (now.video.frames >= 20 && now.audio.packets >= 20) resolve(now);
          else if (sent > 500) reject(new Error(`after 500 pictures: ${JSON.stringify(now)}`));
          else return;
          clearInterval(timer);
        }, reject);
      }, 10);
    });
    expect(stats.codec).toBe('h264');
    expect(stats.video).toMatchObject({ width: 1280, height: 720, keyframes: 1, packetsLost: 0, dropped: 0 });
    expect(stats.video.bytes).toBeGreaterThan(20 * 3000);
    expect(session.firstFrameAtMs).toBeGreaterThan(0);
  });

  it('P7.2: input and motion reach the host, a cursor the viewer', async () => {
    const host = new RealHost(hostCertificate);
    await using session = await enter(host);
    const [input, pointer] = [host.next('input'), host.next('pointer')];
    session.sendInput([{ kind: InputKind.KeyDown, code: 30, x: 0, y: 0, flags: 0 }]);
    session.sendPointer({ kind: InputKind.PointerMoveBy, code: 0, x: 3, y: -4, flags: 0 });
    expect(decodeInput(await input)).toMatchObject([{ kind: InputKind.KeyDown, code: 30 }]);
    expect(decodeInput(await pointer)).toMatchObject([{ x: 3, y: -4 }]);
    const cursor = new Promise((resolve) => session.on('cursor', resolve));
    host.channels.get('control')?.send(encodeCursorShape({ width: 1, height: 1, hotX: 0, hotY: 0, rgba: Uint8Array.of(1, 2, 3, 4) }));
    await expect(cursor).resolves.toMatchObject({ width: 1, rgba: Uint8Array.of(1, 2, 3, 4) });
  });

  it('P9.1: both ends see the certificate that the other’s SDP names', async () => {
    const host = new RealHost(hostCertificate);
    await using session = await enter(host);
    expect(session.hostFingerprint).toBe(fingerprintOf(hostCertificate));
    expect(host.peers[0]?.remoteFingerprint()).toBe(fingerprintOf(deviceCertificate));
  });

  it('P9.1: a host with another certificate than its hello’s is refused', async () => {
    const impostor = new RealHost(hostCertificate, fingerprintOf(deviceCertificate));
    const attempt = enter(impostor).catch((error: unknown) => error as ConnectError);
    await expect(attempt).resolves.toMatchObject({ code: 'pairing.host-changed' });
  });

  it('U4.1: USB frames go by a connection of their own', async () => {
    const host = new RealHost(hostCertificate);
    await using session = await enter(host);
    const listed = (await session.usb()).list();
    expect(decodeFrame(await host.next('usb'))).toMatchObject({ op: Op.List });
    const device = { vendorId: '1050', productId: '0407', serial: undefined, busLocation: undefined };
    host.channels.get('usb')?.send(encodeFrame({ op: Op.List, flags: FLAG_EOF, claim: 0, payload: encodeListing({ devices: [device] }) }));
    await expect(listed).resolves.toMatchObject([{ vendorId: '1050' }]);
    expect(host.peers).toHaveLength(2);
  });

  it('P7.4: a goodbye arrives before the end of the connection', async () => {
    const host = new RealHost(hostCertificate);
    await using session = await enter(host);
    const ended = new Promise<CodedError>((resolve) => session.on('ended', resolve));
    host.channels.get('control')?.send(encodeSessionEnded({ wire: ERRORS['session.ended-by-operator'].wire, message: 'bye' }));
    host.peers[0]?.close();
    await expect(ended).resolves.toMatchObject({ code: 'session.ended-by-operator' });
  });

  it('P7.4: a host that leaves without a word ends the session, typed', async () => {
    const host = new RealHost(hostCertificate);
    await using session = await enter(host);
    const ended = new Promise<CodedError>((resolve) => session.on('ended', resolve));
    host.peers[0]?.close();
    await expect(ended).resolves.toMatchObject({ code: 'session.transport' });
  });

  it('P7.4: a viewer that leaves is missed at once', async () => {
    const host = new RealHost(hostCertificate);
    const session = await enter(host);
    const gone = new Promise<string>((resolve) => host.peers[0]?.onState(resolve));
    await session[Symbol.asyncDispose]();
    await expect(gone).resolves.toBe('closed');
  });

  it('facts/media §1.5: the viewer reaches the host first, and then says where it is itself', async () => {
    const host = new RealHost(hostCertificate);
    await using _session = await enter(host);
    expect(host.told.length).toBeGreaterThan(0);
    // Where this machine stood still meanwhile, it has waited as long as it does for a host that can't be reached.
    const early = host.told.filter(({ state, afterMs }) => !['connected', 'completed'].includes(state) && !(afterMs >= ALONE_MS));
    expect(early).toEqual([]);
  });

  it('facts/media §1.5: a host that it can’t reach is told where it is, and reaches it', async () => {
    const host = new RealHost(hostCertificate);
    host.isShy = true;
    await using session = await enter(host);
    expect(host.told[0]?.state).toBe('checking');
    expect(session.hostFingerprint).toBe(fingerprintOf(hostCertificate));
  });

  it('facts/media §1.4: five connections in a row need no second try', async () => {
    const host = new RealHost(hostCertificate);
    for (let round = 0; round < 5; round += 1) await (await enter(host))[Symbol.asyncDispose]();
    expect(host.peers).toHaveLength(5);
  });
});

it('P9.1: an offer names the certificate of the identity', async () => {
  const events = { candidate: () => undefined, lost: () => undefined };
  const peer = new NodePeer(webRtc, { purpose: 'bulk', certificate: deviceCertificate, iceServers: [], events });
  expect(sdpFingerprint(await peer.offer())).toBe(fingerprintOf(deviceCertificate));
  peer.close();
  await peer.closed;
});
