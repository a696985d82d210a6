import {
  CodedError,
  decodeClockEcho,
  decodeKnockPending,
  decodeProfileList,
  decodeProfileReject,
  decodeWelcome,
  encodeClockProbe,
  encodeHello,
  encodeListProfiles,
  encodePairProof,
  encodePairRequest,
  encodeProfileUnlock,
  encodeReconfigure,
  encodeWelcome,
  HelloCaps,
  passcodeBytes,
  profileId,
  RejectReason,
  Spake2Side,
  utf8,
} from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../../testing/fake-clock.ts';
import { FAKE_HOST } from '../../testing/fake-peer.ts';
import { device, Story, StoryKey, type StoryViewer } from '../../testing/story.ts';
import { spake2Suite } from '../pairing/spake2-suite.ts';

const LAPTOP = device(1);
const TABLET = device(2);
const BOTH = { device: LAPTOP, host: FAKE_HOST };
const HELLO = { abiVersion: 2, width: 1280, height: 720, refreshHz: 60, compositor: 0, gamepad: 0, bitrateKbps: 0, caps: 0 };

let story: Story;
beforeEach(() => {
  story = new Story();
});

async function connected(who = LAPTOP): Promise<StoryViewer> {
  const viewer = story.viewer(who);
  await viewer.connect();
  return viewer;
}

describe('the first message', () => {
  it.each([
    ['nothing', new Uint8Array(), 'message.unexpected'],
    ['noise', utf8('GET / HTTP/1.1'), 'message.unexpected'],
    ['a Hello that is cut off', encodeHello(HELLO).slice(0, 12), 'frame.truncated'],
    ['a Hello of another protocol version', encodeHello({ ...HELLO, abiVersion: 3 }), 'message.unexpected'],
    ['a Hello without a size', encodeHello({ ...HELLO, width: 0 }), 'message.malformed'],
    ['a Hello of an absurd size', encodeHello({ ...HELLO, height: 0xffff_ffff }), 'message.malformed'],
    ['a PairRequest that is cut off', encodePairRequest({ name: 'x', share: new Uint8Array(65) }).slice(0, 20), 'frame.truncated'],
    ['a PairProof', encodePairProof(new Uint8Array(32)), 'message.unexpected'],
    ['a Reconfigure', encodeReconfigure({ width: 1, height: 1, refreshHz: 1 }), 'message.unexpected'],
    ['a Welcome', encodeWelcome({ ...HELLO, abiVersion: 9 }), 'message.unexpected'],
    ['a message that is too long', new Uint8Array(1025), 'frame.oversized'],
  ] as const)('issue 2: %s ends that one viewer with its code', async (_case, message, code) => {
    await story.pair(LAPTOP);
    const other = await story.watching(TABLET);
    const viewer = await connected();
    viewer.control.send(message);
    expect(await viewer.farewell()).toBe(code);
    expect(other.peer.state).toBe('connected');
    expect(story.sessions.list()).toHaveLength(1);
  });

  it('P5.3: the handshake takes ten seconds from the offer at most', async () => {
    await story.pair(LAPTOP);
    const viewer = await connected();
    await story.clock.advance(9_999);
    expect(viewer.control.received).toEqual([]);
    await story.clock.advance(1);
    expect(await viewer.farewell()).toBe('session.handshake-timeout');
  });

  it('P5.3: a viewer that offers nothing has ten seconds', async () => {
    const viewer = story.viewer(LAPTOP);
    await story.clock.advance(10_000);
    await viewer.connection.finished;
    expect(viewer.socket.of('refused')).toMatchObject([{ code: 'session.handshake-timeout' }]);
  });

  it('P5.3: a viewer whose peer never connects has ten seconds', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    await story.clock.advance(10_000);
    await viewer.connection.finished;
    expect(viewer.peer.state).toBe('closed');
    expect(viewer.socket.of('refused')).toMatchObject([{ code: 'session.handshake-timeout' }]);
  });

  it('P5.3: the start of the desktop isn’t the viewer’s time', async () => {
    await story.pair(LAPTOP);
    story.workers.getsReady = false;
    const viewer = await connected();
    viewer.hello();
    await story.clock.advance(14_000);
    story.workers.latest.ready({ width: 1280, height: 720, refreshHz: 60 });
    expect(decodeWelcome(await viewer.hears()).width).toBe(1280);
  });
});

describe('a viewer that talks while its desktop opens', () => {
  beforeEach(async () => {
    await story.pair(LAPTOP);
    story.workers.getsReady = false;
  });

  it('P5.3: is heard afterwards', async () => {
    const viewer = await connected();
    viewer.hello();
    viewer.control.send(encodeClockProbe(7n));
    await settled();
    story.workers.latest.ready({ width: 1280, height: 720, refreshHz: 60 });
    decodeWelcome(await viewer.hears());
    expect(decodeClockEcho(await viewer.hears()).t1).toBe(7n);
  });

  it('issue 2: is ended where it talks without end', async () => {
    const viewer = await connected();
    viewer.hello();
    await settled();
    for (let count = 0; count < 33; count += 1) viewer.control.send(encodeClockProbe(7n));
    expect(await viewer.farewell()).toBe('message.unexpected');
  });
});

describe('the list of profiles', () => {
  it('P5.2: shows the operator’s profile to a paired device, and then waits for Hello', async () => {
    await story.pair(LAPTOP);
    const viewer = await connected();
    viewer.control.send(encodeListProfiles());
    expect(decodeProfileList(await viewer.hears())).toMatchObject([{ id: 'operator', passcodeRequired: false, assigned: true }]);
    expect((await viewer.enter()).resolvedProfile).toBe('operator');
  });

  it('P3.4: shows a stranger nothing', async () => {
    const viewer = await connected();
    viewer.control.send(encodeListProfiles());
    expect(decodeProfileList(await viewer.hears())).toEqual([]);
  });

  it('P5.3: doesn’t lengthen the handshake, and isn’t asked for without end', async () => {
    await story.pair(LAPTOP);
    const viewer = await connected();
    for (let count = 0; count < 9; count += 1) viewer.control.send(encodeListProfiles());
    for (let count = 0; count < 8; count += 1) await viewer.hears();
    expect(await viewer.farewell()).toBe('message.unexpected');
  });
});

describe('Hello', () => {
  it('P3.3: a profile that this host hasn’t is rejected before anything is opened', async () => {
    await story.pair(LAPTOP);
    const viewer = await connected();
    viewer.hello({ profileId: profileId('0123456789ab') });
    expect(decodeProfileReject(await viewer.hears())).toMatchObject({ reason: RejectReason.NotFound });
    viewer.control.close();
    await viewer.connection.finished;
    expect(story.workers.started).toEqual([]);
  });

  it('C6: an announced passcode is read, although the operator’s profile has none', async () => {
    await story.pair(LAPTOP);
    const viewer = await connected();
    viewer.hello({ caps: HelloCaps.UnlockFollows });
    viewer.control.send(encodeProfileUnlock(passcodeBytes('1234')));
    expect(decodeWelcome(await viewer.hears()).resolvedProfile).toBe('operator');
  });

  it('C6: something else in its place is refused', async () => {
    await story.pair(LAPTOP);
    const viewer = await connected();
    viewer.hello({ caps: HelloCaps.UnlockFollows });
    viewer.control.send(encodeListProfiles());
    expect(await viewer.farewell()).toBe('message.unexpected');
  });

  it.each([
    ['worker.no-display', 'worker.no-display'],
    ['pairing.wrong-pin', 'session.worker-lost'],
  ] as const)('issue 2: a worker that fails with %s before it is ready ends the viewer with %s', async (code, heard) => {
    await story.pair(LAPTOP);
    story.workers.getsReady = false;
    const viewer = await connected();
    viewer.hello();
    await settled();
    story.workers.latest.say({ type: 'failed', code, message: 'no display' });
    await settled();
    story.workers.latest.end();
    expect(await viewer.farewell()).toBe(heard);
  });

  it('issue 2: a viewer that leaves while the desktop opens takes no place', async () => {
    await story.pair(LAPTOP);
    story.workers.getsReady = false;
    const viewer = await connected();
    viewer.hello();
    await settled();
    viewer.peer.leave();
    await viewer.connection.finished;
    story.workers.latest.ready({ width: 1280, height: 720, refreshHz: 60 });
    await settled();
    expect(story.sessions.list()).toEqual([]);
  });
});

describe('pairing by PIN', () => {
  it('P9.1: a device that knows the PIN is kept under its cleaned name, and goes on over the same connection', async () => {
    const viewer = await connected();
    expect(await viewer.pairs(story.pairing.arm().pin, 'Anna’s\u202e\n laptop')).toBe(true);
    expect(story.paired.find(LAPTOP)).toMatchObject({ fingerprint: LAPTOP, name: 'Anna’s laptop' });
    expect((await viewer.enter()).resolvedProfile).toBe('operator');
  });

  it('P5.3: after pairing the viewer has its ten seconds again', async () => {
    const viewer = await connected();
    await story.clock.advance(9_000);
    await viewer.pairs(story.pairing.arm().pin);
    await story.clock.advance(9_000);
    expect((await viewer.enter()).resolvedProfile).toBe('operator');
  });

  it('P9.1: a wrong PIN is refused, and the guess is spent', async () => {
    const { pin } = story.pairing.arm();
    const viewer = await connected();
    const wrong = pin === '000000' ? '000001' : '000000';
    expect(await viewer.triesToPair(wrong)).toBe('pairing.wrong-pin');
    expect(story.pairing.expiresUnix()).toBeUndefined();
    expect(story.paired.list()).toEqual([]);
  });

  it('issue 2: a second attempt over the same connection is unexpected', async () => {
    const viewer = await connected();
    await viewer.pairs(story.pairing.arm().pin);
    expect(await viewer.triesToPair('000000')).toBe('message.unexpected');
    expect(story.paired.find(LAPTOP)).toBeDefined();
  });

  it('issue 2: an attempt right after another one has to wait, and then needs a PIN of its own', async () => {
    await (await connected()).pairs(story.pairing.arm().pin);
    expect(await (await connected(TABLET)).triesToPair('000000')).toBe('pairing.cooling-down');
    await story.clock.advance(2_000);
    expect(await (await connected(TABLET)).triesToPair('000000')).toBe('pairing.not-armed');
  });

  it.each([
    ['that is no point', new Uint8Array(65).fill(4)],
    ['that is empty', new Uint8Array()],
  ])('P9.1: a share %s is malformed and leaves the PIN armed', async (_case, share) => {
    const { pin } = story.pairing.arm();
    const viewer = await connected();
    viewer.control.send(encodePairRequest({ name: 'x', share }));
    expect(await viewer.farewell()).toBe('message.malformed');
    expect(await (await connected()).pairs(pin)).toBe(true);
  });

  it('P1.2: a save that fails is a failed pairing', async () => {
    const { pin } = story.pairing.arm();
    story.paired.add = () => Promise.reject(new CodedError('store.write-failed', 'the disk is full'));
    const viewer = await connected();
    expect(await viewer.triesToPair(pin)).toBe('store.write-failed');
    expect(story.paired.list()).toEqual([]);
  });

  it('P9.1: a device that is paired already may prove it again', async () => {
    await story.pair(LAPTOP, 'Old name');
    const viewer = await connected();
    expect(await viewer.pairs(story.pairing.arm().pin, 'New name')).toBe(true);
    expect(story.paired.find(LAPTOP)?.name).toBe('Old name');
  });

  it('issue 2: what was said before the end isn’t acted upon after it', async () => {
    story.pairing.arm();
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    viewer.peer.connect(LAPTOP);
    await settled();
    const control = viewer.peer.open('control');
    control.send(encodePairRequest({ name: 'x', share: new Spake2Side(spake2Suite, 'device', '000000', BOTH).share }));
    viewer.connection.end(new CodedError('session.host-stopping', 'stopping'));
    await settled();
    expect(story.pairing.expiresUnix()).toBeDefined();
  });

  it('P9.1: the PIN is nowhere in the log', async () => {
    const { pin } = story.pairing.arm();
    await (await connected()).pairs(pin);
    expect(story.logged.length).toBeGreaterThan(0);
    expect(story.logged.join('')).not.toContain(pin);
  });
});

describe('a knock', () => {
  async function knocking(who = LAPTOP, name = 'Phone'): Promise<StoryViewer> {
    const viewer = await connected(who);
    viewer.hello({ name });
    expect(decodeKnockPending(await viewer.hears())).toBe(600);
    return viewer;
  }
  const first = () => story.knocks.list()[0]?.id ?? 'nobody knocks';

  it('P9.1: waits for the operator, who lets the device in under its cleaned name', async () => {
    const viewer = await knocking(LAPTOP, 'Anna\u202e’s phone');
    expect(story.knocks.list()).toMatchObject([{ device: LAPTOP, name: 'Anna’s phone', address: '192.0.2.1' }]);
    await story.clock.advance(300_000);
    expect(await story.knocks.approve(first())).toBe(true);
    expect(decodeWelcome(await viewer.hears()).resolvedProfile).toBe('operator');
    expect(story.paired.find(LAPTOP)?.name).toBe('Anna’s phone');
    expect(story.knocks.list()).toEqual([]);
  });

  it('P9.1: without a name is called by its fingerprint', async () => {
    await knocking(LAPTOP, '');
    expect(story.knocks.list()[0]?.name).toBe('device 00000000');
  });

  it('P9.1: that is denied ends with its code, and the device may knock again', async () => {
    const viewer = await knocking();
    expect(story.knocks.deny(first())).toBe(true);
    expect(await viewer.farewell()).toBe('device.denied');
    await knocking();
  });

  it('P9.1: that nobody answers expires after ten minutes', async () => {
    const viewer = await knocking();
    await story.clock.advance(600_000);
    expect(await viewer.farewell()).toBe('device.knock-expired');
    expect(story.knocks.list()).toEqual([]);
    expect(story.clock.waiting).toBe(0);
  });

  it('P9.1: from the same device again takes the place of the one before', async () => {
    const before = await knocking();
    const after = await knocking();
    expect(await before.farewell()).toBe('device.knock-expired');
    await story.knocks.approve(first());
    expect(decodeWelcome(await after.hears()).resolvedProfile).toBe('operator');
  });

  it('P9.1: is granted when the device pairs by PIN meanwhile', async () => {
    const viewer = await knocking();
    await (await connected()).pairs(story.pairing.arm().pin);
    expect(decodeWelcome(await viewer.hears()).resolvedProfile).toBe('operator');
  });

  it('design §3: takes one of the four places that strangers of an address have, until it is let in', async () => {
    const waiting = [await knocking(device(11)), await knocking(device(12)), await knocking(device(13)), await knocking(device(14))];
    expect(() => story.viewer(device(15))).toThrow('too many strangers');
    await story.knocks.approve(first());
    decodeWelcome((await waiting[0]?.hears()) ?? new Uint8Array());
    await knocking(device(15));
    expect(() => story.viewer(device(16))).toThrow('too many strangers');
  });

  it('design §3: of a stranger takes no place from those who are paired', async () => {
    for (let number = 20; number < 26; number += 1) await story.watching(device(number));
    expect(story.sessions.list()).toHaveLength(6);
  });

  it('P9.1: whose viewer has gone can still be approved', async () => {
    const viewer = await knocking();
    viewer.peer.leave();
    await viewer.connection.finished;
    expect(await story.knocks.approve(first(), { name: 'Kitchen tablet' })).toBe(true);
    expect(story.paired.find(LAPTOP)?.name).toBe('Kitchen tablet');
  });

  it('issue 2: of a viewer that keeps talking ends that viewer', async () => {
    const viewer = await knocking();
    viewer.control.send(encodeListProfiles());
    expect(await viewer.farewell()).toBe('message.unexpected');
  });

  it('P3.3: for a profile that isn’t there is rejected after it was granted, never before', async () => {
    const viewer = await connected();
    viewer.hello({ profileId: profileId('0123456789ab') });
    decodeKnockPending(await viewer.hears());
    await story.knocks.approve(first());
    expect(decodeProfileReject(await viewer.hears()).reason).toBe(RejectReason.NotFound);
  });
});

describe('the device’s key', () => {
  const nonce = (viewer: StoryViewer) => viewer.socket.of('hello')[0]?.nonce ?? '';

  it('S5: is kept with the pairing, and recognises a device whose certificate is new', async () => {
    const key = new StoryKey();
    const before = story.viewer(LAPTOP);
    await before.connect({ key: key.prove(nonce(before), LAPTOP) });
    await before.pairs(story.pairing.arm().pin);
    expect(story.paired.find(LAPTOP)?.key).toBe(key.spki);

    const after = story.viewer(TABLET);
    await after.connect({ key: key.prove(nonce(after), TABLET) });
    expect((await after.enter()).resolvedProfile).toBe('operator');
    expect(story.paired.list().map((paired) => paired.fingerprint)).toEqual([TABLET]);
  });

  it('S5: renews nothing before DTLS has proved the new certificate', async () => {
    const key = new StoryKey();
    await story.pair(LAPTOP, 'Laptop', key.spki);
    const viewer = story.viewer(TABLET);
    await viewer.connect({ key: key.prove(nonce(viewer), TABLET), proves: device(3) }).catch(() => undefined);
    await viewer.connection.finished;
    expect(story.paired.list().map((paired) => paired.fingerprint)).toEqual([LAPTOP]);
  });

  it.each([
    ['another nonce', (key: StoryKey) => key.prove('another', TABLET)],
    ['another certificate', (key: StoryKey, own: string) => key.prove(own, LAPTOP)],
    ['another host', (key: StoryKey, own: string) => key.prove(own, TABLET, LAPTOP)],
    ['nothing', (key: StoryKey) => ({ spki: key.spki, signature: '' })],
    ['something else', (key: StoryKey) => ({ spki: key.spki, signature: Buffer.alloc(64).toString('base64') })],
    ['a key that is none', (key: StoryKey, own: string) => ({ ...key.prove(own, TABLET), spki: Buffer.alloc(91).toString('base64') })],
  ])('S5: that signed %s is refused', async (_case, prove) => {
    const key = new StoryKey();
    await story.pair(LAPTOP, 'Laptop', key.spki);
    const viewer = story.viewer(TABLET);
    await viewer.offer(prove(key, nonce(viewer)));
    await viewer.connection.finished;
    expect(viewer.socket.of('refused')).toMatchObject([{ code: 'message.malformed' }]);
    expect(story.peers.peers).toEqual([]);
  });

  it('issue 2: ends the session of an older certificate too, when the device is removed', async () => {
    const key = new StoryKey();
    await story.pair(LAPTOP, 'Laptop', key.spki);
    const before = story.viewer(LAPTOP);
    await before.connect({ key: key.prove(nonce(before), LAPTOP) });
    await before.enter();
    const after = story.viewer(TABLET);
    await after.connect({ key: key.prove(nonce(after), TABLET) });
    await after.enter();
    await story.paired.remove(TABLET);
    expect(await before.farewell()).toBe('device.removed');
    expect(await after.farewell()).toBe('device.removed');
  });
});
