import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../../tests/harness/temporary-directory.ts';
import { descendants, environmentOf, timeUntilGone, untilRunning } from '../../testing/processes.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';

/** A machine with a desktop environment that consists of one window. */
let machine: string;
beforeAll(() => {
  machine = mkdtempSync(join(tmpdir(), 'usher-machine-'));
  mkdirSync(join(machine, 'xsessions'));
  mkdirSync(join(machine, 'bin'));
  writeFileSync(join(machine, 'xsessions', 'xfce.desktop'), '[Desktop Entry]\nExec=startxfce4\nDesktopNames=XFCE\n');
});
afterAll(() => removeDirectorySync(machine));

function workerWith(startxfce4: string): WorkerProcess {
  const program = join(machine, 'bin', 'startxfce4');
  writeFileSync(program, `#!/bin/sh\n${startxfce4}\n`);
  chmodSync(program, 0o755);
  const path = `${join(machine, 'bin')}:${process.env['PATH'] ?? ''}`;
  return new WorkerProcess({ XDG_DATA_DIRS: machine, PATH: path, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
}

describe('a desktop environment that is installed', () => {
  it('P7.2: is started instead of the window manager, on a bus of its own, and ends with the worker', async () => {
    await using worker = workerWith('exec xterm -title Environment');
    worker.start();
    await worker.next('ready');
    await untilRunning(worker.pid, 'xterm');
    const children = descendants(worker.pid);
    expect(children.map(({ name }) => name)).not.toContain('openbox');
    const window = children.find(({ name }) => name === 'xterm')?.pid ?? 0;
    expect(environmentOf(window)).toEqual(
      expect.arrayContaining(['XDG_CURRENT_DESKTOP=XFCE', 'DESKTOP_SESSION=xfce', 'XDG_SESSION_TYPE=x11']),
    );
    expect(environmentOf(window)).not.toContain('DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent');
    worker.closeInput();
    expect(await timeUntilGone(children, 2000)).toBeDefined();
  });

  it('P7.2: that does not work here leaves its place to the window manager', async () => {
    await using worker = workerWith('exit 1');
    worker.start();
    await worker.next('ready');
    await untilRunning(worker.pid, 'xterm');
    expect(descendants(worker.pid).map(({ name }) => name)).toContain('openbox');
  });
});
