import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerRefusal } from '@usher/protocol';
import type { Log } from '../log.ts';
import type { run as runProgram } from '../run.ts';
import type { Launch, Launcher, Person } from './launcher.ts';
import { refusalOfComplaint, refusalOfStatus } from './refusals.ts';
import { readWorkerLog } from './worker-log.ts';

const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
/** Time for a worker to close its desktop after SIGTERM. The reaper takes a quarter of a second after it, and twice that for several people at once. */
const GRACE_MS = 600;
/** PID 1 stops the reaper where it takes longer than this, which would leave what it was to end: a busy machine may take its time. */
const REAPER_S = 20;
/** `systemctl stop` of a unit that isn't there. */
const NOT_LOADED = 5;
/** Time for the last words of a program that has ended to be read. They are in its pipe already; others may hold that open for longer. */
const COMPLAINT_MS = 100;
/** How often a stop is tried: PID 1 may be busy, but one that doesn't answer three times is not going to. */
const STOP_TRIES = 3;
/** How soon a unit that PID 1 was asked for, and doesn't know yet, is looked for again. */
const LOOK_AGAIN_MS = 30;
/** A killed systemd-run may have asked; by then PID 1 has heard of it. */
const HEARD_WITHIN_MS = 500;
/** A systemd-run that lives, and whose unit isn't there by then, waits for a PID 1 that doesn't answer. */
const ASKED_WITHIN_MS = 10_000;

type LaunchingProcess = ChildProcessByStdio<null, null, Readable>;

export interface SystemdRunOptions {
  /** Another one in tests. */
  readonly program?: string;
  /** The program of a session with its arguments. */
  readonly worker: readonly string[];
  /** Removes what a session leaves behind; gets the uid. PID 1 runs it as root when the session's unit ends, whatever ended it. */
  readonly reaper: string;
  /** The broker's own unit: its end is theirs. */
  readonly brokerUnit: string;
  readonly run: typeof runProgram;
  readonly log: Log;
}

/**
 * Asks PID 1 for a session: a transient unit per account, so that "one session per uid" is PID 1's to keep. PAM, the cgroup and the change
 * of uid happen there, in a clean context; nothing of the broker's sandbox is inherited (ADR 0013).
 */
export class SystemdRunLauncher implements Launcher {
  readonly #options: SystemdRunOptions;

  constructor(options: SystemdRunOptions) {
    this.#options = options;
  }

  launch(person: Person, connection: Socket): Launch {
    const unit = unitOf(person.uid);
    const child = spawn(this.#options.program ?? '/usr/bin/systemd-run', this.#arguments(person, unit), {
      stdio: [connection, connection, 'pipe'],
      env: ENVIRONMENT,
      cwd: '/',
    });
    return { ended: this.#end(child, person, unit), stop: () => void this.#endGently(child, unit) };
  }

  async sweep(): Promise<void> {
    const { status } = await this.#options.run('/usr/bin/systemctl', ['stop', 'usher-session-*.service']);
    if (status !== 0) this.#options.log.warn('sessions of an earlier broker could not be looked for');
  }

  #arguments({ account, uid }: Person, unit: string): readonly string[] {
    const { worker, reaper, brokerUnit } = this.#options;
    const properties = [
      'PAMName=usher',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'WorkingDirectory=~',
      'UMask=0077',
      `BindsTo=${brokerUnit}`,
      `After=${brokerUnit}`,
      // Where PID 1 itself ends it, because the broker has gone, nobody is there to be gentle for.
      'KillSignal=SIGKILL',
      `TimeoutStopSec=${REAPER_S}`,
      `ExecStopPost=+${reaper} ${uid}`,
    ];
    return [
      ...['--quiet', '--collect', '--wait', '--pipe', `--unit=${unit}`, `--uid=${account}`, `--description=Usher session of ${account}`],
      ...properties.flatMap((property) => ['-p', property]),
      // Of class user: PAM's default for a service is background, which has no seat among the person's sessions.
      ...['-E', 'XDG_SESSION_CLASS=user', '-E', 'XDG_SESSION_TYPE=x11', '--', ...worker],
    ];
  }

  async #end(child: LaunchingProcess, { account }: Person, unit: string): Promise<BrokerRefusal | undefined> {
    const { log } = this.#options;
    const said: { refusal: BrokerRefusal | undefined } = { refusal: undefined };
    readWorkerLog(child.stderr, (line) => {
      said.refusal ??= refusalOfComplaint(line);
      log.info(line, { account });
    });
    const status = await exitStatus(child);
    // What it complained of may still be in its pipe; what a worker that goes on says there is not waited for.
    if (status === 1) await soonClosed(child);
    if (status === 1 && said.refusal !== undefined) return said.refusal;
    // systemd-run may have been killed while its unit goes on, or is about to begin.
    await this.#stop(unit, status === undefined ? HEARD_WITHIN_MS : 0);
    return status === undefined ? undefined : refusalOfStatus(status);
  }

  async #endGently(child: ChildProcess, unit: string): Promise<void> {
    const exited = exitStatus(child);
    await this.#options.run('/usr/bin/systemctl', ['kill', '--signal=TERM', '--kill-who=main', unit]);
    const over = new AbortController();
    await Promise.race([exited, delay(GRACE_MS, undefined, { signal: over.signal }).catch(() => undefined)]); // cut short below
    over.abort();
    await this.#stop(unit, ASKED_WITHIN_MS, () => isRunning(child));
  }

  /** Resolves once the unit is gone. One that isn't there may still be coming: it is looked for that long, while that may be so. */
  async #stop(unit: string, comesWithinMs: number, mayCome = () => true): Promise<void> {
    const deadline = performance.now() + comesWithinMs;
    for (let failures = 0; failures < STOP_TRIES; ) {
      const { status } = await this.#options.run('/usr/bin/systemctl', ['stop', unit]);
      if (status === 0) return;
      if (status !== NOT_LOADED) failures += 1;
      else if (performance.now() < deadline && mayCome()) await delay(LOOK_AGAIN_MS);
      else return;
    }
    this.#options.log.error('a session could not be stopped', { unit });
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Undefined where a signal ended it, or nothing was started. */
function exitStatus(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    if (!isRunning(child)) resolve(child.exitCode ?? undefined);
    child.once('error', () => resolve(undefined));
    child.once('exit', (code) => resolve(code ?? undefined));
  });
}

function soonClosed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, COMPLAINT_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** By uid, because that is what must be unique; a name may have letters that a unit's may not. */
function unitOf(uid: number): string {
  return `usher-session-${uid}.service`;
}
