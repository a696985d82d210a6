/** Where the sound of a session comes from: 48 kHz, two channels, signed 16 bit little-endian, in pieces of any length. */
export interface SoundSource extends AsyncDisposable {
  /** Calls back from now on; nothing comes while nothing plays, if the source can tell. */
  listen(heard: (pcm: Uint8Array) => void): void;
}

export const SAMPLE_RATE = 48_000;
export const BYTES_PER_FRAME = 4;
/** 10 ms: one Opus packet. */
export const PACKET_FRAMES = SAMPLE_RATE / 100;
export const PACKET_BYTES = PACKET_FRAMES * BYTES_PER_FRAME;
