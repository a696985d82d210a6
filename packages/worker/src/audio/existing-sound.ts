import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@usher/protocol';
import type { Logger } from 'pino';
import { startChild } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import type { SoundRun } from './lasting-sound.ts';

/** A recorder that has a server to record from says so at once. */
const START_TIMEOUT_MS = 2000;

/** Starts to listen to what the machine's own desktop plays: the monitor of its default output, recorded by `parec`. */
export async function startExistingSound(log: Logger): Promise<SoundRun> {
  const recorder = await startChild(
    'parec',
    ['--device=@DEFAULT_MONITOR@', '--format=s16le', '--rate=48000', '--channels=2', '--latency-msec=20', '--process-time-msec=10'],
    { environment: childEnvironment({ PULSE_SERVER: findServer() }), answersOn: 1, log },
  );
  const { answer } = recorder;
  if (answer === undefined) throw new TypeError('parec was started without a pipe');
  const begun = new Promise<'begun'>((resolve) => {
    // The end of it is readable too: that of a recorder that found no server.
    const look = () => {
      if (answer.readableLength === 0) return;
      answer.off('readable', look);
      resolve('begun');
    };
    answer.on('readable', look);
  });
  const late = new Promise<string>((resolve) => {
    setTimeout(resolve, START_TIMEOUT_MS, 'nothing was heard').unref();
  });
  const outcome = await Promise.race([begun, recorder.ended, late]);
  if (outcome !== 'begun') {
    await recorder.end();
    throw new CodedError('worker.audio-unavailable', `the desktop's sound can't be recorded: ${outcome}`);
  }
  return { pcm: answer, ended: recorder.ended, end: () => recorder.end() };
}

/** Named to the recorder in any case: one that finds no server by itself would start one, which nobody would ever end. */
function findServer(): string {
  const named = process.env['PULSE_SERVER'];
  if (named !== undefined) return named;
  const directory = process.env['XDG_RUNTIME_DIR'];
  const socket = directory === undefined ? undefined : join(directory, 'pulse', 'native');
  if (socket === undefined || !existsSync(socket))
    throw new CodedError('worker.audio-unavailable', 'this desktop has no PulseAudio server');
  return `unix:${socket}`;
}
