import { clampMode } from '@usher/domain';
import type { Mode, WorkerMessage } from '@usher/protocol';
import { CodedError } from '@usher/protocol';
import type { Logger } from 'pino';
import { Desktop } from './desktop.ts';
import type { Display } from './display/display.ts';
import { openExistingDisplay } from './display/existing-display.ts';
import { checkSessionPrograms, startSessionPrograms } from './display/session-programs.ts';
import { openVirtualDisplay } from './display/virtual-display.ts';
import { gstreamerEncoders } from './encode/gstreamer-encoder.ts';
import type { Cleanup } from './process/cleanup.ts';
import { childEnvironment } from './process/environment.ts';
import { makeRuntimeDir } from './process/runtime-dir.ts';
import type { StartMessage } from './relay/inbox.ts';

export interface OpeningOptions {
  /** Learns of each thing as soon as it has to be closed. */
  readonly cleanup: Cleanup;
  readonly send: (message: WorkerMessage) => boolean;
  readonly failed: (error: unknown) => void;
  readonly log: Logger;
}

/** Opens what `start` asks for, from the encoders to the window manager. What is missing shows before anything is started. */
export async function openDesktop(start: StartMessage, options: OpeningOptions): Promise<Desktop> {
  const { cleanup, log } = options;
  const virtual = start.display.kind === 'virtual';
  const mode = clampMode(start.mode);

  if (virtual) await checkSessionPrograms();
  const runtimeDir = await makeRuntimeDir();
  cleanup.add('runtime directory', () => runtimeDir.remove());

  const opening = openDisplay(start, runtimeDir.path, mode, log);
  const encoders = gstreamerEncoders(); // blocks for some 10 ms, which the X server needs for its start anyway
  const display = await opening;
  cleanup.add('display', async () => display[Symbol.asyncDispose]());
  void display.lost.then((how) => options.failed(new CodedError('worker.display-lost', how)));

  const desktop = await Desktop.open({ display, encoders, refreshHz: mode.refreshHz, send: options.send, failed: options.failed, log });
  options.send({ type: 'ready', mode: desktop.mode, display: display.connection.name, audio: false, audioProblem: 'sound is not captured yet' });
  if (virtual) {
    const programs = await startSessionPrograms(display.connection, childEnvironment(display.environment), log);
    cleanup.add('programs', () => programs.end());
  }
  cleanup.add('desktop', () => desktop.close());
  return desktop;
}

function openDisplay(start: StartMessage, directory: string, mode: Mode, log: Logger): Promise<Display> {
  return start.display.kind === 'virtual' ? openVirtualDisplay(directory, mode, log) : openExistingDisplay(start.display.name, log);
}
