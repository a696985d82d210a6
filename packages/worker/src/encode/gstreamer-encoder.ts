import { CodedError, VideoCodec } from '@usher/protocol';
import type { Pointer } from '../native/library.ts';
import { type GStreamer, isErrorMessage, isKeyUnit, loadGStreamer, setBufferTime } from './gstreamer.ts';
import type { EncodedPicture, Picture, VideoEncoder, VideoEncoders, VideoFormat } from './video-encoder.ts';

const STATE_NULL = 1;
const STATE_PLAYING = 4;
const STATE_CHANGE_FAILURE = 0;
const FLOW_OK = 0;
const MEMORY_FLAG_READONLY = 2;
/** GST_CLOCK_TIME_NONE: the very next picture. */
const NEXT_PICTURE = 0xffff_ffff_ffff_ffffn;
/** Longest time for one picture. A 4K key frame takes under 0.2 s on two slow cores; past this the encoder hangs. */
const PICTURE_TIMEOUT_NS = 5_000_000_000;
/** Pictures between key frames: practically never by itself, only when one is asked for. */
const KEY_DISTANCE = 1_000_000;

/** Debian's GStreamer, called through koffi. Throws `worker.missing-program` when a part of it is not installed. */
export function gstreamerEncoders(): VideoEncoders {
  const gst = loadGStreamer();
  return { open: (format) => new GStreamerEncoder(gst, format) };
}

class GStreamerEncoder implements VideoEncoder {
  readonly #gst: GStreamer;
  readonly #codec: VideoCodec;
  readonly #pipeline: Pointer;
  readonly #source: Pointer;
  readonly #sink: Pointer;
  readonly #encoder: Pointer;
  readonly #encoderPad: Pointer;
  readonly #bus: Pointer;
  #lastUs = 0;

  constructor(gst: GStreamer, format: VideoFormat) {
    this.#gst = gst;
    this.#codec = format.codec;
    const pipeline = gst.parseLaunch(describePipeline(format), [null]);
    if (pipeline === null) throw failed('the pipeline could not be built');
    this.#pipeline = pipeline;
    this.#source = this.#element('source');
    this.#sink = this.#element('sink');
    this.#encoder = this.#element('encoder');
    const pad = gst.staticPad(this.#encoder, 'src');
    if (pad === null) throw failed('the encoder has no output');
    this.#encoderPad = pad;
    this.#bus = gst.elementBus(pipeline);
    if (gst.setState(pipeline, STATE_PLAYING) === STATE_CHANGE_FAILURE) {
      this.close();
      throw failed(`it does not start at ${format.width} × ${format.height}`);
    }
  }

  async encode(picture: Picture, atUs: number, key: boolean): Promise<EncodedPicture> {
    const gst = this.#gst;
    if (key) gst.sendPadEvent(this.#encoderPad, gst.forceKeyUnit(NEXT_PICTURE, true, 0));
    const size = picture.width * picture.height * 4;
    const buffer = gst.wrapMemory(MEMORY_FLAG_READONLY, picture.address, size, 0, size, null, null);
    if (buffer === null) throw failed('no memory for a picture');
    // Rate control divides by the time between two pictures, so it must never be nothing.
    this.#lastUs = Math.max(atUs, this.#lastUs + 1);
    setBufferTime(buffer, BigInt(this.#lastUs) * 1000n);
    if (gst.pushBuffer(this.#source, buffer) !== FLOW_OK) throw failed('it takes no more pictures');

    const sample = await gst.pullSample(this.#sink, PICTURE_TIMEOUT_NS);
    this.#readBus();
    if (sample === null) throw failed('no picture came out in time');
    try {
      return this.#copyOut(sample);
    } finally {
      gst.unrefMini(sample);
    }
  }

  setBitrate(kbps: number): void {
    const [name, value] = this.#codec === VideoCodec.H264 ? ['bitrate', kbps] : ['target-bitrate', kbps * 1000];
    this.#gst.setArgument(this.#encoder, String(name), String(value));
  }

  close(): void {
    const gst = this.#gst;
    gst.setState(this.#pipeline, STATE_NULL);
    for (const object of [this.#encoderPad, this.#source, this.#sink, this.#encoder, this.#bus, this.#pipeline]) gst.unrefObject(object);
  }

  #copyOut(sample: Pointer): EncodedPicture {
    const buffer = this.#gst.sampleBuffer(sample);
    if (buffer === null) throw failed('an empty picture came out');
    const data = new Uint8Array(this.#gst.bufferSize(buffer));
    this.#gst.extract(buffer, 0, data, data.length);
    return { key: isKeyUnit(buffer), data };
  }

  /** Takes everything off the bus: nobody else does, and it grows without bound. */
  #readBus(): void {
    let broken = false;
    for (let message = this.#gst.popMessage(this.#bus); message !== null; message = this.#gst.popMessage(this.#bus)) {
      broken ||= isErrorMessage(message);
      this.#gst.unrefMini(message);
    }
    if (broken) throw failed('GStreamer reported an error');
  }

  #element(name: string): Pointer {
    const element = this.#gst.elementByName(this.#pipeline, name);
    if (element === null) throw failed(`the pipeline has no ${name}`);
    return element;
  }
}

function failed(what: string): CodedError {
  return new CodedError('worker.encoder-failed', `the video encoder failed: ${what}`);
}

/** BGRx in, I420 with BT.601's limited range between (facts media §2.5), one access unit out for each picture in. */
function describePipeline(format: VideoFormat): string {
  const size = `width=${format.width},height=${format.height}`;
  return [
    `appsrc name=source is-live=true format=time max-buffers=2 caps=video/x-raw,format=BGRx,${size},framerate=0/1,max-framerate=${format.fps}/1`,
    'videoconvert dither=none',
    'video/x-raw,format=I420,colorimetry=bt601',
    ...(format.codec === VideoCodec.H264 ? describeH264(format) : describeVp8(format)),
    'appsink name=sink sync=false max-buffers=2',
  ].join(' ! ');
}

/** The buffer of the rate control is 100 ms: a key frame on a slow line may not delay what follows by more. */
function describeH264(format: VideoFormat): string[] {
  return [
    `x264enc name=encoder tune=zerolatency speed-preset=ultrafast bitrate=${format.kbps} vbv-buf-capacity=100 key-int-max=${KEY_DISTANCE}`,
    'video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au',
  ];
}

/** One thread: libvpx's threads wait for each other by spinning, which on two busy cores costs twice the time and stalls for 100 ms. */
function describeVp8(format: VideoFormat): string[] {
  return [
    `vp8enc name=encoder deadline=1 cpu-used=16 threads=1 lag-in-frames=0 end-usage=cbr target-bitrate=${format.kbps * 1000} ` +
      `buffer-size=200 buffer-initial-size=100 buffer-optimal-size=150 static-threshold=100 keyframe-max-dist=${KEY_DISTANCE}`,
  ];
}
