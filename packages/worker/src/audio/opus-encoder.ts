import { CodedError } from '@usher/protocol';
import { loadLibrary, type Pointer } from '../native/library.ts';
import { PACKET_FRAMES, SAMPLE_RATE } from './sound.ts';

const CHANNELS = 2;
/** CELT only: 2.5 ms of look-ahead instead of 6.5 (RFC 6716 §2.1.6, opus_defines.h). */
const RESTRICTED_LOWDELAY = 2051;
const SET_BITRATE = 4002;
const SET_COMPLEXITY = 4010;
/** Transparent for music in stereo at 10 ms; little beside any picture. */
const BITS_PER_SECOND = 128_000;
/** Of 0…10: past this, CELT gains nothing that is heard, for half as much time again. */
const COMPLEXITY = 5;
/** Longest packet that Opus makes (RFC 6716 §3.4, R5). */
const PACKET_MAX = 1276;

interface OpusCalls {
  create(rate: number, channels: number, application: number, error: [number]): Pointer | null;
  control(encoder: Pointer, request: number, type: 'int', value: number): number;
  encode(encoder: Pointer, pcm: Uint8Array, frames: number, packet: Uint8Array, max: number): number;
  destroy(encoder: Pointer): void;
}

/** libopus (which GStreamer's base plugins bring along), called directly: 10 ms of sound in, one packet out. */
export class OpusEncoder {
  readonly #calls: OpusCalls;
  readonly #encoder: Pointer;
  readonly #packet = new Uint8Array(PACKET_MAX);

  constructor() {
    const opus = loadLibrary('libopus.so.0', 'libopus0');
    this.#calls = {
      create: opus.func('void *opus_encoder_create(int32_t rate, int channels, int application, _Out_ int *error)'),
      control: opus.func('int opus_encoder_ctl(void *encoder, int request, ...)'),
      encode: opus.func('int32_t opus_encode(void *encoder, const uint8_t *pcm, int frames, _Out_ uint8_t *packet, int32_t max)'),
      destroy: opus.func('void opus_encoder_destroy(void *encoder)'),
    };
    const encoder = this.#calls.create(SAMPLE_RATE, CHANNELS, RESTRICTED_LOWDELAY, [0]);
    if (encoder === null) throw new CodedError('worker.audio-unavailable', 'the sound encoder could not be made');
    this.#encoder = encoder;
    this.#calls.control(encoder, SET_BITRATE, 'int', BITS_PER_SECOND);
    this.#calls.control(encoder, SET_COMPLEXITY, 'int', COMPLEXITY);
  }

  encode(pcm: Uint8Array): Uint8Array {
    const length = this.#calls.encode(this.#encoder, pcm, PACKET_FRAMES, this.#packet, PACKET_MAX);
    if (length < 0) throw new CodedError('worker.audio-unavailable', `the sound encoder failed with error ${length}`);
    return this.#packet.slice(0, length);
  }

  close(): void {
    this.#calls.destroy(this.#encoder);
  }
}
