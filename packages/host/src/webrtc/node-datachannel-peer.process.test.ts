import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioUnit, VideoCodec, type VideoUnit } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { NativeViewer } from '../../testing/native-viewer.ts';
import { type ContractOffer, type ContractPair, describePeer } from '../../testing/peer-contract.ts';
import { type HostCertificate, openHostCertificate } from '../tls/host-certificate.ts';
import { NodeDataChannelPeers } from './node-datachannel-peer.ts';
import type { HostPeer } from './peer.ts';

let directory: string;
let host: HostCertificate;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-peer-'));
  host = await openHostCertificate(directory);
});

afterAll(() => removeDirectory(directory));

function peers(): NodeDataChannelPeers {
  return new NodeDataChannelPeers({ certificatePem: host.certificate, keyPem: host.key, iceServers: () => [], bindAddress: '127.0.0.1' });
}

async function makePair({ purpose, video, audio }: ContractOffer): Promise<ContractPair & { readonly native: NativeViewer }> {
  const viewer = new NativeViewer({ video, audio });
  const offerSdp = await viewer.offer();
  const peer = peers().create({ purpose });
  return {
    peer,
    native: viewer,
    viewer: viewer.fingerprint,
    offerSdp,
    connect: async () => {
      const connected = new Promise<boolean>((resolve) =>
        peer.onState((state) => state !== 'connecting' && resolve(state === 'connected')),
      );
      await viewer.connect(peer, offerSdp);
      return (await connected) && (await viewer.settled) === 'connected';
    },
    open: (label) => viewer.open(label),
    leave: () => viewer.close(),
    dispose: () => {
      peer.close();
      viewer.close();
    },
  };
}

describePeer('a peer on node-datachannel', makePair);

/** A session with picture and sound; the viewer's library may fail as it offers (facts: media §1.4). */
async function connectedSession(): Promise<ContractPair & { readonly native: NativeViewer }> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const pair = await makePair({ purpose: 'session', video: ['h264'], audio: true });
    onTestFinished(() => pair.dispose());
    if (await pair.connect()) return pair;
  }
  throw new Error('no connection in three attempts');
}

function mediaOf(peer: HostPeer) {
  if (peer.media === undefined) throw new TypeError('no media was negotiated');
  return peer.media;
}

function keyUnit(size: number): VideoUnit {
  const data = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(size, 0xaa)]);
  return { type: 'video', codec: VideoCodec.H264, key: true, width: 2, height: 2, changedUs: 0n, capturedUs: 0n, data };
}

const SOUND: AudioUnit = { type: 'audio', timestamp: 0, data: Buffer.alloc(80, 0xbb) };

describe('media over node-datachannel', () => {
  it('P7.1: sends nothing before it is started, then picture and sound under their own payload types', async () => {
    const { peer, native } = await connectedSession();
    const media = mediaOf(peer);
    media.sendVideo(keyUnit(10));
    media.sendAudio(SOUND);
    expect(media.stats().sentBytes).toBe(0);
    media.start();
    media.sendVideo(keyUnit(3000));
    media.sendAudio(SOUND);
    await native.received(4);
    expect(native.packets.map((packet) => (packet[1] ?? 0) & 0x7f).sort()).toEqual([102, 102, 102, 111]);
  });

  it('P7.3: asks for a key frame when it starts and when the viewer does, and measures the round trip', async () => {
    const begunMs = performance.now();
    const { peer, native } = await connectedSession();
    const media = mediaOf(peer);
    const asked: (() => void)[] = [];
    media.onKeyframeNeeded(() => asked.shift()?.());
    const next = () => new Promise<void>((resolve) => asked.push(resolve));
    const first = next();
    media.start();
    await first;
    media.sendVideo(keyUnit(10));
    await native.received(1);
    const second = next();
    // A request within 100 ms of a key frame is answered by that key frame, so the viewer repeats it, as viewers do.
    const asking = setInterval(() => native.requestKeyframe(), 50);
    onTestFinished(() => clearInterval(asking));
    await second;
    expect(media.stats().rttMs).toBeLessThanOrEqual(performance.now() - begunMs);
  });

  it('SEC: is not stopped by a cut SDES item, which makes the library run in a circle where it has two tracks', async () => {
    const pair = await connectedSession();
    pair.native.sendRtcp(Buffer.from('81ca00020000000101ff4141', 'hex'));
    const echo = new Promise<void>((resolve) => pair.peer.onChannel((channel) => channel.onMessage(() => resolve())));
    const channel = await pair.open('control');
    channel.send(Uint8Array.of(1));
    await echo;
  });

  it('P5.2: fails where the certificate is another than the offer named', async () => {
    const native = new NativeViewer({ video: [], audio: false });
    const peer = peers().create({ purpose: 'bulk' });
    onTestFinished(() => {
      peer.close();
      native.close();
    });
    const over = new Promise<string>((resolve) => peer.onState((state) => state !== 'connecting' && resolve(state)));
    const offer = await native.offer();
    await native.connect(
      peer,
      offer.replace(/(a=fingerprint:sha-256 )(..)/g, (_line, name, byte) => `${name}${byte === '00' ? '11' : '00'}`),
    );
    expect(await over).toBe('failed');
    expect(peer.remoteFingerprint()).toBeUndefined();
  });
});
