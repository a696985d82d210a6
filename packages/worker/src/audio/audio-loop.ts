import type { AudioUnit } from '@usher/protocol';
import { systemClock } from '../clock.ts';
import type { OpusEncoder } from './opus-encoder.ts';
import { PacketCutter, SILENT_EVERY_US } from './packet-cutter.ts';
import type { SoundSource } from './sound.ts';

/** Encodes what a session plays and sends it, until the function returned is called. A packet that can't be sent is lost: sound is no use later. */
export function startAudio(source: SoundSource, encoder: Pick<OpusEncoder, 'encode'>, send: (unit: AudioUnit) => void): () => void {
  const cutter = new PacketCutter(({ pcm, timestamp }) => send({ type: 'audio', timestamp, data: encoder.encode(pcm) }), systemClock);
  source.listen((pcm) => cutter.push(pcm));
  const silence = setInterval(() => cutter.idle(), SILENT_EVERY_US / 1000);
  return () => clearInterval(silence);
}
