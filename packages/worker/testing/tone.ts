import { loadLibrary, type Pointer } from '../src/native/library.ts';

const RATE = 48_000;
const PACKET_FRAMES = 480;

/** A sine of `hertz` as 16-bit stereo. */
export function tone(hertz: number, seconds: number): Buffer {
  const pcm = Buffer.alloc(RATE * seconds * 4);
  for (let frame = 0; frame < RATE * seconds; frame += 1) {
    const sample = Math.round(Math.sin((2 * Math.PI * hertz * frame) / RATE) * 16_000);
    pcm.writeInt16LE(sample, frame * 4);
    pcm.writeInt16LE(sample, frame * 4 + 2);
  }
  return pcm;
}

/** Packets whose loudness is measured together: long enough to tell tones apart, short enough to survive a hiccup of a busy machine. */
const WINDOW_PACKETS = 5;

/** Decodes Opus packets and tells how loud the tone of `hertz` is in most of them, as a share of full scale. */
export function loudness(packets: readonly Uint8Array[], hertz: number): number {
  const samples = packets.flatMap(decoder());
  const windows: number[] = [];
  for (let at = 0; at < samples.length; at += WINDOW_PACKETS * PACKET_FRAMES) {
    windows.push(goertzel(samples.slice(at, at + WINDOW_PACKETS * PACKET_FRAMES), hertz));
  }
  return windows.sort((one, other) => one - other)[windows.length >> 1] ?? 0;
}

/** The amplitude of one frequency (Goertzel's algorithm). */
function goertzel(samples: readonly number[], hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [before, last] = [0, 0];
  for (const sample of samples) [before, last] = [last, sample / 32_768 + turn * last - before];
  return (Math.sqrt(last * last + before * before - turn * last * before) * 2) / samples.length;
}

/** A decoder that gives the left channel of each packet. */
function decoder(): (packet: Uint8Array) => readonly number[] {
  const opus = loadLibrary('libopus.so.0', 'libopus0');
  const create: (rate: number, channels: number, error: [number]) => Pointer = opus.func(
    'void *opus_decoder_create(int32_t rate, int channels, _Out_ int *error)',
  );
  const decode: (decoder: Pointer, data: Uint8Array, length: number, pcm: Int16Array, frames: number, fec: number) => number = opus.func(
    'int opus_decode(void *decoder, const uint8_t *data, int32_t length, _Out_ int16_t *pcm, int frames, int fec)',
  );
  const state = create(RATE, 2, [0]);
  return (packet) => {
    const pcm = new Int16Array(PACKET_FRAMES * 2);
    const frames = decode(state, packet, packet.length, pcm, PACKET_FRAMES, 0);
    if (frames !== PACKET_FRAMES) throw new Error(`an Opus packet of ${frames} frames`);
    return [...pcm].filter((_, index) => index % 2 === 0);
  };
}
