import { VideoCodec } from '@usher/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { encoderContract } from '../../testing/encoder-contract.ts';
import { shareMemory } from '../native/shared-memory.ts';
import { gstreamerEncoders } from './gstreamer-encoder.ts';

const [WIDTH, HEIGHT] = [640, 480];
const memory = shareMemory('usher-test', WIDTH * HEIGHT * 4);
const picture = { address: memory.address, width: WIDTH, height: HEIGHT };
afterAll(() => {
  memory.closeDescriptor();
  memory.free();
});

encoderContract("Debian's GStreamer", gstreamerEncoders, picture);

/** The types of the NAL units in an Annex B stream (H.264 §7.4.1), and the bytes after a sequence parameter set's type. */
function nalUnits(data: Uint8Array): { readonly types: readonly number[]; readonly profile: readonly number[] } {
  const types: number[] = [];
  let profile: readonly number[] = [];
  for (let at = 0; at + 3 < data.length; at += 1) {
    if (data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 1) continue;
    const type = (data[at + 3] ?? 0) & 0x1f;
    types.push(type);
    if (type === 7) profile = [...data.subarray(at + 4, at + 6)];
  }
  return { types, profile };
}

describe('what browsers expect of H.264', () => {
  it('P7.1: constrained baseline, with its parameter sets in front of every key frame', async () => {
    const encoder = gstreamerEncoders().open({ codec: VideoCodec.H264, width: WIDTH, height: HEIGHT, kbps: 2000, fps: 60 });
    for (const [index, key] of [true, false, true].entries()) {
      const { types, profile } = nalUnits((await encoder.encode(picture, (index + 1) * 16_667, key)).data);
      expect(types.includes(5)).toBe(key);
      expect(types.includes(7) && types.includes(8)).toBe(key);
      // profile_idc 66 with constraint_set1_flag (H.264 §A.2.1.1).
      if (key) expect([profile[0], (profile[1] ?? 0) & 0x40]).toEqual([66, 0x40]);
    }
    encoder.close();
  });
});
