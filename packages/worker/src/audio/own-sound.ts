import { closeSync, constants, existsSync, openSync, readSync, watch } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { CodedError } from '@usher/protocol';
import type { Logger } from 'pino';
import { startChild } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import type { SoundRun } from './lasting-sound.ts';

/** Longest time for PulseAudio to listen; it takes about 60 ms. */
const START_TIMEOUT_MS = 5000;
const SOCKET = 'pulse';
const PIPE = 'pulse-pcm';
/** Without shared memory: a client of PulseAudio 16 that is killed while it plays by it takes the server with it now and then (an assertion in memblock.c). */
const SERVER_OPTIONS = [
  ...['--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '--realtime=no', '--high-priority=no'],
  '--disable-shm=yes',
];

/** How programs find the session's sound server; true from the start, so that without one they don't look for another. */
export function soundEnvironment(directory: string): Readonly<Record<string, string>> {
  return { PULSE_SERVER: `unix:${join(directory, SOCKET)}` };
}

/**
 * Starts a sound server of the session's own, behind a socket in its private directory.
 *
 * What plays goes to a *pipe* sink rather than to a null sink with a recorder at its monitor: the server writes into the pipe while
 * something plays and is suspended otherwise, so that silence costs nothing, no recorder runs, and the first sample isn't lost.
 */
export async function startOwnSound(directory: string, log: Logger): Promise<SoundRun> {
  const script = join(directory, 'pulse.pa');
  await writeFile(script, pulseScript(directory), { mode: 0o600 });
  // What a server that was killed has left would be taken for the new one's.
  for (const name of [SOCKET, PIPE]) await rm(join(directory, name), { force: true });
  const server = await startChild('pulseaudio', ['-n', '-F', script, ...SERVER_OPTIONS], {
    environment: childEnvironment({
      // Its state and its client's cookie would otherwise go to the home directory, shared by all sessions.
      PULSE_RUNTIME_PATH: directory,
      PULSE_STATE_PATH: directory,
      // A person in a login session of their own may have a sound server there already; the second one to want its name on the bus ends.
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    }),
    log,
  });
  const tooSoon = server.ended.then((how) => {
    throw new CodedError('worker.audio-unavailable', `PulseAudio ended: ${how}`);
  });
  try {
    await Promise.race([appearance(directory, SOCKET), tooSoon]);
    const pcm = new Socket({ fd: openPipe(join(directory, PIPE)), readable: true, writable: false });
    return { pcm, ended: server.ended, end: () => server.end() };
  } catch (error) {
    await server.end();
    throw error;
  }
}

/** The protocol comes last: once there is a socket, there are sinks. Who may connect is settled by the directory and the uid. */
function pulseScript(directory: string): string {
  return [
    `load-module module-pipe-sink sink_name=desk file="${join(directory, PIPE)}" format=s16le rate=48000 channels=2 use_system_clock_for_timing=yes sink_properties=device.description=Desktop`,
    'load-module module-null-sink sink_name=micsink format=s16le rate=48000 channels=2 sink_properties=device.description=Microphone-feed',
    'load-module module-remap-source source_name=mic master=micsink.monitor source_properties=device.description=Microphone',
    'load-module module-suspend-on-idle timeout=1',
    'set-default-sink desk',
    'set-default-source mic',
    `load-module module-native-protocol-unix socket="${join(directory, SOCKET)}" auth-cookie-enabled=0`,
    '',
  ].join('\n');
}

function appearance(directory: string, name: string): Promise<void> {
  const path = join(directory, name);
  return new Promise((resolve, reject) => {
    const look = () => {
      if (existsSync(path)) finish(resolve);
    };
    const finish = (outcome: () => void) => {
      watcher.close();
      clearTimeout(timer);
      outcome();
    };
    const timer = setTimeout(() => {
      const problem = new CodedError('worker.audio-unavailable', `PulseAudio did not answer within ${START_TIMEOUT_MS / 1000} s`);
      finish(() => reject(problem));
    }, START_TIMEOUT_MS);
    // Watched first and looked at second, so that it can't appear between.
    const watcher = watch(directory, look);
    look();
  });
}

/** Opened for both directions, so that it never ends, and emptied of the silence that was written before anybody read. */
function openPipe(path: string): number {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const waste = new Uint8Array(65_536); // a pipe's size: one read empties it
  try {
    readSync(descriptor, waste);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) {
      closeSync(descriptor);
      throw error;
    }
  }
  return descriptor;
}
