import { type HostMessage, VideoCodec } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakeMediaSender } from '../../testing/fake-peer.ts';
import { picture } from '../../testing/fake-worker.ts';
import { KEYFRAME_SPACING_MS, VideoStream } from './stream.ts';

const codec = VideoCodec.H264;

let clock: FakeClock;
let sent: HostMessage[];
let stream: VideoStream;

beforeEach(() => {
  clock = new FakeClock();
  sent = [];
  stream = new VideoStream(codec, clock, (message) => sent.push(message));
});

function viewer(kbps: number, wishKbps = 0) {
  const media = new FakeMediaSender(codec);
  media.start();
  media.estimate(kbps);
  return { media, wishKbps };
}

describe('a stream', () => {
  it('P7.1: starts with its first viewer and stops with its last', () => {
    const [one, other] = [viewer(3000), viewer(3000)];
    stream.join(one);
    stream.join(other);
    stream.leave(one);
    stream.leave(one);
    expect(stream.isEmpty).toBe(false);
    stream.leave(other);
    expect(sent.filter((message) => message.type !== 'keyframe')).toEqual([
      { type: 'start-stream', codec, kbps: 3000 },
      { type: 'stop-stream', codec },
    ]);
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['what its only viewer’s network takes', [viewer(3000)], 3000],
    ['what the slowest takes', [viewer(3000), viewer(900), viewer(5000)], 900],
    ['what a viewer wants at most', [viewer(3000, 1000)], 1000],
    ['no less than a desktop needs', [viewer(50)], 200],
    ['no more than anyone gains from', [viewer(90_000, 80_000)], 20_000],
  ] as const)('P7.3: runs at %s', (_case, viewers, kbps) => {
    for (const one of viewers) stream.join(one);
    expect(stream.kbps).toBe(kbps);
  });

  it('P7.3: follows the network, and speeds up when the slowest leaves', () => {
    const [fast, slow] = [viewer(5000), viewer(900)];
    stream.join(fast);
    stream.join(slow);
    slow.media.estimate(1200);
    stream.adjust();
    stream.adjust();
    stream.leave(slow);
    expect(sent.filter((message) => message.type === 'bitrate').map((message) => message.kbps)).toEqual([900, 1200, 5000]);
  });

  it('P7.3: a newcomer gets a key frame of its own', () => {
    stream.join(viewer(3000));
    stream.show(picture());
    const newcomer = viewer(3000);
    stream.join(newcomer);
    stream.show(picture({ key: false }));
    expect(newcomer.media.video).toEqual([]);
    stream.show(picture());
    expect(newcomer.media.video).toHaveLength(1);
  });

  it('P7.3: asks for one key frame, however many ask meanwhile, until it has come', async () => {
    stream.join(viewer(3000)); // begins with a key frame
    for (let count = 0; count < 10; count += 1) stream.requestKeyframe();
    await clock.advance(KEYFRAME_SPACING_MS);
    expect(sent.filter((message) => message.type === 'keyframe')).toHaveLength(0);

    stream.show(picture());
    for (let count = 0; count < 10; count += 1) stream.requestKeyframe();
    expect(sent.filter((message) => message.type === 'keyframe')).toHaveLength(1);
  });

  it('P7.3: asks for five key frames a second at most', async () => {
    stream.join(viewer(3000));
    for (let tick = 0; tick < 100; tick += 1) {
      stream.show(picture());
      stream.requestKeyframe();
      await clock.advance(10);
    }
    expect(sent.filter((message) => message.type === 'keyframe').length).toBeLessThanOrEqual(5);
  });

  it('P7.3: asks again when a key frame that was asked for doesn’t come', async () => {
    stream.join(viewer(3000));
    await clock.advance(1000);
    stream.requestKeyframe();
    expect(sent.at(-1)).toEqual({ type: 'keyframe', codec });
  });
});
