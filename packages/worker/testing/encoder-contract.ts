import { VideoCodec } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import type { Picture, VideoEncoders } from '../src/encode/video-encoder.ts';

const FRAME_US = 16_667;

/** What every family of encoders does, the fake and the real ones. */
export function encoderContract(name: string, make: () => VideoEncoders, picture: Picture): void {
  describe.each([
    ['H.264', VideoCodec.H264],
    ['VP8', VideoCodec.Vp8],
  ])(`${name}: %s`, (_codec, codec) => {
    const encoders = make();
    const open = () => encoders.open({ codec, width: picture.width, height: picture.height, kbps: 1000, fps: 60 });

    it('P7.3: the first picture is a key frame, later ones are when it is asked for', async () => {
      const encoder = open();
      const keys: boolean[] = [];
      for (let at = 1; at <= 6; at += 1) keys.push((await encoder.encode(picture, at * FRAME_US, at === 4)).key);
      encoder.close();
      expect(keys).toEqual([true, false, false, true, false, false]);
    });

    it('P7.1: each picture in is one out, with bytes of its own', async () => {
      const encoder = open();
      const first = await encoder.encode(picture, FRAME_US, false);
      const copy = first.data.slice();
      const second = await encoder.encode(picture, 2 * FRAME_US, true);
      encoder.close();
      expect(first.data).toEqual(copy);
      expect(second.data.length).toBeGreaterThan(0);
    });

    it('P7.1: a clock that stands still is no error', async () => {
      const encoder = open();
      for (let round = 0; round < 3; round += 1) expect((await encoder.encode(picture, FRAME_US, false)).data.length).toBeGreaterThan(0);
      encoder.close();
    });

    it('P7.3: the bitrate can be set at any time', async () => {
      const encoder = open();
      encoder.setBitrate(100);
      await encoder.encode(picture, FRAME_US, false);
      encoder.setBitrate(20_000);
      await encoder.encode(picture, 2 * FRAME_US, false);
      encoder.close();
    });

    it('P7.1: one that never encoded anything can be closed', () => {
      open().close();
    });
  });
}
