import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type DataChannel, PeerConnection } from 'node-datachannel';
import { type Measurable, roundTrips, type Stream, throughput } from '../measurable.ts';
import { serveCommands } from './serve-commands.ts';

// Two processes with one data channel between them and nothing on it of Usher or of USB: the first asks for so many bytes, the second
// gives that many. What this takes, everything over WebRTC takes on this machine.

/** Bytes of a request: as long as a BULK frame of v2, whose last four say how many are wanted. */
const REQUEST_BYTES = 23;
/** One message more than a frame holds would be two. */
const MESSAGE_MAX = 16 * 1024;
const CONTROL_BYTES = 18;

type Word = { readonly sdp: string; readonly type: 'offer' | 'answer' } | { readonly candidate: string; readonly mid: string };

/** Both ends are this program; what they tell each other goes over the IPC channel of parent and child. */
function connection(say: (word: Word) => void, hear: (listener: (word: Word) => void) => void): PeerConnection {
  const peer = new PeerConnection('bare', { iceServers: [] });
  peer.onLocalDescription((sdp, type) => say({ sdp, type: type === 'offer' ? 'offer' : 'answer' }));
  peer.onLocalCandidate((candidate, mid) => say({ candidate, mid }));
  hear((word) => ('sdp' in word ? peer.setRemoteDescription(word.sdp, word.type) : peer.addRemoteCandidate(word.candidate, word.mid)));
  return peer;
}

function give(channel: DataChannel): void {
  const source = Buffer.alloc(MESSAGE_MAX);
  channel.onMessage((message) => {
    if (typeof message === 'string') return;
    for (let left = Buffer.from(new Uint8Array(message)).readUInt32BE(REQUEST_BYTES - 4); left > 0; left -= MESSAGE_MAX) {
      channel.sendMessageBinary(source.subarray(0, Math.min(left, MESSAGE_MAX)));
    }
  });
}

/** Requests are answered in their order. */
class Asker implements Measurable {
  readonly #channel: DataChannel;
  readonly #waiting: { missing: number; readonly parts: Uint8Array[]; readonly resolve: (bytes: Uint8Array) => void }[] = [];

  constructor(channel: DataChannel) {
    this.#channel = channel;
    channel.onMessage((message) => {
      const [first] = this.#waiting;
      if (first === undefined || typeof message === 'string') return;
      const part = new Uint8Array(message);
      first.parts.push(part);
      first.missing -= part.length;
      if (first.missing > 0) return;
      this.#waiting.shift();
      first.resolve(first.parts.length === 1 ? part : Buffer.concat(first.parts));
    });
  }

  control(): Promise<unknown> {
    return this.read(CONTROL_BYTES);
  }

  read(length: number): Promise<Uint8Array> {
    const request = Buffer.alloc(REQUEST_BYTES);
    request.writeUInt32BE(length, REQUEST_BYTES - 4);
    return new Promise((resolve) => {
      this.#waiting.push({ missing: length, parts: [], resolve });
      this.#channel.sendMessageBinary(request);
    });
  }
}

function wordsOf(process: ChildProcess | NodeJS.Process): Parameters<typeof connection> {
  return [(word) => void process.send?.(word), (listener) => void process.on('message', (word) => listener(word as Word))]; // from our own other half
}

async function measure(): Promise<void> {
  const other = fork(new URL(import.meta.url).pathname, ['give'], { execArgv: process.execArgv });
  const peer = connection(...wordsOf(other));
  const channel = peer.createDataChannel('bare');
  await new Promise<void>((resolve) => channel.onOpen(resolve));
  const asker = new Asker(channel);
  await serveCommands(async (command) => {
    if (command['do'] === 'control') return roundTrips(() => asker.control(), { count: Number(command['count']) });
    return throughput(asker, command['stream'] as Stream); // the bench wrote it
  });
  const ended = once(other, 'exit');
  other.kill();
  await ended;
}

if (process.argv[2] === 'give') {
  const kept: DataChannel[] = []; // the library doesn't hold it
  connection(...wordsOf(process)).onDataChannel((channel) => {
    kept.push(channel);
    give(channel);
  });
} else {
  await measure();
  process.exit(0); // libdatachannel's threads keep a process alive
}
