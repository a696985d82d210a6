import { spawn } from 'node:child_process';
import type { AudioUnit } from '@usher/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loudness, tone } from '../../testing/tone.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

const RATE = 48_000;
/** Samples of 10 ms. */
const PACKET = 480;

let worker: WorkerProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  worker = new WorkerProcess();
  worker.start({}, true);
  const ready = await worker.next('ready');
  expect(ready.audioProblem).toBeUndefined();
  expect(ready.audio).toBe(true);
  environment = worker.sessionEnvironment(ready.display);
});

afterAll(() => worker[Symbol.asyncDispose]());

beforeEach(() => worker.forget());

/** Plays it as a program of the session would, without naming an output. */
function play(pcm: Uint8Array) {
  const player = spawn('pacat', ['--playback', '--format=s16le', '--rate=48000', '--channels=2', '--latency-msec=20'], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  player.stdin.on('error', () => undefined); // ended by the test before all was played
  player.stdin.end(pcm);
  return player;
}

/** Far longer than what is listened to; a player that isn't needed any more is ended. */
const TONE_SECONDS = 60;
/** Packets that are listened to for what must come: half a minute of sound, where a machine that stands still for 0.1 s makes a gap in it. */
const PACKETS_MAX = 3000;

/** Listens until the last `count` packets have such gaps between them, in samples. */
async function hear(count: number, isGap: (samples: number) => boolean): Promise<readonly AudioUnit[]> {
  let heard: readonly AudioUnit[] = [];
  for (let packets = 0; packets < PACKETS_MAX; packets += 1) {
    const packet = await worker.next('audio');
    const last = heard.at(-1);
    const gap = last === undefined ? PACKET : (packet.timestamp - last.timestamp) >>> 0;
    expect(gap).toBeGreaterThanOrEqual(PACKET); // never back, and never one in the other
    heard = [...(isGap(gap) ? heard : []), packet];
    if (heard.length === count) return heard;
  }
  throw new Error(`no ${count} packets in a row`);
}

describe('the sound of a virtual desktop', () => {
  it('P7.2: what a program plays is heard, in packets of 10 ms that follow each other', async () => {
    const player = play(tone(440, TONE_SECONDS));
    const packets = await hear(100, (gap) => gap === PACKET);
    player.kill();
    const data = packets.slice(20).map((packet) => packet.data);
    expect(loudness(data, 440)).toBeGreaterThan(0.3);
    expect(loudness(data, 1000)).toBeLessThan(0.05);
  });

  it('P7.2: of silence only one packet a second is sent, and time runs on through it', async () => {
    const player = play(tone(440, TONE_SECONDS));
    await hear(50, (gap) => gap === PACKET);
    player.kill();
    // What was on its way and the tail of the sound come first.
    await hear(3, (gap) => gap > 0.98 * RATE && gap < 2 * RATE);
  });
});
