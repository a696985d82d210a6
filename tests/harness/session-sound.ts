import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { HostProcess } from './host-process.ts';
import { descendants, environmentOf } from './processes.ts';

/** A sine in the session's sound server, by a program of the session, until it is disposed of. */
export async function playTone(host: HostProcess, hertz: number): Promise<AsyncDisposable> {
  const terminal = (await descendants(host.process.pid ?? 0)).find(({ command }) => command.includes('xterm'));
  const server = terminal && (await environmentOf(terminal.pid, 'PULSE_SERVER'));
  if (server === undefined) throw new Error('the session has no sound server');
  const player = spawn('gst-launch-1.0', ['-q', 'audiotestsrc', `freq=${hertz}`, 'volume=0.5', '!', 'audioconvert', '!', 'pulsesink'], {
    stdio: 'ignore',
    env: { ...process.env, PULSE_SERVER: server },
  });
  const ended = once(player, 'exit');
  await once(player, 'spawn');
  return {
    async [Symbol.asyncDispose]() {
      player.kill('SIGTERM');
      await ended;
    },
  };
}
