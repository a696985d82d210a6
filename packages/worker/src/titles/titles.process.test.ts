import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../../tests/harness/temporary-directory.ts';
import { descendants, timeUntilGone, untilRunning } from '../../testing/processes.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'worker-titles-'));
afterAll(() => removeDirectorySync(directory));

/** A title that writes down how it was started, and stays until it is ended. */
function title(name: string) {
  const file = join(directory, name);
  // Written whole before it is there, so that whoever sees it sees all of it.
  const script = 'printf "%s\\n" "$DISPLAY" "$XAUTHORITY" "$USHER_LOG" "$@" > "$0.part"; mv "$0.part" "$0"; exec sleep 1000';
  return { id: `desktop:${name}`, file, command: ['sh', '-c', script, file] };
}

async function ready(environment = {}): Promise<{ readonly worker: WorkerProcess; readonly display: string }> {
  const worker = new WorkerProcess(environment);
  worker.start();
  return { worker, display: (await worker.next('ready')).display };
}

/** Programs named `sleep` below the worker, one at least: what the titles become, a moment after they were launched. */
async function running(worker: WorkerProcess) {
  await untilRunning(worker.pid, 'sleep');
  return descendants(worker.pid).filter(({ name }) => name === 'sleep');
}

async function written(file: string): Promise<readonly string[]> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    try {
      return readFileSync(file, 'utf8').split('\n').slice(0, -1);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20)); // not there yet
    }
  }
  throw new Error(`${file} was not written`);
}

describe('titles', () => {
  it('W10: one is started in the session, its words as they are, and not again while it runs', async () => {
    const { worker, display } = await ready();
    await using _worker = worker;
    const { id, file, command } = title('words');
    worker.send({ type: 'launch', title: id, command: [...command, 'a b', '$HOME; x', "it's"] });
    expect(await worker.next('launched')).toEqual({ type: 'launched', title: id });
    expect(await written(file)).toEqual([display, worker.sessionEnvironment(display)['XAUTHORITY'], '', 'a b', '$HOME; x', "it's"]);
    worker.send({ type: 'launch', title: id, command });
    expect(await worker.next('launched')).toEqual({ type: 'launched', title: id });
    expect(await running(worker)).toHaveLength(1);
  });

  it('W7: it ends with the worker, even one that is killed', async () => {
    const { worker } = await ready();
    await using _worker = worker;
    const { id, file, command } = title('killed');
    worker.send({ type: 'launch', title: id, command });
    await written(file);
    const programs = await running(worker);
    expect(programs).toHaveLength(1);
    worker.kill('SIGKILL');
    expect(await timeUntilGone(programs, 2000)).toBeDefined();
  });

  it.each([
    ['isn’t installed', 'no-such-game'],
    ['isn’t a program', directory],
    ['lies where nobody knows', './game'],
  ])('W10: a program that %s is told, and the session goes on', async (_name, program) => {
    const { worker } = await ready();
    await using _worker = worker;
    worker.send({ type: 'launch', title: 'desktop:game', command: [program] });
    expect(await worker.next('launched')).toEqual({
      type: 'launched',
      title: 'desktop:game',
      problem: `${program} is not installed on the host`,
    });
    worker.send({ type: 'resize', mode: { width: 800, height: 600, refreshHz: 60 } });
    expect(await worker.next('resized')).toMatchObject({ accepted: true });
  });

  it('W10: sixteen run at a time; a seventeenth has to wait for one to end', async () => {
    const { worker } = await ready({ USHER_LOG: 'debug' });
    await using _worker = worker;
    for (let number = 0; number < 17; number += 1) {
      worker.send({ type: 'launch', title: `custom:${number}`, command: ['sleep', '1000'] });
    }
    const answers = [];
    for (let number = 0; number < 17; number += 1) answers.push(await worker.next('launched'));
    expect(answers.filter(({ problem }) => problem !== undefined)).toEqual([
      { type: 'launched', title: 'custom:16', problem: '16 titles run already; end one of them' },
    ]);
    const [first] = await running(worker);
    if (first === undefined) throw new Error('none runs');
    process.kill(first.pid, 'SIGTERM');
    await worker.logs(`"pid":${first.pid},"how":"SIGTERM","msg":"a child ended"`);
    worker.send({ type: 'launch', title: 'custom:16', command: ['sleep', '1000'] });
    expect(await worker.next('launched')).toEqual({ type: 'launched', title: 'custom:16' });
  });
});
