import {
  decodeClockProbe,
  decodeFrame,
  decodeInput,
  decodeReconfigure,
  decodeRequestKeyframe,
  ERRORS,
  encodeClockEcho,
  encodeCursorShape,
  encodeFrame,
  encodeListing,
  encodeReconfigured,
  encodeSessionEnded,
  encodeWelcome,
  FLAG_EOF,
  type InputEvent,
  InputKind,
  type Mode,
  Op,
} from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { Conversation, FakeHost, type FakePeer, fakeIdentity, ORIGIN } from '../../testing/fake-host.ts';
import type { ConnectError } from './connect-error.ts';
import { place } from './place.ts';
import { ViewerSession } from './session.ts';

const MODE: Mode = { width: 1280, height: 720, refreshHz: 60 };
const WELCOME = encodeWelcome({ abiVersion: 2, ...MODE, compositor: 0, gamepad: 0, bitrateKbps: 0, resolvedProfile: 'operator' });

interface Meeting {
  readonly session: ViewerSession<string, FakePeer>;
  readonly host: Conversation;
  readonly fake: FakeHost;
  readonly peer: FakePeer;
}

async function meet(): Promise<Meeting> {
  let host: Conversation | undefined;
  const fake = new FakeHost({
    talk: async (conversation) => {
      host = conversation;
      await conversation.hear();
      conversation.say(WELCOME);
    },
  });
  const placed = await place(fake, { url: ORIGIN, identity: fakeIdentity(), deviceName: 'test', mode: MODE });
  const peer = fake.peers[0];
  if (host === undefined || peer === undefined) throw new Error('nobody talked');
  return { session: new ViewerSession(placed), host, fake, peer };
}

/** The host's end of another channel than `control`. */
function far(peer: FakePeer, label: string): Conversation {
  const channel = peer.far.get(label);
  if (channel === undefined) throw new Error(`no channel ${label}`);
  return new Conversation(channel);
}

const key = (code: number): InputEvent => ({ kind: InputKind.KeyDown, code, x: 0, y: 0, flags: 0 });

describe('what a viewer sends', () => {
  it('P7.2: input goes in order, at most 64 events a message', async () => {
    const { session, peer } = await meet();
    const input = far(peer, 'input');
    session.sendInput(Array.from({ length: 100 }, (_, code) => key(code)));
    const heard = [decodeInput(await input.hear()), decodeInput(await input.hear())];
    expect(heard.map((events) => events.length)).toEqual([64, 36]);
    expect(heard.flat().map((event) => event.code)).toEqual(Array.from({ length: 100 }, (_, code) => code));
  });

  it('P7.2: motion goes by the channel that may lose it, and is dropped while that is full', async () => {
    const { session, peer } = await meet();
    const pointer = far(peer, 'pointer');
    const move = { ...key(0), kind: InputKind.PointerMoveBy, x: 3 };
    peer.channel('pointer').bufferedAmount = 1_000_000;
    session.sendPointer({ ...move, x: 1 });
    peer.channel('pointer').bufferedAmount = 0;
    session.sendPointer(move);
    expect(decodeInput(await pointer.hear())).toEqual([move]);
  });

  it('P7.2: a host that takes no input any more ends the session instead of filling the memory', async () => {
    const { session, peer } = await meet();
    const ended: ConnectError[] = [];
    session.on('ended', (reason) => ended.push(reason));
    peer.channel('input').bufferedAmount = 1_000_000;
    session.sendInput([key(1)]);
    expect(ended).toMatchObject([{ code: 'session.transport', statusNumber: -7 }]);
    expect(peer.closed).toBe(true);
  });

  it('P7.3: a key frame is asked for', async () => {
    const { session, host } = await meet();
    session.requestKeyframe();
    expect(() => decodeRequestKeyframe(new Uint8Array())).toThrow();
    decodeRequestKeyframe(await host.hear());
  });
});

describe('resizing', () => {
  it('P7.3: the answer tells what the host made of the wish, and is news for everyone', async () => {
    const { session, host } = await meet();
    const modes: Mode[] = [];
    session.on('mode', (mode) => modes.push(mode));
    const wish = session.resize({ width: 801, height: 601, refreshHz: 60 });
    expect(decodeReconfigure(await host.hear())).toEqual({ width: 801, height: 601, refreshHz: 60 });
    host.say(encodeReconfigured({ accepted: true, width: 800, height: 600, refreshHz: 60 }));
    await expect(wish).resolves.toEqual({ accepted: true, width: 800, height: 600, refreshHz: 60 });
    expect(session.mode).toEqual({ width: 800, height: 600, refreshHz: 60 });
    expect(modes).toEqual([{ width: 800, height: 600, refreshHz: 60 }]);
  });

  it('P7.3: of the wishes that come while one is under way only the newest is sent, and all get its answer', async () => {
    const { session, host } = await meet();
    const wishes = [800, 900, 1000, 1100].map((width) => session.resize({ width, height: 600, refreshHz: 60 }));
    expect(decodeReconfigure(await host.hear()).width).toBe(800);
    host.say(encodeReconfigured({ accepted: true, width: 800, height: 600, refreshHz: 60 }));
    expect(decodeReconfigure(await host.hear()).width).toBe(1100);
    host.say(encodeReconfigured({ accepted: true, width: 1100, height: 600, refreshHz: 60 }));
    expect((await Promise.all(wishes)).map((answer) => answer.width)).toEqual([800, 1100, 1100, 1100]);
  });

  it('P7.3: another viewer’s change is news too', async () => {
    const { session, host } = await meet();
    const changed = new Promise<Mode>((resolve) => session.on('mode', resolve));
    host.say(encodeReconfigured({ accepted: true, width: 640, height: 480, refreshHz: 60 }));
    await expect(changed).resolves.toMatchObject({ width: 640, height: 480 });
  });
});

describe('measuring', () => {
  it('P9.4: the round trip is the time between probe and echo, less what the host took', async () => {
    const { session, host } = await meet();
    const begunMs = performance.now();
    const ping = session.ping();
    const t1 = decodeClockProbe(await host.hear());
    host.say(encodeClockEcho({ t1, t2: 5n, t3: 5n }));
    const rtt = await ping;
    expect(rtt).toBeGreaterThanOrEqual(0);
    expect(rtt).toBeLessThanOrEqual(performance.now() - begunMs);
  });

  it('P9.4: statistics carry the codec and the time that they were taken', async () => {
    const { session } = await meet();
    const before = performance.now();
    const stats = await session.stats();
    expect(stats).toMatchObject({ codec: 'h264', video: { frames: 3 } });
    expect(stats.atMs).toBeGreaterThanOrEqual(before);
  });
});

describe('lent USB devices', () => {
  const bulkPeer = (fake: FakeHost) => {
    const peer = fake.peers.find(({ options }) => options.purpose === 'bulk');
    if (peer === undefined) throw new Error('no bulk connection');
    return peer;
  };

  it('U4.1: they come by a second connection on the same WebSocket, opened once, without the device key', async () => {
    const { session, fake } = await meet();
    const [client, same] = await Promise.all([session.usb(), session.usb()]);
    expect(same).toBe(client);
    expect(fake.sockets).toBe(1);
    const offers = fake.signals.filter((signal) => signal.type === 'offer');
    expect(offers).toMatchObject([{ peer: 'session' }, { peer: 'bulk' }]);
    expect(offers[1]).not.toHaveProperty('key');
  });

  it('U4.2: the listing goes through the channel', async () => {
    const { session, fake } = await meet();
    const client = await session.usb();
    const usb = far(bulkPeer(fake), 'usb');
    const listed = client.list();
    expect(decodeFrame(await usb.hear())).toMatchObject({ op: Op.List, claim: 0 });
    const device = { vendorId: '1050', productId: '0407', serial: undefined, busLocation: 'sim-1' };
    usb.say(encodeFrame({ op: Op.List, flags: FLAG_EOF, claim: 0, payload: encodeListing({ devices: [device] }) }));
    await expect(listed).resolves.toMatchObject([{ vendorId: '1050', productId: '0407' }]);
  });

  it('U4.2: a lost connection ends what waits, typed, and the next call opens another', async () => {
    const { session, fake } = await meet();
    const client = await session.usb();
    const listed = client.list();
    bulkPeer(fake).lose();
    await expect(listed).rejects.toMatchObject({ code: 'session.transport' });
    expect(await session.usb()).not.toBe(client);
  });

  it('U4.2: leaving the session ends it', async () => {
    const { session, fake } = await meet();
    const listed = (await session.usb()).list();
    session.close();
    await expect(listed).rejects.toMatchObject({ code: 'usb.closed' });
    expect(bulkPeer(fake).closed).toBe(true);
    await expect(session.usb()).rejects.toMatchObject({ code: 'session.transport' });
  });

  it('U4.1: a WebSocket that closed meanwhile is a typed end, not of the session', async () => {
    const { session, fake } = await meet();
    fake.closeSockets();
    await expect(session.usb()).rejects.toMatchObject({ name: 'ConnectError', code: 'session.transport' });
    const ping = session.ping();
    session.close();
    await expect(ping).rejects.toMatchObject({ code: 'session.transport' });
  });
});

describe('what a viewer hears', () => {
  it('P7.2: the cursor’s picture comes through', async () => {
    const { session, host } = await meet();
    const shape = { width: 1, height: 1, hotX: 0, hotY: 0, rgba: Uint8Array.of(1, 2, 3, 4) };
    const cursor = new Promise((resolve) => session.on('cursor', resolve));
    host.say(encodeCursorShape(shape));
    expect(session.cursor).toBeUndefined();
    await expect(cursor).resolves.toEqual(shape);
    expect(session.cursor).toEqual(shape);
  });

  it('P7.2: a listener that unsubscribed hears nothing', async () => {
    const { session, host } = await meet();
    let heard = 0;
    session.on('cursor', () => {
      heard += 1;
    })();
    const other = new Promise((resolve) => session.on('cursor', resolve));
    host.say(encodeCursorShape({ width: 0, height: 0, hotX: 0, hotY: 0, rgba: new Uint8Array() }));
    await other;
    expect(heard).toBe(0);
  });

  it('P5.4: a message of a later version is skipped', async () => {
    const { session, host } = await meet();
    const cursor = new Promise((resolve) => session.on('cursor', resolve));
    host.say(Uint8Array.of(0x50, 0x4b, 0x46, 0x63, 0x7f, 1, 2, 3));
    host.say(encodeCursorShape({ width: 0, height: 0, hotX: 0, hotY: 0, rgba: new Uint8Array() }));
    await cursor;
  });

  it('P7.4: a goodbye ends the session with its code', async () => {
    const { session, host, fake, peer } = await meet();
    const ended = new Promise<ConnectError>((resolve) => session.on('ended', resolve));
    const ping = session.ping();
    host.say(encodeSessionEnded({ wire: ERRORS['session.ended-by-operator'].wire, message: 'ended in the console' }));
    await expect(ended).resolves.toMatchObject({ code: 'session.ended-by-operator', statusNumber: -10, message: 'ended in the console' });
    await expect(ping).rejects.toMatchObject({ code: 'session.transport' });
    await expect(session.resize(MODE)).rejects.toMatchObject({ code: 'session.transport' });
    expect(peer.closed).toBe(true);
    expect(fake.openSockets).toBe(0);
  });

  it.each([
    ['a network that is gone', (meeting: Meeting) => meeting.peer.lose()],
    ['a control channel that closes', (meeting: Meeting) => meeting.host.hangUp()],
    ['a broken message', (meeting: Meeting) => meeting.host.say(Uint8Array.of(0x50, 0x4b, 0x46, 0x63, 0x31, 1))],
  ])('P7.4: %s ends it once, typed', async (_what, happens) => {
    const meeting = await meet();
    const reasons: ConnectError[] = [];
    const ended = new Promise((resolve) => meeting.session.on('ended', resolve));
    meeting.session.on('ended', (reason) => reasons.push(reason));
    happens(meeting);
    await ended;
    meeting.peer.lose();
    meeting.session.sendInput([key(1)]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]?.status).toMatch(/^(Io|BadPacket)$/);
  });

  it('P7.4: a goodbye that was quicker than whoever listens is heard all the same, once, unless they have gone', async () => {
    const { session, host, peer } = await meet();
    host.say(encodeSessionEnded({ wire: ERRORS['session.ended-by-operator'].wire, message: 'ended in the console' }));
    await expect.poll(() => peer.closed).toBe(true);
    const reasons: string[] = [];
    session.on('ended', ({ code }) => reasons.push(code));
    session.on('ended', () => reasons.push('gone'))();
    await new Promise((resolve) => session.on('ended', resolve));
    expect(reasons).toEqual(['session.ended-by-operator']);
  });

  it('P7.4: leaving by oneself is no news', async () => {
    const { session, peer, fake } = await meet();
    let ended = 0;
    session.on('ended', () => {
      ended += 1;
    });
    session.close();
    session.close();
    peer.lose();
    session.sendInput([key(1)]);
    session.sendPointer(key(1));
    session.requestKeyframe();
    expect(ended).toBe(0);
    expect(fake.openSockets).toBe(0);
  });
});
