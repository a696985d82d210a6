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
