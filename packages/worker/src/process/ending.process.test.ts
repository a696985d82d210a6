import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { descendants, environmentOf, timeUntilGone, untilRunning } from '../../testing/processes.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

/** What a worker may take to end everything. */
const LIMIT_MS = 2000;

/** A worker with all its children, and one program that has left its parents. */
async function startedWorker(environment: Readonly<Record<string, string>> = {}) {
  const worker = new WorkerProcess(environment);
  worker.start({}, true);
  const { display } = await worker.next('ready');
  await untilRunning(worker.pid, 'xterm');
  const session = worker.sessionEnvironment(display);
  const runaway = spawnSync('sh', ['-c', 'trap "" HUP TERM; setsid sleep 300 > /dev/null 2>&1 & echo $!'], {
    env: { ...process.env, ...session },
    encoding: 'utf8',
  });
  const children = descendants(worker.pid);
  return { worker, children, everything: [...children, { pid: Number(runaway.stdout), name: 'sleep' }] };
}

describe('the end of a worker', () => {
  it('SEC: what it starts is what it needs, behind doors that are closed to others', async () => {
    await using worker = new WorkerProcess({ USHER_TOKEN: 'secret', AWS_SECRET: 'secret' });
    worker.start({}, true);
    await worker.next('ready');
    await untilRunning(worker.pid, 'xterm');
    expect(descendants(worker.pid).map(({ name }) => name)).toEqual(expect.arrayContaining(['Xvfb', 'openbox', 'xterm', 'pulseaudio']));
    for (const { pid } of descendants(worker.pid)) expect(environmentOf(pid).filter((entry) => entry.includes('secret'))).toEqual([]);
    expect(statSync(worker.runtimeDir ?? '').mode & 0o777).toBe(0o700);
    expect(statSync(`${worker.runtimeDir}/xauthority`).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['closes its end', (worker: WorkerProcess) => worker.closeInput(), 0],
    ['sends SIGTERM', (worker: WorkerProcess) => worker.kill('SIGTERM'), 0],
  ])('P7.2: when the host %s, nothing is left', async (_name, endIt, status) => {
    const { worker, everything } = await startedWorker();
    const runtimeDir = worker.runtimeDir ?? '';
    endIt(worker);
    expect(await timeUntilGone(everything, LIMIT_MS)).toBeDefined();
    expect(await worker.ended).toBe(status);
    expect(existsSync(runtimeDir)).toBe(false);
    await worker[Symbol.asyncDispose]();
  });

  it('P7.2: a worker that is killed takes its children along', async () => {
    const { worker, children } = await startedWorker();
    worker.kill('SIGKILL');
    expect(await timeUntilGone(children, LIMIT_MS)).toBeDefined();
    await worker[Symbol.asyncDispose]();
  });

  it('P7.2: a host that goes while the display opens leaves nothing either', async () => {
    const worker = new WorkerProcess();
    worker.start({}, true);
    worker.closeInput();
    expect(await worker.ended).toBe(0);
    expect(await timeUntilGone(descendants(worker.pid), LIMIT_MS)).toBeDefined();
    expect(worker.runtimeDir).toBeUndefined();
    await worker[Symbol.asyncDispose]();
  });
});
