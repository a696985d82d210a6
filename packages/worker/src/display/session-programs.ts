import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Child, type ChildOptions, startChild, startProgram } from '../process/child.ts';
import { findExecutable, findProgram } from '../process/find-program.ts';
import { endProcessesWith } from '../process/leftovers.ts';
import type { DesktopSession } from './desktop-session.ts';
import type { XConnection } from './x-connection.ts';

/** What programs of the session are told. */
export type SessionEnvironment = Readonly<Record<string, string>> & { readonly HOME: string; readonly XAUTHORITY: string };

/** A calm slate blue. One colour, because a picture behind the windows would cost every viewer bits at each move of a window. */
const BACKGROUND = 0x2b3d4f;
/** Times that a window manager is started anew. People end it by its menu; one that keeps falling over is left alone. */
const RESTARTS_MAX = 5;

/** Started by the window manager when it is ready: a window that was there before it would get no focus. */
const TERMINAL = "xterm -fa 'DejaVu Sans Mono' -fs 11 -geometry 96x28+60+60 -bg '#10161c' -fg '#dfe6ec' -title Terminal -sl 2000";

/** A desktop environment that ends sooner than this doesn't work here, and the window manager takes its place. */
const WORKS_AFTER_MS = 5_000;

/** What runs on a virtual display: the machine's desktop environment, or a window manager and a terminal. */
export interface SessionPrograms {
  end(): Promise<void>;
}

/** Fails with `worker.missing-program` before anything is started, if one of them isn't there. */
export async function checkSessionPrograms(session: DesktopSession | undefined): Promise<void> {
  if (session === undefined) await Promise.all([findProgram('openbox'), findProgram('xterm')]);
}

/** Whatever is started here, or from here, has `environment`; its cookie file, which no other session has, tells what belongs to it. */
export async function startSessionPrograms(
  connection: XConnection,
  environment: SessionEnvironment,
  session: DesktopSession | undefined,
  log: Logger,
): Promise<SessionPrograms> {
  connection.client.ChangeWindowAttributes(connection.root, { backgroundPixel: BACKGROUND });
  connection.client.ClearArea(connection.root, 0, 0, 0, 0, 0);

  // A service account may have a home that doesn't exist; nothing starts in a directory that isn't there.
  const directory = existsSync(environment.HOME) ? environment.HOME : '/';
  const options = { environment, directory, log };
  let chosen = session;
  let ending = false;
  const start = (withTerminal: boolean): Promise<Child> => {
    if (chosen !== undefined) return startDesktopSession(chosen, options);
    return startChild('openbox', ['--sm-disable', ...(withTerminal ? ['--startup', TERMINAL] : [])], options);
  };

  let manager = await start(true);
  const keepManager = async (): Promise<void> => {
    for (let restarts = 0; restarts < RESTARTS_MAX; restarts += 1) {
      const startedMs = performance.now();
      const how = await manager.ended;
      if (ending) return;
      const fails = chosen !== undefined && performance.now() - startedMs < WORKS_AFTER_MS;
      log.warn(
        { how, session: chosen?.id ?? 'openbox' },
        fails ? 'the desktop environment does not work here' : 'the window manager ended and is started again',
      );
      if (fails) chosen = undefined;
      manager = await start(fails);
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

/** On a bus of its own: another session of the same person, at the machine itself, may have this environment too. */
async function startDesktopSession({ id, desktops, command }: DesktopSession, options: ChildOptions): Promise<Child> {
  const { DBUS_SESSION_BUS_ADDRESS: _outer, ...rest } = options.environment;
  const environment = {
    ...rest,
    ...{ DESKTOP_SESSION: id, XDG_SESSION_DESKTOP: id, XDG_CURRENT_DESKTOP: desktops, XDG_SESSION_TYPE: 'x11' },
  };
  const bus = await findExecutable('dbus-run-session', options.environment['PATH'] ?? '/usr/bin:/bin');
  const [program, ...args] = bus === undefined ? command : ([bus, '--', ...command] as const);
  options.log.info({ session: id }, 'the desktop environment starts');
  return startProgram(program, args, { ...options, environment });
}
