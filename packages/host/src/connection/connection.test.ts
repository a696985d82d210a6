import {
  CodedError,
  decodeClockEcho,
  decodeCursorShape,
  decodeReconfigured,
  encodeClockProbe,
  encodeInput,
  encodeReconfigure,
  encodeRequestKeyframe,
  type InputEvent,
  InputKind,
  MAX_SIGNAL_MESSAGE,
  VideoCodec,
} from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../../testing/fake-clock.ts';
import { FAKE_HOST, fakeOffer } from '../../testing/fake-peer.ts';
import { picture } from '../../testing/fake-worker.ts';
import { device, Story } from '../../testing/story.ts';

const LAPTOP = device(1);
const TABLET = device(2);

const event = (kind: InputKind, code = 0): InputEvent => ({ kind, code, x: 1, y: 2, flags: 0 });

let story: Story;
beforeEach(() => {
  story = new Story();
});

describe('a viewer', () => {
  it('design §3: is told who the host is, then answered, then given the host’s candidates', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    await settled();
    expect(viewer.socket.received.map((signal) => signal.type)).toEqual(['hello', 'answer', 'candidate']);
    expect(viewer.socket.of('hello')[0]).toMatchObject({ version: 1, fingerprint: FAKE_HOST });
  });

  it('S5: gets a nonce that no other connection has', () => {
    const [first, second] = [story.viewer(LAPTOP), story.viewer(LAPTOP)].map((viewer) => viewer.socket.of('hello')[0]?.nonce);
    expect(Buffer.from(first ?? '', 'base64')).toHaveLength(32);
    expect(first).not.toBe(second);
  });

  it('P5.1: that is paired says Hello and is welcomed in the mode that is really open', async () => {
    await story.pair(LAPTOP);
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    const welcome = await viewer.enter({ width: 1281, height: 99_9, refreshHz: 144, profileId: 'operator' });
    expect(welcome).toMatchObject({ abiVersion: 2, width: 1280, height: 998, refreshHz: 60, resolvedProfile: 'operator' });
    expect(story.workers.latest.of('start')[0]?.mode).toEqual({ width: 1280, height: 998, refreshHz: 60 });
  });

  it('design §4: hears and sees nothing before Welcome', async () => {
    await story.pair(LAPTOP);
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    expect(viewer.peer.media?.started).toBe(false);
    expect(story.workers.started).toEqual([]);
    await viewer.enter();
    expect(viewer.peer.media?.started).toBe(true);
    expect(story.workers.latest.heard.map((message) => message.type)).toEqual(['start', 'start-stream']);
  });

  it('P7.1: sees the picture, hears the sound and gets the cursor of the desktop', async () => {
    const viewer = await story.watching(LAPTOP);
    const cursor = { width: 1, height: 1, hotX: 0, hotY: 0, rgba: Uint8Array.of(1, 2, 3, 4) };
    story.workers.latest.say(picture());
    story.workers.latest.say({ type: 'audio', timestamp: 480, data: Uint8Array.of(1) });
    story.workers.latest.say({ type: 'cursor', cursor });
    expect(decodeCursorShape(await viewer.hears())).toEqual(cursor);
    expect(viewer.peer.media?.video).toHaveLength(1);
    expect(viewer.peer.media?.audio).toHaveLength(1);
  });

  it('I1: operates the desktop under a number of its own, once it is welcome', async () => {
    await story.pair(LAPTOP);
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    viewer.input.send(encodeInput([event(InputKind.KeyDown, 30)]));
    await viewer.enter();
    viewer.input.send(encodeInput([event(InputKind.KeyDown, 31)]));
    viewer.pointer.send(encodeInput([event(InputKind.PointerMoveBy)]));
    await settled();
    expect(story.workers.latest.of('input')).toEqual([
      { type: 'input', viewer: 1, events: [event(InputKind.KeyDown, 31)] },
      { type: 'input', viewer: 1, events: [event(InputKind.PointerMoveBy)] },
    ]);
  });

  it('P7.3: asks for a size, and everyone hears which one holds', async () => {
    const asker = await story.watching(LAPTOP);
    const other = await story.watching(TABLET);
    asker.control.send(encodeReconfigure({ width: 801, height: 601, refreshHz: 0 }));
    const mode = { width: 800, height: 600, refreshHz: 60 };
    expect(decodeReconfigured(await asker.hears())).toEqual({ accepted: true, ...mode });
    expect(decodeReconfigured(await other.hears())).toEqual({ accepted: true, ...mode });
    expect(story.workers.latest.of('resize')).toEqual([{ type: 'resize', mode }]);
  });

  it('P7.3: whose window has no size is told the size that holds', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.control.send(encodeReconfigure({ width: 0, height: 600, refreshHz: 60 }));
    expect(decodeReconfigured(await viewer.hears())).toEqual({ accepted: false, width: 1280, height: 720, refreshHz: 60 });
  });

  it('P7.3: gets a key frame when it asks', async () => {
    const viewer = await story.watching(LAPTOP);
    story.workers.latest.say(picture());
    await story.clock.advance(1000);
    viewer.control.send(encodeRequestKeyframe());
    await settled();
    expect(story.workers.latest.of('keyframe')).toEqual([{ type: 'keyframe', codec: VideoCodec.H264 }]);
  });

  it('C8: hears its own clock back between two readings of the host’s', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.control.send(encodeClockProbe(42n));
    const echo = decodeClockEcho(await viewer.hears());
    expect(echo.t1).toBe(42n);
    expect(echo.t3).toBeGreaterThanOrEqual(echo.t2);
  });

  it('design §3: keeps its session when its WebSocket closes', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.socket.leave();
    await settled();
    viewer.control.send(encodeClockProbe(1n));
    expect(decodeClockEcho(await viewer.hears()).t1).toBe(1n);
  });

  it('design §1: that goes away leaves nothing behind: no session, no held keys, no timers', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.peer.leave();
    await viewer.connection.finished;
    expect(story.sessions.list()).toEqual([]);
    expect(story.workers.latest.heard.slice(-2)).toEqual([
      { type: 'viewer-gone', viewer: 1 },
      { type: 'stop-stream', codec: VideoCodec.H264 },
    ]);
    expect(viewer.socket.isClosed).toBe(true);
    expect(story.clock.waiting).toBe(0);
  });

  it('design §3: that closes control has left', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.control.close();
    await viewer.connection.finished;
    expect(viewer.peer.state).toBe('closed');
  });
});

describe('the end of a session', () => {
  it.each([
    ['P7.4: the operator ends it', 'session.ended-by-operator', endFirst],
    ['issue 2: its device is removed', 'device.removed', () => void story.paired.remove(LAPTOP)],
    ['issue 2: its worker is killed', 'session.worker-lost', () => story.workers.latest.end()],
    ['design §6: the host stops', 'session.host-stopping', () => story.connections[0]?.end(stopping())],
  ])('%s: the viewer hears %s', async (_rule, code, cause) => {
    const viewer = await story.watching(LAPTOP);
    cause();
    expect(await viewer.farewell()).toBe(code);
    expect(viewer.peer.state).toBe('closed');
    expect(story.sessions.list()).toEqual([]);
  });

  it('issue 2: the others go on when one device is removed', async () => {
    const removed = await story.watching(LAPTOP);
    const other = await story.watching(TABLET);
    await story.paired.remove(LAPTOP);
    expect(await removed.farewell()).toBe('device.removed');
    story.workers.latest.say(picture());
    await settled();
    expect(other.peer.media?.video).toHaveLength(1);
    expect(removed.peer.media?.video).toHaveLength(0);
  });

  it('issue 2: a killed worker ends every viewer, and the next visit starts a new one', async () => {
    const viewers = [await story.watching(LAPTOP), await story.watching(TABLET)];
    story.workers.latest.end();
    for (const viewer of viewers) expect(await viewer.farewell()).toBe('session.worker-lost');
    await story.watching(LAPTOP);
    expect(story.workers.started).toHaveLength(2);
  });

  it('design §3: the goodbye waits for the viewer to read it, for a second at most', async () => {
    const viewer = await story.watching(LAPTOP);
    endFirst();
    await story.clock.advance(999);
    expect(viewer.peer.state).toBe('connected');
    await story.clock.advance(1);
    await viewer.connection.finished;
    expect(viewer.peer.state).toBe('closed');
    expect(story.clock.waiting).toBe(0);
  });
});

describe('bad input of a viewer that is in', () => {
  it.each([
    ['noise on control', () => Uint8Array.of(1, 2, 3, 4, 5), 'message.unexpected'],
    ['a truncated Reconfigure', () => encodeReconfigure({ width: 1, height: 1, refreshHz: 1 }).slice(0, 9), 'frame.truncated'],
    ['a message that is too long', () => new Uint8Array(1025), 'frame.oversized'],
  ] as const)('issue 2: %s ends that one viewer with its code', async (_case, message, code) => {
    const other = await story.watching(TABLET);
    const viewer = await story.watching(LAPTOP);
    viewer.control.send(message());
    expect(await viewer.farewell()).toBe(code);
    expect(story.sessions.list().map((session) => session.device)).toEqual([TABLET]);
    expect(other.peer.state).toBe('connected');
  });

  it.each([
    ['noise on input', 'input', () => new Uint8Array(18), 'message.malformed'],
    ['half an event on input', 'input', () => encodeInput([event(InputKind.KeyDown, 30)]).slice(0, 7), 'frame.truncated'],
    ['a key on pointer', 'pointer', () => encodeInput([event(InputKind.KeyDown, 30)]), 'message.unexpected'],
  ] as const)('issue 2: %s ends that one viewer with its code', async (_case, label, message, code) => {
    const viewer = await story.watching(LAPTOP);
    viewer[label].send(message());
    expect(await viewer.farewell()).toBe(code);
    expect(story.workers.latest.of('input')).toEqual([]);
  });

  it('I2: one that gives more input than a person makes ends, and mere motion is left out', async () => {
    const viewer = await story.watching(LAPTOP);
    const motion = encodeInput(Array.from({ length: 64 }, () => event(InputKind.PointerMoveBy)));
    for (let count = 0; count < 200; count += 1) viewer.pointer.send(motion);
    await settled();
    expect(story.workers.latest.of('input')).toHaveLength(128);
    expect(story.sessions.list()).toHaveLength(1);
    viewer.input.send(encodeInput([event(InputKind.KeyDown, 30)]));
    expect(await viewer.farewell()).toBe('message.unexpected');
  });

  it('issue 2: one that stops reading ends after five seconds as too slow', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.control.host.buffered = 300 * 1024;
    viewer.control.send(encodeClockProbe(1n));
    await story.clock.advance(4_999);
    expect(story.sessions.list()).toHaveLength(1);
    await story.clock.advance(1);
    expect(story.sessions.list()).toEqual([]);
    await viewer.hears(); // the echo
    expect(await viewer.farewell()).toBe('session.viewer-too-slow');
  });

  it('C9: one that is behind gets only the newest cursor, once it has caught up', async () => {
    const viewer = await story.watching(LAPTOP);
    const cursor = (hotX: number) => ({ width: 1, height: 1, hotX, hotY: 0, rgba: new Uint8Array(4) });
    viewer.control.host.buffered = 300 * 1024;
    for (let hotX = 0; hotX < 100; hotX += 1) story.workers.latest.say({ type: 'cursor', cursor: cursor(hotX) });
    await story.clock.advance(2_000);
    viewer.control.host.buffered = 0;
    await story.clock.advance(250);
    expect(decodeCursorShape(await viewer.hears())).toEqual(cursor(99));
    await story.clock.advance(10_000);
    expect(story.sessions.list()).toHaveLength(1);
    expect(viewer.control.received).toHaveLength(2); // Welcome and the cursor
  });

  it('design §4: channels that nobody knows, and second ones of a name, are closed', async () => {
    const viewer = await story.watching(LAPTOP);
    const [stranger, second] = [viewer.peer.open('files'), viewer.peer.open('control')];
    await settled();
    expect([stranger.host.isClosed, second.host.isClosed, viewer.control.host.isClosed]).toEqual([true, true, false]);
  });
});

describe('bad signalling', () => {
  it.each([
    ['noise', 'hello?', 'message.malformed'],
    ['a message that is too long', JSON.stringify({ type: 'x'.repeat(MAX_SIGNAL_MESSAGE) }), 'frame.oversized'],
    ['a candidate before its offer', { type: 'candidate', peer: 'session', candidate: 'x', mid: '0' }, 'message.unexpected'],
    ['an SDP without a fingerprint', { type: 'offer', peer: 'session', sdp: 'v=0\r\n' }, 'message.malformed'],
    [
      'an offer without a codec of ours',
      { type: 'offer', peer: 'session', sdp: fakeOffer(LAPTOP, { video: ['av1'] }) },
      'session.no-codec',
    ],
  ] as const)('issue 2: %s is refused with its code', async (_case, message, code) => {
    const viewer = story.viewer(LAPTOP);
    viewer.socket.say(message);
    await viewer.connection.finished;
    expect(viewer.socket.of('refused')).toMatchObject([{ code }]);
    expect(viewer.socket.isClosed).toBe(true);
    expect(story.clock.waiting).toBe(0);
  });

  it('issue 2: a second session offer is refused', async () => {
    const viewer = await story.watching(LAPTOP);
    viewer.socket.say({ type: 'offer', peer: 'session', sdp: fakeOffer(LAPTOP) });
    expect(await viewer.farewell()).toBe('message.unexpected');
  });

  it('issue 2: candidates without end are refused', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    for (let count = 0; count < 257; count += 1)
      viewer.socket.say({ type: 'candidate', peer: 'session', candidate: `c${count}`, mid: '0' });
    await viewer.connection.finished;
    expect(viewer.socket.of('refused')).toMatchObject([{ code: 'message.unexpected' }]);
  });

  it('design §4: an offer without video is no session', async () => {
    await story.pair(LAPTOP);
    const viewer = story.viewer(LAPTOP);
    await viewer.connect({ offer: fakeOffer(LAPTOP, { video: [] }) });
    viewer.hello();
    expect(await viewer.farewell()).toBe('session.no-codec');
    expect(story.workers.started).toEqual([]);
  });

  it('design §4: a certificate that isn’t the offer’s ends the connection before a word is said', async () => {
    await story.pair(LAPTOP);
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    viewer.peer.connect(TABLET);
    await viewer.connection.finished;
    expect(viewer.socket.of('refused')).toMatchObject([{ code: 'session.transport' }]);
    expect(viewer.peer.state).toBe('closed');
  });

  it.each(['fail', 'leave'] as const)('design §1: a peer that %ss before Hello is the end', async (how) => {
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    viewer.peer[how]();
    await viewer.connection.finished;
    expect(story.clock.waiting).toBe(0);
  });

  it('design §3: a WebSocket that closes before the session is connected is the end', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.offer();
    viewer.socket.leave();
    await viewer.connection.finished;
    expect(viewer.peer.state).toBe('closed');
  });
});

function stopping(): CodedError {
  return new CodedError('session.host-stopping', 'the host is stopping');
}

/** As the operator does in the console. */
function endFirst(): void {
  const [first] = story.sessions.list();
  expect(first !== undefined && story.sessions.end(first.id)).toBe(true);
}
