import type { BrokerRefusal } from '@usher/protocol';

/**
 * What systemd says by an exit status from 200 on, before it has started a program: "Process Exit Codes" of systemd.exec(5). A worker of
 * ours ends with 0 or 1.
 */
const BEFORE_THE_PROGRAM: ReadonlyMap<number, BrokerRefusal> = new Map([
  [200, 'NoHome'], // CHDIR: the working directory is the home
  [203, 'NoWorker'], // EXEC
  [216, 'LaunchFailed'], // GROUP
  [217, 'NoAccount'], // USER
  [224, 'LoginRefused'], // PAM
]);
const FIRST = 200;
const LAST = 243;

/** Why there was no worker; undefined for the status of one that ran. */
export function refusalOfStatus(status: number): BrokerRefusal | undefined {
  if (status < FIRST || status > LAST) return undefined;
  return BEFORE_THE_PROGRAM.get(status) ?? 'LaunchFailed';
}

/**
 * systemd-run says by status 1 that it asked for nothing, or was refused, and by a line why. A worker that writes the same line and ends with
 * 1 gets a refusal behind what it said itself, which is nobody's trouble but its own.
 */
export function refusalOfComplaint(line: string): BrokerRefusal | undefined {
  if (line.startsWith('Failed to find executable ')) return 'NoWorker';
  if (!line.startsWith('Failed to start transient service unit: ')) return undefined;
  return /already exists|was already loaded/.test(line) ? 'Occupied' : 'LaunchFailed';
}
