import { decodeFrame, decodeProtocolError, encodeFrame, FLAG_EOF, Op } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { settled } from '../../testing/fake-clock.ts';
import type { FakePeer, FakeViewerChannel } from '../../testing/fake-peer.ts';
import { fakeOffer } from '../../testing/fake-peer.ts';
import { device, Story, type StoryViewer } from '../../testing/story.ts';

const LAPTOP = device(1);
const TABLET = device(2);
const LIST = encodeFrame({ op: Op.List, flags: 0, claim: 0, payload: new Uint8Array() });

const bulkOffer = (who = LAPTOP) => fakeOffer(who, { video: [], audio: false });

async function offerBulk(story: Story, viewer: StoryViewer, sdp = bulkOffer()): Promise<FakePeer> {
  viewer.socket.say({ type: 'offer', peer: 'bulk', sdp });
  await settled();
  return story.peers.latest;
}

async function lending(story: Story): Promise<{ viewer: StoryViewer; bulk: FakePeer; usb: FakeViewerChannel }> {
  const viewer = await story.watching(LAPTOP);
  const bulk = await offerBulk(story, viewer);
  bulk.connect(LAPTOP);
  await settled();
  const usb = bulk.open('usb');
  await settled();
  return { viewer, bulk, usb };
}

async function errorOf(usb: FakeViewerChannel): Promise<string> {
  const frame = decodeFrame((await usb.next()) ?? new Uint8Array());
  expect({ op: frame.op, claim: frame.claim }).toEqual({ op: Op.Error, claim: 0 });
  return decodeProtocolError(frame.payload);
}

describe('the bulk connection', () => {
  it('design §4: is taken once the session runs, and carries frames to the agent and back', async () => {
    const story = new Story({ usb: true });
    const { usb } = await lending(story);
    usb.send(LIST);
    await settled();
    const agent = story.agents.latest;
    expect(agent.heardAsAgent()).toEqual([
      { type: 'attach', link: 1, device: LAPTOP, profile: 'operator', viewerName: 'Laptop' },
      { type: 'frame', link: 1, frame: LIST },
    ]);
    const reply = encodeFrame({ op: Op.List, flags: FLAG_EOF, claim: 0, payload: Uint8Array.of(1) });
    agent.sayAsAgent({ type: 'frame', link: 1, frame: reply });
    expect(await usb.next()).toEqual(reply);
  });

  it('U3.6: is answered with a typed refusal while the flag is off, and the agent isn’t even started', async () => {
    const story = new Story();
    const { usb } = await lending(story);
    usb.send(LIST);
    expect(await errorOf(usb)).toBe('usb passthrough disabled');
    expect(story.agents.started).toEqual([]);
  });

  it('design §4: is refused before the session runs, and the handshake goes on', async () => {
    const story = new Story();
    await story.pair(LAPTOP);
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    await offerBulk(story, viewer);
    expect(viewer.socket.of('refused')).toMatchObject([{ peer: 'bulk', code: 'message.unexpected' }]);
    expect((await viewer.enter()).resolvedProfile).toBe('operator');
  });

  it('design §4: is refused with another device’s certificate in the offer', async () => {
    const story = new Story();
    const viewer = await story.watching(LAPTOP);
    await offerBulk(story, viewer, bulkOffer(TABLET));
    expect(viewer.socket.of('refused')).toMatchObject([{ peer: 'bulk', code: 'device.not-paired' }]);
    expect(story.sessions.list()).toHaveLength(1);
  });

  it('design §4: is closed with another device’s certificate in DTLS', async () => {
    const story = new Story();
    const viewer = await story.watching(LAPTOP);
    const bulk = await offerBulk(story, viewer);
    bulk.connect(TABLET);
    await settled();
    expect(bulk.state).toBe('closed');
    expect(viewer.socket.of('refused')).toMatchObject([{ peer: 'bulk', code: 'device.not-paired' }]);
  });

  it('design §4: a second one is refused and the first goes on', async () => {
    const story = new Story();
    const { viewer, bulk, usb } = await lending(story);
    await offerBulk(story, viewer);
    expect(viewer.socket.of('refused')).toMatchObject([{ peer: 'bulk', code: 'message.unexpected' }]);
    expect(bulk.state).toBe('connected');
    usb.send(LIST);
    expect(await errorOf(usb)).toBe('usb passthrough disabled');
  });

  it('design §4: may be made again after it was lost', async () => {
    const story = new Story();
    const { viewer, bulk } = await lending(story);
    bulk.fail();
    await settled();
    expect(viewer.socket.of('refused')).toMatchObject([{ peer: 'bulk', code: 'session.transport' }]);
    const again = await offerBulk(story, viewer);
    expect(again).not.toBe(bulk);
    expect(viewer.socket.of('answer').map((answer) => answer.peer)).toEqual(['session', 'bulk', 'bulk']);
  });

  it('P5.3: has ten seconds to open its channel', async () => {
    const story = new Story();
    const viewer = await story.watching(LAPTOP);
    const bulk = await offerBulk(story, viewer);
    await story.clock.advance(10_000);
    expect(bulk.state).toBe('closed');
    expect(viewer.socket.of('refused')).toMatchObject([{ peer: 'bulk', code: 'session.handshake-timeout' }]);
  });

  it('design §4: ends with its session, and its link with it', async () => {
    const story = new Story({ usb: true });
    const { viewer, bulk, usb } = await lending(story);
    usb.send(LIST);
    await settled();
    viewer.peer.leave();
    await viewer.connection.finished;
    await settled();
    expect(bulk.state).toBe('closed');
    expect(story.agents.latest.heardAsAgent().at(-1)).toEqual({ type: 'detach', link: 1 });
  });

  it('issue 2: a killed agent is told on the channel, the session goes on, and lending works again', async () => {
    const story = new Story({ usb: true });
    const { usb } = await lending(story);
    usb.send(LIST);
    await settled();
    story.agents.latest.end();
    expect(await errorOf(usb)).toMatch(/^usb backend unavailable/);
    await story.clock.advance(1);
    usb.send(LIST);
    await settled();
    expect(story.sessions.list()).toHaveLength(1);
    expect(story.agents.started).toHaveLength(2);
    expect(story.agents.latest.heardAsAgent()[0]).toMatchObject({ type: 'attach', link: 2 });
  });

  it('design §4: channels that nobody knows are closed', async () => {
    const story = new Story();
    const { bulk, usb } = await lending(story);
    const [files, second] = [bulk.open('files'), bulk.open('usb')];
    await settled();
    expect([files.host.isClosed, second.host.isClosed, usb.host.isClosed]).toEqual([true, true, false]);
  });
});
