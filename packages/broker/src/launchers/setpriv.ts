import { spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import type { Launch, Launcher, Person } from './launcher.ts';
import { readWorkerLog } from './worker-log.ts';

/** Time for a worker to close its desktop after SIGTERM. */
const GRACE_MS = 1000;
/** setpriv's own statuses where it starts nothing: it couldn't find the program, or couldn't run it. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export interface SetprivOptions {
  readonly worker: readonly string[];
  readonly log: Log;
}

/**
 * For machines without systemd, and for tests: changes the uid and gives every privilege up, and no more. No PAM, so no login session and no
 * runtime directory; and what a worker lets run away stays, because there is no cgroup to find it by (README, "Two launchers").
 */
export class SetprivLauncher implements Launcher {
  readonly #options: SetprivOptions;

  constructor(options: SetprivOptions) {
    this.#options = options;
    options.log.warn('sessions are opened by setpriv: without PAM, without a login session, without a runtime directory');
  }

  launch(person: Person, connection: Socket): Launch {
    const { worker, log } = this.#options;
    const { account, home } = person;
    const child = spawn('/usr/bin/setpriv', [...setprivArguments(person), '--', ...worker], {
      stdio: [connection, connection, 'pipe'],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, USER: account, LOGNAME: account, SHELL: '/bin/sh' },
      cwd: isDirectory(home) ? home : '/',
    });
    readWorkerLog(child.stderr, (line) => log.info(line, { account }));
    const ended = new Promise<'NoWorker' | 'LaunchFailed' | undefined>((resolve) => {
      child.once('error', () => resolve('LaunchFailed'));
      child.once('exit', (status) => resolve(status === NOT_FOUND || status === NOT_EXECUTABLE ? 'NoWorker' : undefined));
    });
    return {
      ended,
      stop: () => {
        child.kill('SIGTERM');
        const insist = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
        void ended.then(() => clearTimeout(insist));
      },
    };
  }

  /** A worker dies with the broker that started it (`--pdeathsig`): there is nothing to look for. */
  sweep(): Promise<void> {
    return Promise.resolve();
  }
}

function setprivArguments({ uid, gid }: Person): readonly string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--init-groups',
    '--bounding-set=-all',
    '--inh-caps=-all',
    '--ambient-caps=-all',
    '--no-new-privs',
    '--pdeathsig=KILL',
  ];
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
