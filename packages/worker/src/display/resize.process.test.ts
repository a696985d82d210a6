import { VideoCodec } from '@usher/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestWindow } from '../../testing/test-window.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';
import { setScreenMode } from './randr.ts';

let worker: WorkerProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  worker = new WorkerProcess();
  worker.start({ width: 641, height: 481, refreshHz: 144 });
  const ready = await worker.next('ready');
  expect(ready.mode).toEqual({ width: 640, height: 480, refreshHz: 60 });
  environment = worker.sessionEnvironment(ready.display);
  worker.send({ type: 'start-stream', codec: VideoCodec.H264, kbps: 3000 });
  await worker.next('video');
});

afterAll(() => worker[Symbol.asyncDispose]());

beforeEach(() => worker.forget());

const mode = (width: number, height: number, refreshHz = 60) => ({ width, height, refreshHz });

describe('the size of a virtual desktop', () => {
  it.each([
    ['larger', mode(1280, 720), mode(1280, 720)],
    ['smaller', mode(800, 600), mode(800, 600)],
    ['odd', mode(1001, 701), mode(1000, 700)],
    ['narrower and higher', mode(400, 900), mode(400, 900)],
    ['slower', mode(400, 900, 24), mode(400, 900, 24)],
    ['the same', mode(400, 900, 24), mode(400, 900, 24)],
    ['too small', mode(10, 10), mode(320, 200)],
    ['too large', mode(9000, 9000), mode(3840, 2160)],
    ['usual again', mode(640, 480), mode(640, 480)],
  ])('P7.3: a size that is %s is taken as far as it can be', async (_name, wanted, taken) => {
    worker.send({ type: 'resize', mode: wanted });
    expect(await worker.next('resized')).toEqual({ type: 'resized', accepted: true, mode: taken });
    worker.send({ type: 'keyframe', codec: VideoCodec.H264 });
    await worker.next('video', ({ key, width, height }) => key && width === taken.width && height === taken.height);
  });

  it('P7.3: of many wishes at once the last one counts, and each is answered', async () => {
    for (let step = 0; step < 20; step += 1) worker.send({ type: 'resize', mode: mode(700 + step * 10, 500 + step * 10) });
    const answers = [];
    while (answers.length < 20) answers.push(await worker.next('resized'));
    expect(answers.at(-1)).toEqual({ type: 'resized', accepted: true, mode: mode(890, 690) });
  });

  it('P7.3: a size that somebody else gives the screen is told', async () => {
    const somebody = await TestWindow.open(environment, 10, 10);
    await setScreenMode(somebody.connection, mode(1024, 768));
    somebody.close();
    expect(await worker.next('resized', ({ mode: now }) => now.width === 1024)).toMatchObject({ accepted: true, mode: { height: 768 } });
    await worker.next('video', ({ key, width, height }) => key && width === 1024 && height === 768);
  });
});
