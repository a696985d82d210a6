import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VideoCodec, type VideoUnit } from '@usher/protocol';
import { removeDirectorySync } from '../../../tests/harness/temporary-directory.ts';

/** Red, green and blue of one pixel. */
export type Colour = readonly [number, number, number];

/** Decodes units that follow each other, from a key frame on, by an independent decoder; the colours of the last picture. */
export function decodeLastPicture(units: readonly VideoUnit[]): { colourAt(x: number, y: number): Colour } {
  const first = units[0];
  if (first === undefined) throw new Error('nothing to decode');
  const directory = mkdtempSync(join(tmpdir(), 'worker-video-'));
  try {
    const [source, target] = [join(directory, 'stream'), join(directory, 'rgb')];
    const h264 = first.codec === VideoCodec.H264;
    writeFileSync(source, h264 ? Buffer.concat(units.map((unit) => unit.data)) : ivf(units));
    const parser = h264 ? ['h264parse', '!', 'openh264dec'] : ['ivfparse', '!', 'vp8dec'];
    const pipeline = ['filesrc', `location=${source}`, '!', ...parser, '!', 'videoconvert', '!', 'video/x-raw,format=RGBx', '!'];
    const { status, stderr } = spawnSync('gst-launch-1.0', ['-q', ...pipeline, 'filesink', `location=${target}`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`decoding needs gstreamer1.0-tools and gstreamer1.0-plugins-bad: ${stderr}`);
    const pictures = readFileSync(target);
    const size = first.width * first.height * 4;
    if (pictures.length !== size * units.length)
      throw new Error(`decoded ${pictures.length / size} pictures of ${units.length}: ${stderr}`);
    const last = pictures.subarray(-size);
    return {
      colourAt: (x, y) => {
        const at = (y * first.width + x) * 4;
        return [last[at] ?? -1, last[at + 1] ?? -1, last[at + 2] ?? -1];
      },
    };
  } finally {
    removeDirectorySync(directory);
  }
}

/** The container that VP8's tools read: a header of 32 bytes, and one of 12 before each picture. */
function ivf(units: readonly VideoUnit[]): Buffer {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0);
  header.writeUInt16LE(32, 6);
  header.write('VP80', 8);
  header.writeUInt16LE(units[0]?.width ?? 0, 12);
  header.writeUInt16LE(units[0]?.height ?? 0, 14);
  header.writeUInt32LE(30, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(units.length, 24);
  return Buffer.concat([
    header,
    ...units.flatMap((unit, index) => {
      const before = Buffer.alloc(12);
      before.writeUInt32LE(unit.data.length, 0);
      before.writeUInt32LE(index, 4);
      return [before, unit.data];
    }),
  ]);
}
