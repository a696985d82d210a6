import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AudioUnit, VideoCodec, type VideoUnit } from '@usher/protocol';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';

export interface EncodedVideo {
  readonly codec: VideoCodec;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly frames: number;
  readonly kbps: number;
  /** Frames between key frames. */
  readonly keyEvery: number;
  /** A pattern of GStreamer's videotestsrc: `snow` changes every pixel, `ball` hardly any. */
  readonly pattern: string;
}

/** Encodes a test picture with GStreamer, as a worker would. Frame times start at 0; {@link at} moves them. */
export async function encodeUnits(video: EncodedVideo): Promise<readonly VideoUnit[]> {
  const frames = await encode(videoPipeline(video));
  return frames.map((data, index) => ({
    type: 'video',
    codec: video.codec,
    key: index % video.keyEvery === 0,
    width: video.width,
    height: video.height,
    ...times(index / video.framesPerSecond),
    data,
  }));
}

/** A tone in Opus packets of 10 ms, stereo. */
export async function encodeSound(packets: number): Promise<readonly AudioUnit[]> {
  const frames = await encode([
    `audiotestsrc num-buffers=${packets} samplesperbuffer=480`,
    'audio/x-raw,rate=48000,channels=2',
    'opusenc frame-size=10 bitrate=96000',
  ]);
  return frames.map((data, index) => ({ type: 'audio', timestamp: index * 480, data }));
}

/** The unit as if it had been captured now. */
export function at(unit: VideoUnit, nowUs: number): VideoUnit {
  return { ...unit, ...times(nowUs / 1e6) };
}

function times(seconds: number): Pick<VideoUnit, 'changedUs' | 'capturedUs'> {
  const us = BigInt(Math.round(seconds * 1e6));
  return { changedUs: us, capturedUs: us };
}

function videoPipeline(video: EncodedVideo): readonly string[] {
  const source = `videotestsrc num-buffers=${video.frames} pattern=${video.pattern}`;
  const raw = `video/x-raw,format=I420,width=${video.width},height=${video.height},framerate=${video.framesPerSecond}/1`;
  if (video.codec === VideoCodec.Vp8) {
    return [
      source,
      raw,
      `vp8enc deadline=1 cpu-used=12 end-usage=cbr keyframe-max-dist=${video.keyEvery} target-bitrate=${video.kbps * 1000}`,
    ];
  }
  const rate = `bitrate=${video.kbps} vbv-buf-capacity=100 key-int-max=${video.keyEvery} option-string=scenecut=0`;
  return [
    source,
    raw,
    `x264enc tune=zerolatency speed-preset=ultrafast ${rate}`,
    'video/x-h264,profile=constrained-baseline',
    'h264parse config-interval=-1',
    'video/x-h264,stream-format=byte-stream,alignment=au',
  ];
}

/** Runs a GStreamer pipeline and answers what comes out of its end, buffer by buffer. */
async function encode(elements: readonly string[]): Promise<readonly Buffer[]> {
  const directory = await mkdtemp(join(tmpdir(), 'usher-units-'));
  try {
    const pipeline = [...elements, `multifilesink location=${join(directory, '%05d')}`].join(' ! ');
    await promisify(execFile)('gst-launch-1.0', ['-q', ...pipeline.split(' ')], { timeout: 60_000 });
    const names = (await readdir(directory)).sort();
    return await Promise.all(names.map((name) => readFile(join(directory, name))));
  } finally {
    await removeDirectory(directory);
  }
}
