import { VideoCodec, type VideoUnit } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { FakeEncoders } from '../../testing/fake-encoders.ts';
import { VideoLoop } from './video-loop.ts';

const { H264, Vp8 } = VideoCodec;
const FRAME_US = 17_000;
const LONG_US = 60_000_000;

function setUp() {
  const clock = new FakeClock();
  const encoders = new FakeEncoders();
  const units: VideoUnit[] = [];
  const failures: unknown[] = [];
  const screen = { size: { width: 640, height: 480 }, grabs: 0, sends: true, failure: undefined as Error | undefined };
  const source = {
    get size() {
      return screen.size;
    },
    grab: () => {
      screen.grabs += 1;
      return screen.failure === undefined ? Promise.resolve({ ...screen.size, address: 1n }) : Promise.reject(screen.failure);
    },
  };
  const send = (unit: VideoUnit) => {
    if (screen.sends) units.push(unit);
    return screen.sends;
  };
  const loop = new VideoLoop({ source, encoders, fps: 60, clock, send, failed: (error) => failures.push(error) });
  return { clock, encoders, units, failures, screen, loop };
}

describe('the video loop', () => {
  it('P7.1: begins with a key frame although nothing moves', async () => {
    const { loop, clock, units } = setUp();
    loop.start(H264, 2000);
    await clock.pass(0);
    expect(units).toMatchObject([{ codec: H264, key: true, width: 640, height: 480 }]);
  });

  it('P7.1: encodes nothing while nobody watches', async () => {
    const { loop, clock, screen } = setUp();
    loop.changed();
    await clock.pass(LONG_US);
    expect(screen.grabs).toBe(0);
  });

  it('P7.1: comes to rest for good when nothing moves', async () => {
    const { loop, clock, units } = setUp();
    loop.start(H264, 2000);
    await clock.pass(LONG_US);
    const sent = units.length;
    expect(sent).toBeLessThan(10);
    expect(clock.idle).toBe(true);
  });

  it('P7.1: tells when a change was noticed and when it was looked at', async () => {
    const { loop, clock, units } = setUp();
    loop.start(H264, 2000);
    await clock.pass(0);
    loop.changed();
    const noticedUs = clock.nowUs();
    await clock.pass(FRAME_US);
    const unit = units.at(-1);
    expect(unit?.changedUs).toBe(BigInt(noticedUs));
    expect(unit?.capturedUs).toBeGreaterThan(BigInt(noticedUs));
  });

  it('P7.3: makes a key frame of the last picture when one is asked for', async () => {
    const { loop, clock, units, screen } = setUp();
    loop.start(H264, 2000);
    await clock.pass(LONG_US);
    const { grabs } = screen;
    loop.demandKey(H264);
    await clock.pass(0);
    expect(units.at(-1)?.key).toBe(true);
    expect(screen.grabs).toBe(grabs);
  });

  it('P7.1: one look at the screen serves all codecs', async () => {
    const { loop, clock, units, screen } = setUp();
    loop.start(H264, 2000);
    loop.start(Vp8, 1000);
    await clock.pass(0);
    loop.changed();
    await clock.pass(FRAME_US);
    expect(screen.grabs).toBe(2);
    expect(units.filter((unit) => unit.codec === H264 && unit.key)).toHaveLength(1);
    expect(units.filter((unit) => unit.codec === Vp8 && unit.key)).toHaveLength(1);
    expect(units.at(-1)?.key).toBe(false);
  });

  it('P7.1: changes that come while a picture is encoded are seen by the next one', async () => {
    const { loop, clock, encoders, screen } = setUp();
    encoders.holding = true;
    loop.start(H264, 2000);
    await clock.pass(FRAME_US);
    loop.changed();
    await clock.pass(FRAME_US * 10);
    expect(screen.grabs).toBe(1);
    encoders.holding = false;
    encoders.opened[0]?.finish();
    await clock.pass(FRAME_US);
    expect(screen.grabs).toBe(2);
  });

  it('P7.3: a new size gets new encoders and begins with a key frame', async () => {
    const { loop, clock, units, encoders, screen } = setUp();
    loop.start(H264, 2000);
    await clock.pass(0);
    screen.size = { width: 800, height: 600 };
    loop.resized();
    await clock.pass(FRAME_US);
    expect(units.at(-1)).toMatchObject({ key: true, width: 800, height: 600 });
    expect(encoders.opened.map((encoder) => encoder.closed)).toEqual([true, false]);
  });

  it('P7.3: the bitrate reaches a running encoder, a later one, and stays within bounds', async () => {
    const { loop, clock, encoders, screen } = setUp();
    loop.start(H264, 1);
    await clock.pass(0);
    expect(encoders.opened[0]?.kbps).toBe(100);
    loop.setBitrate(H264, 4000);
    expect(encoders.opened[0]?.kbps).toBe(4000);
    screen.size = { width: 320, height: 200 };
    loop.resized();
    await clock.pass(FRAME_US);
    expect(encoders.opened[1]?.kbps).toBe(4000);
  });

  it('P7.1: while the host does not read nothing is encoded; afterwards comes a key frame', async () => {
    const { loop, clock, units, encoders, screen } = setUp();
    loop.start(H264, 2000);
    await clock.pass(0);
    screen.sends = false;
    loop.changed();
    await clock.pass(FRAME_US);
    loop.hold();
    const pictures = encoders.opened[0]?.pictures.length;
    loop.changed();
    await clock.pass(LONG_US);
    expect(encoders.opened[0]?.pictures.length).toBe(pictures);

    screen.sends = true;
    const before = units.length;
    loop.release();
    await clock.pass(FRAME_US);
    expect(units[before]?.key).toBe(true);
  });

  it('P7.1: a picture that could not be sent is followed by a key frame', async () => {
    const { loop, clock, units, screen } = setUp();
    loop.start(H264, 2000);
    await clock.pass(0);
    screen.sends = false;
    loop.changed();
    await clock.pass(FRAME_US);
    screen.sends = true;
    loop.changed();
    await clock.pass(FRAME_US);
    expect(units.map((unit) => unit.key)).toEqual([true, true]);
  });

  it('P7.1: a stream that stops is closed when its last picture is done, and can start anew', async () => {
    const { loop, clock, units, encoders } = setUp();
    encoders.holding = true;
    loop.start(H264, 2000);
    await clock.pass(0);
    loop.stop(H264);
    await settle();
    expect(encoders.opened[0]?.closed).toBe(false);
    encoders.holding = false;
    encoders.opened[0]?.finish();
    await clock.pass(0);
    expect(encoders.opened[0]?.closed).toBe(true);
    expect(units).toHaveLength(0);
    loop.start(H264, 2000);
    await clock.pass(FRAME_US);
    expect(units).toMatchObject([{ key: true }]);
  });

  it('P7.1: a codec that nobody watches is no error', async () => {
    const { loop, clock, failures } = setUp();
    loop.stop(Vp8);
    loop.demandKey(Vp8);
    loop.setBitrate(Vp8, 1000);
    await clock.pass(LONG_US);
    expect(failures).toEqual([]);
  });

  it('P7.1: a screen that gives no picture ends the loop', async () => {
    const { loop, clock, failures, screen } = setUp();
    screen.failure = new Error('gone');
    loop.start(H264, 2000);
    await clock.pass(LONG_US);
    expect(failures).toEqual([screen.failure]);
    expect(screen.grabs).toBe(1);
  });

  it('P7.1: closing waits for the picture under way', async () => {
    const { loop, clock, encoders } = setUp();
    encoders.holding = true;
    loop.start(H264, 2000);
    await clock.pass(0);
    const closed = loop.close();
    await settle();
    expect(encoders.opened[0]?.closed).toBe(false);
    encoders.opened[0]?.finish();
    await closed;
    expect(encoders.opened[0]?.closed).toBe(true);
    expect(clock.idle).toBe(true);
  });
});
