import { writeSync } from 'node:fs';
import {
  decodeHostMessage,
  EnvelopeDecoder,
  encodeWorkerMessage,
  envelope,
  type HostMessage,
  InputKind,
  MAX_RELAY_MESSAGE,
  type Mode,
  VideoCodec,
  type WorkerMessage,
} from '@usher/protocol';

/**
 * A worker for tests that needs no display: it speaks the relay, sends a picture every 20 ms while somebody looks, and answers a key by
 * a cursor whose hot spot is the key's code. The key {@link KILLS} has it kill itself; what it hears is on stderr.
 */
const KILLS = 0x99;
const PICTURE_EVERY_MS = 20;

const streams = new Set<VideoCodec>();
const wantsKey = new Set<VideoCodec>();
let mode: Mode = { width: 1280, height: 720, refreshHz: 60 };

const decoder = new EnvelopeDecoder(MAX_RELAY_MESSAGE);
process.stdin.on('data', (chunk: Buffer) => {
  for (const message of decoder.push(chunk)) take(decodeHostMessage(message));
});
process.stdin.once('end', () => process.exit(0));
say({ type: 'hello', account: process.env['USER'] ?? 'nobody', lacks: [] });
setInterval(() => {
  for (const codec of streams) picture(codec);
}, PICTURE_EVERY_MS);

function take(message: HostMessage): void {
  switch (message.type) {
    case 'start':
      mode = message.mode;
      say({ type: 'ready', mode, display: ':fake', audio: true });
      break;
    case 'start-stream':
      streams.add(message.codec);
      wantsKey.add(message.codec);
      break;
    case 'stop-stream':
      streams.delete(message.codec);
      break;
    case 'keyframe':
      wantsKey.add(message.codec);
      break;
    case 'resize':
      mode = message.mode;
      say({ type: 'resized', accepted: true, mode });
      break;
    case 'input':
      for (const event of message.events) if (event.kind === InputKind.KeyDown) press(event.code);
      break;
    case 'launch':
      say({ type: 'launched', title: message.title });
      break;
    case 'bitrate':
    case 'viewer-gone':
      break;
    default:
      message satisfies never;
  }
}

function press(code: number): void {
  if (code === KILLS) process.kill(process.pid, 'SIGKILL');
  say({ type: 'cursor', cursor: { width: 1, height: 1, hotX: code, hotY: 0, rgba: new Uint8Array(4) } });
}

/** Bytes that look like an access unit (Annex B) or a VP8 frame, as far as a packetizer looks. */
function picture(codec: VideoCodec): void {
  const key = wantsKey.delete(codec);
  const now = process.hrtime.bigint() / 1000n;
  const h264 = Uint8Array.of(0, 0, 0, 1, key ? 0x65 : 0x41, ...new Uint8Array(200).fill(0xaa));
  const vp8 = Uint8Array.of(key ? 0x10 : 0x11, ...new Uint8Array(200).fill(0xaa));
  const { width, height } = mode;
  const data = codec === VideoCodec.H264 ? h264 : vp8;
  say({ type: 'video', codec, key, width, height, changedUs: now, capturedUs: now, data });
}

function say(message: WorkerMessage): void {
  writeSync(1, envelope(encodeWorkerMessage(message)));
}
