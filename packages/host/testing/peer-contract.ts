import { type Fingerprint, isCoded, type PeerPurpose, VideoCodec } from '@usher/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HostPeer, MAX_CHANNEL_MESSAGE, MAX_CHANNELS, MAX_LABEL, type PeerChannel, type PeerState } from '../src/webrtc/peer.ts';

/** What a viewer offers. Nothing at all in `video` is an offer without a picture. */
export interface ContractOffer {
  readonly purpose: PeerPurpose;
  readonly video: readonly ('h264' | 'vp8' | 'av1')[];
  readonly audio: boolean;
}

/** The other end of a channel. */
export interface ContractChannel {
  send(bytes: Uint8Array): boolean;
  /** The next message of the host; undefined once the channel is closed and all were returned. */
  next(): Promise<Uint8Array | undefined>;
  close(): void;
}

/** A host's peer connection before its answer, and the viewer that offers. */
export interface ContractPair {
  readonly peer: HostPeer;
  readonly viewer: Fingerprint;
  readonly offerSdp: string;
  /**
   * Lets the host answer and the viewer take the answer; ends when the host's side is connected. False where the viewer's library
   * failed as it offered, which it sometimes does (facts: media §1.4): another pair will do.
   */
  connect(): Promise<boolean>;
  /** Ends when the viewer's end may be used, or is closed. */
  open(label: string): Promise<ContractChannel>;
  /** The viewer goes away, saying so. */
  leave(): void;
  dispose(): void;
}

export type MakePair = (offer: ContractOffer) => Promise<ContractPair>;

const SESSION: ContractOffer = { purpose: 'session', video: ['h264', 'vp8'], audio: true };
const BULK: ContractOffer = { purpose: 'bulk', video: [], audio: false };

/** What every `HostPeer` does: run over the fake and over the real one. */
export function describePeer(name: string, makePair: MakePair): void {
  async function pairOf(offer: ContractOffer): Promise<ContractPair> {
    const pair = await makePair(offer);
    onTestFinished(() => pair.dispose());
    return pair;
  }

  async function connected(): Promise<ContractPair & { readonly states: readonly PeerState[] }> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const pair = await pairOf(BULK);
      const states: PeerState[] = [];
      pair.peer.onState((state) => states.push(state));
      if (await pair.connect()) return { ...pair, states };
    }
    throw new Error('no connection in three attempts');
  }

  /** The host's end of the next channel, with what it was sent. */
  function nextChannel(
    peer: HostPeer,
  ): Promise<{ channel: PeerChannel; received: Uint8Array[]; closed: Promise<void>; got(count: number): Promise<void> }> {
    return new Promise((resolve) => {
      peer.onChannel((channel) => {
        const received: Uint8Array[] = [];
        const waiting: { count: number; resolve(): void }[] = [];
        channel.onMessage((bytes) => {
          received.push(bytes);
          for (const waiter of waiting) if (received.length >= waiter.count) waiter.resolve();
        });
        const closed = new Promise<void>((done) => channel.onClosed(done));
        const got = (count: number) =>
          received.length >= count ? Promise.resolve() : new Promise<void>((done) => waiting.push({ count, resolve: done }));
        resolve({ channel, received, closed, got });
      });
    });
  }

  describe(`${name}: the answer`, () => {
    it.each([
      ['H.264 where both are offered', ['h264', 'vp8'], VideoCodec.H264],
      ['H.264 though VP8 is preferred', ['vp8', 'h264'], VideoCodec.H264],
      ['VP8 for a viewer without H.264', ['av1', 'vp8'], VideoCodec.Vp8],
    ] as const)('P7.1: picks %s', async (_name, video, codec) => {
      const { peer, offerSdp } = await pairOf({ ...SESSION, video });
      const answer = await peer.answer(offerSdp);
      expect(answer).toMatchObject({ video: codec, audio: true });
      expect(answer.sdp).toMatch(/^a=fingerprint:sha-256 /im);
      expect(peer.media).toBeDefined();
    });

    it('P7.1: refuses video in a codec that the host has not', async () => {
      const { peer, offerSdp } = await pairOf({ ...SESSION, video: ['av1'] });
      await expect(peer.answer(offerSdp)).rejects.toSatisfy((error) => isCoded(error, 'session.no-codec'));
    });

    it('takes a bulk offer, which has no media, and refuses one that has', async () => {
      const bulk = await pairOf(BULK);
      await expect(bulk.peer.answer(bulk.offerSdp)).resolves.toMatchObject({ video: undefined, audio: false });
      expect(bulk.peer.media).toBeUndefined();
      const withMedia = await pairOf({ ...SESSION, purpose: 'bulk' });
      await expect(withMedia.peer.answer(withMedia.offerSdp)).rejects.toSatisfy((error) => isCoded(error, 'message.malformed'));
    });

    it.each(['', 'v=0\r\n', 'hello', `v=0\r\n${'a=x\r\n'.repeat(20_000)}`])('refuses what is no offer', async (text) => {
      const { peer } = await pairOf(BULK);
      await expect(peer.answer(text)).rejects.toSatisfy((error) => isCoded(error, 'message.malformed'));
    });

    it('refuses to answer once it is closed', async () => {
      const { peer, offerSdp } = await pairOf(BULK);
      peer.close();
      await expect(peer.answer(offerSdp)).rejects.toSatisfy((error) => isCoded(error, 'session.transport'));
    });

    it('comes before every candidate, and names the section that they are for', async () => {
      const { peer, offerSdp } = await pairOf(SESSION);
      let answered: string | undefined;
      const candidate = new Promise<{ text: string; mid: string; answered: string | undefined }>((resolve) => {
        peer.onCandidate((text, mid) => resolve({ text, mid, answered }));
      });
      answered = (await peer.answer(offerSdp)).sdp;
      const told = await candidate;
      expect(told.text).toMatch(/^candidate:/);
      expect(told.answered).toContain(`a=group:BUNDLE ${told.mid} `);
    });

    it('ignores candidates that cannot be read, and any number of them', async () => {
      const { peer, offerSdp } = await pairOf(BULK);
      peer.addCandidate('', '0');
      peer.addCandidate('candidate:1 1 UDP 1 printer.local 9 typ host', '0');
      for (let port = 1; port < 200; port += 1) peer.addCandidate(`candidate:1 1 UDP 1 127.0.0.1 ${port} typ host`, '0');
      await peer.answer(offerSdp);
      peer.addCandidate('candidate:1 1 UDP 1 127.0.0.1 9 typ host', 'no such mid');
      peer.close();
      peer.addCandidate('candidate:1 1 UDP 1 127.0.0.1 9 typ host', '0');
    });
  });

  describe(`${name}: the connection`, () => {
    it('P5.2: tells the fingerprint that the handshake proved, and none before', async () => {
      expect((await pairOf(BULK)).peer.remoteFingerprint()).toBeUndefined();
      const pair = await connected();
      expect(pair.peer.remoteFingerprint()).toBe(pair.viewer);
    });

    it('goes from connecting to connected to closed when the viewer leaves, and closes its channels', async () => {
      const pair = await connected();
      const host = nextChannel(pair.peer);
      await pair.open('control');
      const { channel, closed } = await host;
      const over = new Promise<void>((resolve) => pair.peer.onState((state) => state === 'closed' && resolve()));
      pair.leave();
      await Promise.all([closed, over]);
      expect(pair.states).toEqual(['connecting', 'connected', 'closed']);
      expect(channel.send(Uint8Array.of(1))).toBe(false);
      expect(channel.bufferedAmount()).toBe(0);
    });

    it('closes once, tells so once, and delivers what was sent before', async () => {
      const pair = await connected();
      const host = nextChannel(pair.peer);
      const viewer = await pair.open('control');
      const { channel, closed } = await host;
      expect(channel.send(Uint8Array.of(1, 2, 3))).toBe(true);
      expect(channel.send(new Uint8Array(60_000))).toBe(true);
      pair.peer.close();
      pair.peer.close();
      expect(channel.send(Uint8Array.of(4))).toBe(false);
      await closed;
      expect(Array.from((await viewer.next()) ?? [])).toEqual([1, 2, 3]);
      expect(await viewer.next()).toHaveLength(60_000);
      expect(await viewer.next()).toBeUndefined();
      expect(pair.states).toEqual(['connecting', 'connected', 'closed']);
    });
  });

  describe(`${name}: a channel`, () => {
    it('carries messages both ways, in order, the first ones too', async () => {
      const pair = await connected();
      const host = nextChannel(pair.peer);
      const viewer = await pair.open('control');
      for (let index = 0; index < 50; index += 1) viewer.send(Uint8Array.of(index));
      const { channel, received, got } = await host;
      expect(channel.label).toBe('control');
      await got(50);
      expect(received.map((bytes) => bytes[0])).toEqual(Array.from({ length: 50 }, (_, index) => index));
      channel.send(Uint8Array.of(7));
      channel.send(Uint8Array.of(8));
      expect(await viewer.next()).toEqual(expect.objectContaining({ 0: 7 }));
      expect(await viewer.next()).toEqual(expect.objectContaining({ 0: 8 }));
    });

    it('copies what it sends', async () => {
      const pair = await connected();
      const host = nextChannel(pair.peer);
      const viewer = await pair.open('control');
      const bytes = Uint8Array.of(5);
      (await host).channel.send(bytes);
      bytes[0] = 6;
      expect(await viewer.next()).toEqual(expect.objectContaining({ 0: 5 }));
    });

    it('C2: takes the longest message, and is closed by a longer one', async () => {
      const pair = await connected();
      const host = nextChannel(pair.peer);
      const viewer = await pair.open('control');
      const { received, got, closed } = await host;
      viewer.send(new Uint8Array(MAX_CHANNEL_MESSAGE));
      await got(1);
      expect(received[0]).toHaveLength(MAX_CHANNEL_MESSAGE);
      viewer.send(new Uint8Array(MAX_CHANNEL_MESSAGE + 1));
      await closed;
      expect(received).toHaveLength(1);
    });

    it('is closed for both ends by either', async () => {
      const pair = await connected();
      const first = nextChannel(pair.peer);
      const viewer = await pair.open('first');
      (await first).channel.close();
      expect(await viewer.next()).toBeUndefined();
      await (await first).closed;

      const hosts: PeerChannel[] = [];
      const closed = new Promise<void>((resolve) => {
        pair.peer.onChannel((channel) => {
          hosts.push(channel);
          channel.onClosed(resolve);
        });
      });
      (await pair.open('second')).close();
      await closed;
      expect(hosts.map((channel) => channel.send(Uint8Array.of(1)))).toEqual([false]);
    });

    it('is refused where its label is too long, or there are too many', async () => {
      const pair = await connected();
      const labels: string[] = [];
      pair.peer.onChannel((channel) => labels.push(channel.label));
      const long = await pair.open('x'.repeat(MAX_LABEL + 1));
      expect(await long.next()).toBeUndefined();
      for (let index = 0; index < MAX_CHANNELS; index += 1) await pair.open(`channel-${index}`);
      const surplus = await pair.open('one too many');
      expect(await surplus.next()).toBeUndefined();
      expect(labels).toEqual(Array.from({ length: MAX_CHANNELS }, (_, index) => `channel-${index}`));
    });
  });
}
