import { clampMode } from '@usher/domain';
import { CodedError, type Mode, toWire, type WorkerMessage } from '@usher/protocol';
import type { Logger } from 'pino';
import { startAudio } from './audio/audio-loop.ts';
import { startExistingSound } from './audio/existing-sound.ts';
import { LastingSound } from './audio/lasting-sound.ts';
import { OpusEncoder } from './audio/opus-encoder.ts';
import { soundEnvironment, startOwnSound } from './audio/own-sound.ts';
import { systemClock } from './clock.ts';
import { Desktop } from './desktop.ts';
import { findDesktopSession } from './display/desktop-session.ts';
import type { Display } from './display/display.ts';
import { openExistingDisplay } from './display/existing-display.ts';
import { checkSessionPrograms, startSessionPrograms } from './display/session-programs.ts';
import { openVirtualDisplay } from './display/virtual-display.ts';
import { gstreamerEncoders } from './encode/gstreamer-encoder.ts';
import type { VideoEncoders } from './encode/video-encoder.ts';
import type { Cleanup } from './process/cleanup.ts';
import { childEnvironment } from './process/environment.ts';
import { makeRuntimeDir } from './process/runtime-dir.ts';
import type { StartMessage } from './relay/inbox.ts';
import { Titles } from './titles/titles.ts';

export interface OpeningOptions {
  /** Learns of each thing as soon as it has to be closed. */
  readonly cleanup: Cleanup;
  readonly send: (message: WorkerMessage) => boolean;
  readonly failed: (error: unknown) => void;
  readonly log: Logger;
}

/** Opens what `start` asks for, from the encoders to the window manager. What is missing shows before anything is started. */
export async function openDesktop(start: StartMessage, options: OpeningOptions): Promise<Desktop> {
  const { send } = options;
  const directory = await makeRuntimeDir();
  const listening = openSound(start, directory, options);
  const desktop = await (start.display.kind === 'virtual'
    ? openVirtual(clampMode(start.mode), directory, options)
    : openExisting(start.display.name, clampMode(start.mode), options));
  const audioProblem = await listening;
  const audio = start.audio && audioProblem === undefined;
  send({ type: 'ready', mode: desktop.mode, display: desktop.name, audio, ...(audioProblem === undefined ? {} : { audioProblem }) });
  desktop.begin();
  return desktop;
}

async function openVirtual(mode: Mode, directory: string, options: OpeningOptions): Promise<Desktop> {
  const { cleanup, log } = options;
  const session = await findDesktopSession({ XDG_DATA_DIRS: process.env['XDG_DATA_DIRS'], PATH: childEnvironment({}).PATH });
  await checkSessionPrograms(session);
  const opening = openVirtualDisplay(directory, mode, log);
  const encoders = gstreamerEncoders(); // blocks for some 10 ms, which the servers need for their start anyway
  const display = await opening;
  const environment = childEnvironment({ ...display.environment, ...soundEnvironment(directory) });
  const desktop = await serve(display, encoders, mode, new Titles(environment, log), options);
  const programs = await startSessionPrograms(display.connection, environment, session, log);
  cleanup.add('programs', () => programs.end());
  return desktop;
}

async function openExisting(name: string, mode: Mode, options: OpeningOptions): Promise<Desktop> {
  const display = await openExistingDisplay(name, options.log);
  const authority = process.env['XAUTHORITY'];
  const environment = childEnvironment({ DISPLAY: name, ...(authority === undefined ? {} : { XAUTHORITY: authority }) });
  return serve(display, gstreamerEncoders(), mode, new Titles(environment, options.log), options);
}

async function serve(display: Display, encoders: VideoEncoders, mode: Mode, titles: Titles, options: OpeningOptions): Promise<Desktop> {
  const { cleanup, send, failed, log } = options;
  cleanup.add('display', async () => display[Symbol.asyncDispose]());
  void display.lost.then((how) => failed(new CodedError('worker.display-lost', how)));
  const desktop = await Desktop.open({ display, encoders, titles, refreshHz: mode.refreshHz, send, failed, log });
  cleanup.add('desktop', () => desktop.close());
  return desktop;
}

/** A session without sound is still a session: what keeps it silent is returned, in words for whoever listens. */
async function openSound(start: StartMessage, directory: string, { cleanup, send, log }: OpeningOptions): Promise<string | undefined> {
  if (!start.audio) return undefined;
  try {
    const encoder = new OpusEncoder();
    const isOwn = start.display.kind === 'virtual';
    const source = await LastingSound.open(() => (isOwn ? startOwnSound(directory, log) : startExistingSound(log)), systemClock, log);
    const stop = startAudio(source, encoder, send);
    cleanup.add('sound', async () => {
      stop();
      await source[Symbol.asyncDispose]();
      encoder.close();
    });
    return undefined;
  } catch (error) {
    log.warn({ err: error }, 'the session has no sound');
    return toWire(error).message;
  }
}
