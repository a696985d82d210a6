import type { AudioUnit } from '@usher/protocol';
import { systemClock } from '../clock.ts';
import type { OpusEncoder } from './opus-encoder.ts';
import { PacketCutter } from './packet-cutter.ts';
import type { SoundSource } from './sound.ts';

/** Encodes what a session plays and sends it; a packet that can't be sent is simply lost, as sound is no use later. */
export function startAudio(source: SoundSource, encoder: Pick<OpusEncoder, 'encode'>, send: (unit: AudioUnit) => void): void {
  const cutter = new PacketCutter(({ pcm, timestamp }) => send({ type: 'audio', timestamp, data: encoder.encode(pcm) }), systemClock);
  source.listen((pcm) => cutter.push(pcm));
}
