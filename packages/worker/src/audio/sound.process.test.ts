import { spawn } from 'node:child_process';
import type { AudioUnit } from '@usher/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loudness, tone } from '../../testing/tone.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

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

async function hear(packets: number): Promise<readonly AudioUnit[]> {
  const heard: AudioUnit[] = [];
  while (heard.length < packets) heard.push(await worker.next('audio'));
  return heard;
}

describe('the sound of a virtual desktop', () => {
  it('P7.2: what a program plays is heard, in packets of 10 ms that follow each other', async () => {
    const player = play(tone(440, 3));
    const packets = await hear(100);
    player.kill();
    const data = packets.slice(20).map((packet) => packet.data);
    expect(loudness(data, 440)).toBeGreaterThan(0.3);
    expect(loudness(data, 1000)).toBeLessThan(0.05);
    expect(new Set(gaps(packets.slice(20)))).toEqual(new Set([480]));
  });

  it('P7.2: of silence only one packet a second is sent, and time runs on through it', async () => {
    const player = play(tone(440, 1));
    await hear(50);
    player.kill();
    // What was on its way and the tail of the sound come first; the test's own time limit is the bound.
    const packets = [...(await hear(3))];
    while (Math.min(...gaps(packets.slice(-3))) < 0.98 * 48_000) packets.push(...(await hear(1)));
    expect(Math.max(...gaps(packets.slice(-3)))).toBeLessThan(2 * 48_000);
  });
});

/** How many samples lie between the packets. */
function gaps(packets: readonly AudioUnit[]): readonly number[] {
  return packets.slice(1).map(({ timestamp }, index) => (timestamp - (packets[index]?.timestamp ?? 0)) >>> 0);
}
