import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VideoCodec } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Stopwatch } from '../../../../tests/harness/stopwatch.ts';
import { removeDirectory } from '../../../../tests/harness/temporary-directory.ts';
import { type BrowserViewer, TestBrowser } from '../../testing/browser-viewer.ts';
import { encodeUnits } from '../../testing/encoded-units.ts';
import { PacedUnits } from '../../testing/paced-units.ts';
import { type Impairment, UdpRelay } from '../../testing/udp-relay.ts';
import type { MediaSender } from '../media/media-sender.ts';
import { type HostCertificate, openHostCertificate } from '../tls/host-certificate.ts';
import { NodeDataChannelPeers } from './node-datachannel-peer.ts';

const PICTURE = {
  codec: VideoCodec.H264,
  width: 640,
  height: 360,
  framesPerSecond: 30,
  frames: 90,
  keyEvery: 90,
  pattern: 'snow',
} as const;

/** Pictures that are looked at together: some twenty packets of theirs are lost. */
const STRETCH = 150;
/**
 * A viewer that isn't answered for some ten round trips, which are 40 ms here, does well to ask for a picture anew; and one that is kept from
 * running misses some. So a stretch in which this process stood still or that took longer than it should is followed by another, …
 */
const HICCUP_MS = 100;
const STRETCH_MS_MAX = ((STRETCH * 1000) / PICTURE.framesPerSecond) * 1.2;
/** … but not for ever: a host that doesn't send again makes every stretch longer. */
const STRETCHES_MAX = 5;

let directory: string;
let host: HostCertificate;
let browser: TestBrowser;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-network-'));
  [host, browser] = await Promise.all([openHostCertificate(directory), TestBrowser.launch()]);
});

afterAll(async () => {
  await browser.close();
  await removeDirectory(directory);
});

/** The same losses in every run: a small linear congruential generator. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

async function connectOver(impairment: Impairment): Promise<{ media: MediaSender; viewer: BrowserViewer; relay: UdpRelay }> {
  const factory = new NodeDataChannelPeers({
    certificatePem: host.certificate,
    keyPem: host.key,
    iceServers: () => [],
    bindAddress: '127.0.0.1',
  });
  const peer = factory.create({ purpose: 'session' });
  const viewer = await browser.viewer();
  const relays: UdpRelay[] = [];
  onTestFinished(async () => {
    peer.close();
    await viewer.close();
    for (const relay of relays) relay.close();
  });
  const connected = new Promise<void>((resolve) => peer.onState((state) => state === 'connected' && resolve()));
  const changeCandidate = async (candidate: string) => {
    const relay = await UdpRelay.open(candidate, impairment, seeded());
    relays.push(relay);
    return relay.candidate(candidate);
  };
  await viewer.connect(peer, { codec: 'H264', changeCandidate });
  await connected;
  const [relay] = relays;
  if (peer.media === undefined || relay === undefined) throw new TypeError('no media, or no way to the viewer');
  return { media: peer.media, viewer, relay };
}

describe('over a bad network, Chromium', () => {
  it('P7.3: gets the whole picture through 2 % loss and 20 ms each way, by resending alone', async () => {
    const units = await encodeUnits({ ...PICTURE, kbps: 1500 });
    const { media, viewer, relay } = await connectOver({ delayMs: 20, loss: 0 });
    const playing = new PacedUnits(media, () => units, PICTURE.framesPerSecond);
    onTestFinished(() => playing.stop());
    media.start();
    // A viewer that misses the very first packet doesn't know that there was one, and asks for a key frame.
    await viewer.shown(5);
    relay.impairment = { delayMs: 20, loss: 0.02 };
    const count = async () => {
      const { nackCount, pliCount, framesReceived } = (await viewer.stats()).video;
      return { nackCount, pliCount, framesReceived, sent: playing.sent, lost: relay.counts.lost };
    };
    for (let stretch = 1; ; stretch += 1) {
      using stopwatch = new Stopwatch();
      const begunMs = performance.now();
      const before = await count();
      await viewer.shown(5 + stretch * STRETCH);
      const after = await count();
      const isDisturbed = stopwatch.stoodStillMs > HICCUP_MS || performance.now() - begunMs > STRETCH_MS_MAX;
      if (isDisturbed && stretch < STRETCHES_MAX) continue;
      expect(after.lost - before.lost).toBeGreaterThan(10);
      expect(after.nackCount - before.nackCount).toBeGreaterThan(0);
      expect(after.pliCount).toBe(before.pliCount);
      expect(after.framesReceived - before.framesReceived).toBeGreaterThan((after.sent - before.sent) * 0.9);
      break;
    }
  });

  it('P7.3: keeps a picture on a link of 3 Mbit/s that starts full, at what the link takes', async () => {
    const rates = await Promise.all(
      [600, 1200, 2400, 4800].map(async (kbps) => ({ kbps, units: await encodeUnits({ ...PICTURE, kbps }) })),
    );
    const { media, viewer, relay } = await connectOver({ delayMs: 10, loss: 0, bottleneck: { kbps: 3000, queueMs: 200 } });
    // The encoder follows the estimate, and begins above what the link takes.
    let kbps = 4800;
    media.onEstimate((estimate) => {
      kbps = estimate;
    });
    const playing = new PacedUnits(
      media,
      () => rates.findLast((rate) => rate.kbps <= kbps)?.units ?? rates[0]?.units ?? [],
      PICTURE.framesPerSecond,
    );
    onTestFinished(() => playing.stop());
    media.start();
    await viewer.shown(150);
    const dropped = relay.counts.overflowed;
    await viewer.shown(300);
    expect(media.stats().estimateKbps).toBeLessThan(4800);
    // Once it has found its rate, the queue hardly overflows any more.
    expect(relay.counts.overflowed - dropped).toBeLessThan(100);
  });
});
