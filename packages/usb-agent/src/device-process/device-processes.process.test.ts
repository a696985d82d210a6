import { type ChildProcess, spawn } from 'node:child_process';
import { ManualClock } from '@usher/usb/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DeviceProcesses } from './device-processes.ts';

const started: ChildProcess[] = [];
let clock: ManualClock;
let processes: DeviceProcesses;

beforeEach(() => {
  clock = new ManualClock();
  processes = new DeviceProcesses(() => {
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] }); // like a device's process, it ends at the end of its input
    started.push(child);
    return child;
  }, clock);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const running = () => started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length;

it('issue 3: whoever opens one device after the other gets the same process each time, and one more stands by', () => {
  for (let time = 0; time < 20; time += 1) {
    const child = processes.take();
    processes.stock();
    processes.giveBack(child);
  }
  expect(started).toHaveLength(2);
});

it('ADR 0017: those that were needed at once are kept for a minute, then one is left', async () => {
  for (const child of Array.from({ length: 8 }, () => processes.take())) processes.giveBack(child);
  await expect.poll(running).toBe(5);
  clock.advance(59_999);
  processes.giveBack(processes.take());
  clock.advance(59_999);
  expect(running()).toBe(5);
  clock.advance(1);
  await expect.poll(running).toBe(1);
});

it('U2.3: one that died meanwhile is not given to anybody', async () => {
  const child = processes.take();
  processes.giveBack(child);
  child.kill('SIGKILL');
  await expect.poll(running).toBe(0);
  expect(processes.take()).not.toBe(child);
});

it('design §1: none is left at the end', async () => {
  processes.stock();
  processes.giveBack(processes.take());
  processes.end();
  await expect.poll(running).toBe(0);
  expect(clock.waiting).toBe(0);
});
