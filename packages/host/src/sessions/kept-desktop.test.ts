import type { Mode } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { FakeWorkers } from '../../testing/fake-worker.ts';
import { KeptDesktop } from './kept-desktop.ts';

const HD: Mode = { width: 1280, height: 720, refreshHz: 60 };

let clock: FakeClock;
let workers: FakeWorkers;
let operator: KeptDesktop;

beforeEach(() => {
  clock = new FakeClock();
  workers = new FakeWorkers();
  operator = new KeptDesktop({
    clock,
    log: pino({ level: 'silent' }),
    startWorker: workers.start,
    display: { kind: 'existing', name: ':0' },
  });
});

/** Opens, and has the worker end before it is ready. */
async function failOnce(): Promise<string> {
  workers.getsReady = false;
  const opening = operator.open(HD).then(
    () => 'open',
    (error: { code: string }) => error.code,
  );
  await settled();
  workers.latest.end();
  return opening;
}

describe('a worker that is kept', () => {
  it('P7.1: starts when the first viewer comes, on the display of the configuration', async () => {
    expect(workers.started).toEqual([]);
    await operator.open(HD);
    expect(workers.latest.heard).toEqual([{ type: 'start', mode: HD, display: { kind: 'existing', name: ':0' }, audio: true }]);
  });

  it('P7.1: is one for everybody, also for those who come while it starts', async () => {
    workers.getsReady = false;
    const opening = [operator.open(HD), operator.open(HD)];
    await settled();
    workers.latest.ready(HD);
    const [one, other] = await Promise.all(opening);
    expect(one).toBe(other);
    expect(await operator.open(HD)).toBe(one);
    expect(workers.started).toHaveLength(1);
  });

  it('issue 2: that isn’t ready in fifteen seconds is ended, with a typed failure', async () => {
    workers.getsReady = false;
    const opening = expect(operator.open(HD)).rejects.toMatchObject({ code: 'session.worker-lost' });
    await clock.advance(15_000);
    await opening;
    expect(clock.waiting).toBe(0);
  });

  it('issue 2: that says why it can’t is believed, if the reason is its own', async () => {
    workers.getsReady = false;
    const opening = expect(operator.open(HD)).rejects.toMatchObject({ code: 'worker.missing-program', message: 'Xvfb is missing' });
    await settled();
    workers.latest.say({ type: 'failed', code: 'worker.missing-program', message: 'Xvfb is missing' });
    await settled();
    workers.latest.end();
    await opening;
  });

  it('design §1: that ended is started again at the next visit', async () => {
    const first = await operator.open(HD);
    workers.latest.end();
    await settled();
    expect(workers.started).toHaveLength(1);
    expect(await operator.open(HD)).not.toBe(first);
    expect(workers.started).toHaveLength(2);
  });

  it('design §1: that keeps ending is given time, and the viewer is told how much', async () => {
    expect(await failOnce()).toBe('session.worker-lost');
    expect(await failOnce()).toBe('session.worker-lost');
    await expect(operator.open(HD)).rejects.toMatchObject({ code: 'session.worker-lost', retrySeconds: 1 });
    expect(workers.started).toHaveLength(2);
    await clock.advance(1_000);
    workers.getsReady = true;
    await operator.open(HD);
    expect(workers.started).toHaveLength(3);
  });

  it('design §6: ends with the host, and doesn’t come back', async () => {
    await operator.open(HD);
    await operator.stop();
    await settled();
    await expect(operator.open(HD)).rejects.toMatchObject({ code: 'session.host-stopping' });
    expect(workers.started).toHaveLength(1);
  });

  it('design §6: that is starting when the host stops fails as that', async () => {
    workers.getsReady = false;
    const opening = expect(operator.open(HD)).rejects.toMatchObject({ code: 'session.host-stopping' });
    await settled();
    await operator.stop();
    await opening;
    expect(clock.waiting).toBe(0);
  });

  it('design §6: that was never started has nothing to stop', async () => {
    await operator.stop();
    expect(workers.started).toEqual([]);
  });
});
