import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountName } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectorySync } from '../../../../tests/harness/temporary-directory.ts';
import type { Answer } from '../run.ts';
import type { Launch } from './launcher.ts';
import { SystemdRunLauncher } from './systemd-run.ts';

const KID = { account: accountName('kid'), uid: 1001, gid: 1001, home: '/home/kid' };
/** What `systemctl stop` says of a unit that it has stopped, of one that isn't there, and where PID 1 doesn't answer. */
const STOPPED: Answer = { status: 0, text: '' };
const NOT_LOADED: Answer = { status: 5, text: '' };
const NO_ANSWER: Answer = { status: undefined, text: '' };

let directory: string;
let server: Server;
let viewer: Socket;
let connection: Socket;
const asked: string[] = [];
const errors: string[] = [];
let answers: Answer[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'usher-broker-'));
  server = createServer({ pauseOnConnect: true }).listen(join(directory, 'socket'));
  await once(server, 'listening');
  const accepted: Promise<unknown[]> = once(server, 'connection');
  viewer = connect(join(directory, 'socket'));
  const [first] = await accepted;
  connection = first as Socket; // what a server accepts
  asked.length = 0;
  errors.length = 0;
  answers = [];
});
afterEach(async () => {
  viewer.destroy();
  connection.destroy();
  await new Promise((resolve) => server.close(resolve));
  removeDirectorySync(directory);
});

/** Launches by a systemd-run that does what the script says. The next answers of systemctl are `answers`, then what it says of no unit. */
function launch(script: string): Launch {
  const program = join(directory, 'systemd-run');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => errors.push(message) };
  const run = (_program: string, args: readonly string[]) => {
    asked.push(args.join(' '));
    return Promise.resolve(answers.shift() ?? NOT_LOADED);
  };
  const worker = ['/usr/bin/node', '/usr/lib/usher/worker.js'];
  return new SystemdRunLauncher({ program, worker, reaper: '/reaper', brokerUnit: 'usher-broker.service', run, log }).launch(
    KID,
    connection,
  );
}

const STOP = 'stop usher-session-1001.service';
const ASK_TO_END = 'kill --signal=TERM --kill-who=main usher-session-1001.service';

describe('a session that PID 1 is asked for', () => {
  it('P6.3: is the person’s, without a capability, bound to the broker and reaped after it; the connection is its input and output', async () => {
    const heard = once(viewer, 'data');
    const { ended } = launch('printf "%s\\n" "$@"');
    const args = String((await heard)[0]).split('\n');
    expect(args).toEqual(
      expect.arrayContaining([
        ...['--unit=usher-session-1001.service', '--uid=kid', 'PAMName=usher', 'NoNewPrivileges=yes', 'CapabilityBoundingSet='],
        ...['BindsTo=usher-broker.service', 'ExecStopPost=+/reaper 1001', '/usr/bin/node', '/usr/lib/usher/worker.js'],
      ]),
    );
    expect(await ended).toBeUndefined();
  });

  it.each([
    ['PAM refuses', 'exit 224', 'LoginRefused'],
    ['the home can’t be entered', 'exit 200', 'NoHome'],
    ['the program is missing', 'echo "Failed to find executable /usr/bin/node: No such file" >&2; exit 1', 'NoWorker'],
    ['the account has one', 'echo "Failed to start transient service unit: Unit x.service already exists." >&2; exit 1', 'Occupied'],
    ['PID 1 refuses', 'echo "Failed to start transient service unit: Access denied" >&2; exit 1', 'LaunchFailed'],
    // Somebody holds the pipe open for longer than anybody should wait.
    ['PID 1 refuses, and something stays', 'sleep 2 & echo "Failed to start transient service unit: no" >&2; exit 1', 'LaunchFailed'],
  ])('B6: is refused where %s', async (_why, script, refusal) => {
    expect(await launch(script).ended).toBe(refusal);
    expect(errors).toEqual([]);
  });

  it.each([
    ['0', 'exit 0'],
    ['1', 'echo "the worker ends" >&2; exit 1'],
  ])('B7: is over with its worker’s status %s, and what may be left of its unit is stopped', async (_status, script) => {
    expect(await launch(script).ended).toBeUndefined();
    expect(asked).toEqual([STOP]);
  });

  it('B7: that was told to end before PID 1 knows of it is looked for until it is there', async () => {
    answers = [NOT_LOADED, NOT_LOADED, NOT_LOADED, NOT_LOADED, STOPPED];
    const { ended, stop } = launch('read -r line');
    stop();
    await expect.poll(() => asked.length).toBe(5);
    viewer.write('\n'); // its unit is stopped, and so systemd-run ends
    expect(await ended).toBeUndefined();
    expect(asked).toEqual([ASK_TO_END, STOP, STOP, STOP, STOP, STOP]);
  });

  it('B7: is asked to end first, and not waited for once it has', async () => {
    answers = [STOPPED];
    const { ended, stop } = launch('read -r line');
    stop();
    expect(asked).toEqual([ASK_TO_END]);
    viewer.write('\n'); // its worker ends, and so systemd-run does
    expect(await ended).toBeUndefined();
    // Once for whoever asked, once for the end. A machine that has stood still meanwhile may have looked for the unit some more times.
    await expect.poll(() => asked.slice(0, 3)).toEqual([ASK_TO_END, STOP, STOP]);
  });

  it('B7: whose systemd-run was killed is looked for too: it may have asked', async () => {
    // Once is enough: every further look would have to come within half a second of real time.
    answers = [NOT_LOADED, STOPPED];
    expect(await launch('kill -KILL $$').ended).toBeUndefined();
    expect(asked).toEqual([STOP, STOP]);
  });

  it('B7: is tried to be stopped three times where PID 1 does not answer, and then that is said', async () => {
    answers = [NO_ANSWER, NO_ANSWER, NO_ANSWER];
    expect(await launch('exit 0').ended).toBeUndefined();
    expect(asked).toHaveLength(3);
    expect(errors).toEqual(['a session could not be stopped']);
  });

  it('B6: that can’t be asked for is over', async () => {
    const { ended } = launch('exit 0');
    await ended;
    rmSync(join(directory, 'systemd-run'));
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const run = () => Promise.resolve(NOT_LOADED);
    const options = { program: join(directory, 'systemd-run'), worker: ['/x'], reaper: '/reaper', brokerUnit: 'b.service', run, log };
    expect(await new SystemdRunLauncher(options).launch(KID, connection).ended).toBeUndefined();
  });
});

describe('what an earlier broker left', () => {
  it.each([
    ['is stopped', STOPPED, []],
    ['that can’t be looked for is said', NO_ANSWER, ['sessions of an earlier broker could not be looked for']],
  ])('B7: %s', async (_what, answer, said) => {
    const warnings: string[] = [];
    const calls: string[] = [];
    const log = { info: () => undefined, warn: (message: string) => warnings.push(message), error: () => undefined };
    const run = (_program: string, args: readonly string[]) => {
      calls.push(args.join(' '));
      return Promise.resolve(answer);
    };
    await new SystemdRunLauncher({ worker: ['/x'], reaper: '/reaper', brokerUnit: 'b.service', run, log }).sweep();
    expect(calls).toEqual(['stop usher-session-*.service']);
    expect(warnings).toEqual(said);
  });
});
