import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VideoCodec, type VideoUnit } from '@usher/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { type BrowserViewer, TestBrowser } from '../../testing/browser-viewer.ts';
import { encodeSound, encodeUnits } from '../../testing/encoded-units.ts';
import { PacedUnits } from '../../testing/paced-units.ts';
import type { MediaSender } from '../media/media-sender.ts';
import { type HostCertificate, openHostCertificate } from '../tls/host-certificate.ts';
import { NodeDataChannelPeers } from './node-datachannel-peer.ts';
import type { HostPeer } from './peer.ts';

const SMALL = { width: 640, height: 360, framesPerSecond: 30, frames: 60, kbps: 1500, keyEvery: 60, pattern: 'ball' } as const;
const FRAMES = 90;

let directory: string;
let host: HostCertificate;
let browser: TestBrowser;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-browser-'));
  [host, browser] = await Promise.all([openHostCertificate(directory), TestBrowser.launch()]);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

afterAll(async () => {
  await browser.close();
  await removeDirectory(directory);
});

async function makePair(): Promise<{ readonly peer: HostPeer; readonly viewer: BrowserViewer; readonly connected: Promise<void> }> {
  const factory = new NodeDataChannelPeers({
    certificatePem: host.certificate,
    keyPem: host.key,
    iceServers: () => [],
    bindAddress: '127.0.0.1',
  });
  const peer = factory.create({ purpose: 'session' });
  const viewer = await browser.viewer();
  const connected = new Promise<void>((resolve) => peer.onState((state) => state === 'connected' && resolve()));
  cleanups.push(
    () => peer.close(),
    () => viewer.close(),
  );
  return { peer, viewer, connected };
}

function play(media: MediaSender | undefined, units: readonly VideoUnit[], framesPerSecond: number): PacedUnits {
  if (media === undefined) throw new TypeError('no media was negotiated');
  const playing = new PacedUnits(media, () => units, framesPerSecond);
  cleanups.push(() => playing.stop());
  media.start();
  return playing;
}

describe('a viewer in Chromium', () => {
  it.each([
    ['H264', VideoCodec.H264],
    ['VP8', VideoCodec.Vp8],
  ] as const)('P7.1: gets every %s picture whole and decodes them, without asking for another key frame', async (codec, unitCodec) => {
    const units = await encodeUnits({ ...SMALL, codec: unitCodec });
    const { peer, viewer, connected } = await makePair();
    await viewer.connect(peer, { codec });
    await connected;
    const playing = play(peer.media, units, SMALL.framesPerSecond);
    await viewer.shown(FRAMES);
    // A machine that stalls has round trips of seconds, for a while.
    await expect.poll(() => peer.media?.stats().rttMs).toBeLessThan(500);
    playing.stop();
    // On a busy machine the browser passes over some that it has: they would be shown too late.
    await expect.poll(async () => (await viewer.stats()).video.framesReceived).toBe(playing.sent);
    const { video } = await viewer.stats();
    expect(video).toMatchObject({ frameWidth: SMALL.width, packetsLost: 0, pliCount: 0 });
    expect(playing.keyframesAsked).toBe(1);
  });

  it('P7.1: plays the sound, and shows the picture without waiting for it', async () => {
    const [units, sound] = await Promise.all([encodeUnits({ ...SMALL, codec: VideoCodec.H264 }), encodeSound(400)]);
    const { peer, viewer, connected } = await makePair();
    await viewer.connect(peer, { audio: true });
    await connected;
    play(peer.media, units, SMALL.framesPerSecond);
    const started = performance.now();
    let sent = 0;
    const playing = setInterval(() => {
      for (; sent * 10 < performance.now() - started; sent += 1) {
        const unit = sound[sent % sound.length];
        if (unit !== undefined) peer.media?.sendAudio({ ...unit, timestamp: sent * 480 });
      }
    }, 5);
    cleanups.push(() => clearInterval(playing));
    await viewer.shown(FRAMES);
    await expect.poll(async () => Math.abs((await viewer.pitch()) - 440)).toBeLessThan(12);
    await expect.poll(async () => (await viewer.stats()).audio?.packetsReceived).toBeGreaterThan(100);
    await expect.poll(async () => (await viewer.stats()).audio?.totalSamplesReceived).toBeGreaterThan(48_000);
    let before = (await viewer.stats()).video;
    const secondsHeld = async () => {
      const { video: after } = await viewer.stats();
      const held =
        (after.jitterBufferDelay - before.jitterBufferDelay) / (after.jitterBufferEmittedCount - before.jitterBufferEmittedCount);
      before = after;
      return held;
    };
    // Of the pictures of each second: while a machine stalls they wait, too, but not for the sound.
    await expect.poll(secondsHeld, { interval: 1000 }).toBeLessThan(0.05);
  });

  it('P5.2: is known by the certificate that its page made', async () => {
    const { peer, viewer, connected } = await makePair();
    await viewer.connect(peer);
    await connected;
    expect(peer.remoteFingerprint()).toBe(viewer.fingerprint);
  });

  it('P5.2: is not let in under another fingerprint', async () => {
    const { peer, viewer } = await makePair();
    const over = new Promise<string>((resolve) => peer.onState((state) => state !== 'connecting' && resolve(state)));
    const tamper = (sdp: string) =>
      sdp.replace(/(a=fingerprint:sha-256 )(..)/g, (_line, name, byte) => `${name}${byte === '00' ? '11' : '00'}`);
    await viewer.connect(peer, { changeOffer: tamper });
    expect(await over).toBe('failed');
    expect(peer.remoteFingerprint()).toBeUndefined();
  });
});
