import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AudioUnit } from '@usher/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { descendants } from '../../testing/processes.ts';
import { loudness, tone } from '../../testing/tone.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

const RATE = 48_000;
const MODE = { width: 640, height: 480, refreshHz: 60 } as const;
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

function soundServer(): number {
  return descendants(worker.pid).find(({ name }) => name === 'pulseaudio')?.pid ?? 0;
}

/** Far longer than what is listened to; a player that isn't needed any more is ended. */
const TONE_SECONDS = 60;
/** Packets that are listened to for what must come: half a minute of sound, where a machine that stands still for 0.1 s makes a gap in it. */
const PACKETS_MAX = 3000;

/** Listens until the last `count` packets have such gaps between them, in samples. */
async function hear(count: number, isGap: (samples: number) => boolean, listener = worker): Promise<readonly AudioUnit[]> {
  let heard: readonly AudioUnit[] = [];
  for (let packets = 0; packets < PACKETS_MAX; packets += 1) {
    const packet = await listener.next('audio');
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

  it('P7.2: a sound server that is killed is started again, and what is played then is heard', async () => {
    const first = soundServer();
    process.kill(first, 'SIGKILL');
    await worker.logs('there is sound again');
    expect(soundServer()).not.toBe(first);
    const player = play(tone(440, TONE_SECONDS));
    const packets = await hear(100, (gap) => gap === PACKET);
    player.kill();
    const data = packets.slice(20).map((packet) => packet.data);
    expect(loudness(data, 440)).toBeGreaterThan(0.3);
  });

  it('P7.2: no program shares memory with the sound server: one that is killed meanwhile would take it along', async () => {
    const player = play(tone(440, TONE_SECONDS));
    await hear(10, (gap) => gap === PACKET);
    expect(readFileSync(`/proc/${soundServer()}/maps`, 'utf8').match(/^.* rw-s .*$/gm)).toBeNull();
    player.kill();
  });
});

describe('the sound of a desktop that exists', () => {
  it('P7.1: what it plays is heard, and is heard again when its sound server has been started anew', async () => {
    await using listener = new WorkerProcess(environment);
    listener.send({ type: 'start', mode: MODE, display: { kind: 'existing', name: environment['DISPLAY'] ?? '' }, audio: true });
    expect(await listener.next('ready')).toMatchObject({ audio: true });
    const hears = async () => {
      const player = play(tone(440, TONE_SECONDS));
      const packets = await hear(100, (gap) => gap === PACKET, listener);
      player.kill();
      const data = packets.slice(20).map((packet) => packet.data);
      expect(loudness(data, 440)).toBeGreaterThan(0.3);
    };
    await hears();
    process.kill(soundServer(), 'SIGKILL');
    await listener.logs('there is sound again');
    listener.forget();
    await hears();
  });

  it('P7.2: one whose sound server doesn’t answer is a session without sound, and says why', async () => {
    await using listener = new WorkerProcess({ ...environment, PULSE_SERVER: `unix:${worker.runtimeDir}/nothing` });
    listener.send({ type: 'start', mode: MODE, display: { kind: 'existing', name: environment['DISPLAY'] ?? '' }, audio: true });
    const ready = await listener.next('ready');
    expect(ready.audio).toBe(false);
    expect(ready.audioProblem).toContain('Connection refused');
  });
});
