import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { startChild } from '../process/child.ts';
import { findProgram } from '../process/find-program.ts';
import { endProcessesWith } from '../process/leftovers.ts';
import type { XConnection } from './x-connection.ts';

/** A calm slate blue. One colour, because a picture behind the windows would cost every viewer bits at each move of a window. */
const BACKGROUND = 0x2b3d4f;
/** Times that a window manager is started anew. People end it by its menu; one that keeps falling over is left alone. */
const RESTARTS_MAX = 5;

/** Started by the window manager when it is ready: a window that was there before it would get no focus. */
const TERMINAL = "xterm -fa 'DejaVu Sans Mono' -fs 11 -geometry 96x28+60+60 -bg '#10161c' -fg '#dfe6ec' -title Terminal -sl 2000";

/** What runs on a virtual display: a window manager and a terminal. */
export interface SessionPrograms {
  end(): Promise<void>;
}

/** Fails with `worker.missing-program` before anything is started, if one of them isn't there. */
export async function checkSessionPrograms(): Promise<void> {
  await Promise.all([findProgram('openbox'), findProgram('xterm')]);
}

/** Whatever is started here, or from here, has `environment`; its cookie file, which no other session has, tells what belongs to it. */
export async function startSessionPrograms(
  connection: XConnection,
  environment: Readonly<Record<string, string>> & { readonly HOME: string; readonly XAUTHORITY: string },
  log: Logger,
): Promise<SessionPrograms> {
  connection.client.ChangeWindowAttributes(connection.root, { backgroundPixel: BACKGROUND });
  connection.client.ClearArea(connection.root, 0, 0, 0, 0, 0);

  // A service account may have a home that doesn't exist; nothing starts in a directory that isn't there.
  const directory = existsSync(environment.HOME) ? environment.HOME : '/';
  const options = { environment, directory, log };
  let ending = false;
  let manager = await startChild('openbox', ['--sm-disable', '--startup', TERMINAL], options);

  const keepManager = async (): Promise<void> => {
    for (let restarts = 0; restarts < RESTARTS_MAX; restarts += 1) {
      const how = await manager.ended;
      if (ending) return;
      log.warn({ how }, 'the window manager ended and is started again');
      manager = await startChild('openbox', ['--sm-disable'], options);
    }
  };
  keepManager().catch((error: unknown) => log.warn({ problem: String(error) }, 'the session goes on without a window manager'));

  return {
    end: async () => {
      ending = true;
      await endProcessesWith('XAUTHORITY', environment.XAUTHORITY);
    },
  };
}
