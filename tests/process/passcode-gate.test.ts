import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';
import type { Ended } from '../harness/usher.ts';

/**
 * Who may guess a passcode, and when (requirement P2.2, gap G10), against a running host that is stopped and started again. The waits of
 * the first four guesses are a minute together; instead of sitting them out, the test writes the file that a host leaves after them.
 */

const PASSCODE = 'tea at 4';
const TEST_MS = 60_000;

let directory: string;
let home: string;
let host: HostProcess;
let people: People;
/** Its account can't be opened without a broker: whoever is told so has passed the gate. */
let kids: string;
let thief: string;
let tablet: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-gate-'));
  home = join(directory, 'home');
  await start();
  kids = await people.profile('Kids', { os_account: { kind: 'linux', username: 'kid' } }, PASSCODE);
  thief = await people.pair('thief', kids);
  await people.pair('friend', kids);
  tablet = await people.pair('tablet', kids);
  for (const device of [thief, await people.fingerprintOf('friend'), tablet]) await people.unassign(device);
}, TEST_MS);

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

async function start(): Promise<void> {
  host = await HostProcess.start({ home });
  people = new People(host, directory);
}

/** Stops the host, and starts one that finds these counters. */
async function restart(counters?: unknown): Promise<void> {
  expect(await host.stop()).toBe(0);
  if (counters !== undefined) await writeFile(join(home, 'passcode_gate.json'), JSON.stringify(counters), { mode: 0o600 });
  await start();
}

/** The file of a host that has seen so many wrong ones of a device, which may try again from then on. */
function failuresOf(device: string, failures: number, next_unix: number) {
  return {
    ...{ version: 1, devices: [{ profile: kids, fingerprint: device, failures, next_unix }] },
    days: [{ profile: kids, start_unix: now() - 60, failures }],
  };
}

async function guess(device: string, passcode: string) {
  const ended = await people.connect(device, { profile: kids, passcode });
  return { ...reasonOf(ended), exitCode: ended.exitCode };
}

function reasonOf({ answer }: Ended) {
  const seconds = answer.has('retrySeconds') ? answer.integer('retrySeconds', 0, 86_400) : 0;
  return { reject: answer.optionalString('reject'), status: answer.integer('status', -99, 0), seconds };
}

const WRONG = { reject: 'WrongPasscode', status: -11, exitCode: 3 };
const LOCKED = { reject: 'LockedOut', status: -11, exitCode: 3 };
const PASSED = { reject: 'SessionUnavailable', status: -14, exitCode: 3, seconds: 0 };
const now = () => Math.floor(Date.now() / 1000);

describe('wrong passcodes of one device', () => {
  it(
    'P2.2: the first says how long to wait, and until then nothing is looked at',
    async () => {
      expect(await guess('thief', 'coffee')).toEqual({ ...WRONG, seconds: 4 });
      await restart(failuresOf(thief, 4, now() + 60));
      const { seconds, ...hurried } = await guess('thief', PASSCODE);
      expect(hurried).toEqual(LOCKED);
      expect(seconds).toBeLessThanOrEqual(60);
    },
    TEST_MS,
  );

  it(
    'P2.2: the fifth locks the device for a quarter of an hour, also with the right one',
    async () => {
      await restart(failuresOf(thief, 4, now() - 1));
      expect(await guess('thief', 'coffee')).toEqual({ ...WRONG, seconds: 900 });
      const { seconds, ...locked } = await guess('thief', PASSCODE);
      expect(locked).toEqual(LOCKED);
      expect(seconds).toBeGreaterThan(800);
    },
    TEST_MS,
  );

  it('P2.2: another device gets past the gate all the same', async () => {
    expect(await guess('friend', PASSCODE)).toEqual(PASSED);
  });

  it(
    'P2.3: a restart of the host doesn’t reset it, not even one that was killed',
    async () => {
      await host.stop('SIGKILL');
      await start();
      const { seconds, ...locked } = await guess('thief', PASSCODE);
      expect(locked).toEqual(LOCKED);
      expect(seconds).toBeGreaterThan(700);
      expect(await guess('friend', PASSCODE)).toEqual(PASSED);
    },
    TEST_MS,
  );

  it(
    'P1.8: the operator’s word does: a device that is removed and let in again starts afresh',
    async () => {
      expect((await people.manage(['devices', 'remove', thief])).exitCode).toBe(0);
      expect(await people.pair('thief', kids)).toBe(thief);
      await people.unassign(thief);
      expect(await guess('thief', PASSCODE)).toEqual(PASSED);
    },
    TEST_MS,
  );

  it('P8.5: the audit has each attempt and how many there were, and not what was typed', async () => {
    const { body } = await host.api('GET', '/api/v1/audit?limit=1000&event=passcode.attempt');
    const results = Reader.of(body, 'audit').list('entries', 1000, (entry) => entry.object('fields').string('result'));
    expect(new Set(results)).toEqual(new Set(['right', 'wrong', 'locked-device']));
    expect(JSON.stringify(body)).not.toMatch(/coffee|tea at/);
  });
});

describe('wrong passcodes of many devices', () => {
  it(
    'gap G10: the hundredth in a day shuts strangers out, and the profile’s own devices may still try',
    async () => {
      await people.manage(['profiles', 'assign', kids, tablet]);
      await people.manage(['profiles', 'update', kids, '--always-ask']);
      await restart({ version: 1, devices: [], days: [{ profile: kids, start_unix: now() - 60, failures: 99 }] });
      expect(await guess('thief', 'coffee')).toEqual({ ...WRONG, seconds: 4 });
      const { seconds, ...stranger } = await guess('friend', PASSCODE);
      expect(stranger).toEqual(LOCKED);
      expect(seconds).toBe(0xffff); // the rest of the day, as far as the reject's field reaches
      expect(await guess('tablet', PASSCODE)).toEqual(PASSED);
    },
    TEST_MS,
  );

  it('gap G10: the operator is told', async () => {
    const { body } = await host.api('GET', '/api/v1/audit?limit=10&event=passcode.ceiling');
    expect(Reader.of(body, 'audit').list('entries', 10, (entry) => entry.string('profile'))).toEqual([kids]);
  });

  it('P2.2: the counters that are kept name devices and numbers, and nothing else', async () => {
    const counters = Reader.json(await readFile(join(home, 'passcode_gate.json'), 'utf8'), 'gate');
    expect(counters.names().toSorted()).toEqual(['days', 'devices', 'version']);
    const names = counters.list('devices', 100, (entry) => entry.names().toSorted().join(' '));
    expect(new Set(names)).toEqual(new Set(['failures fingerprint next_unix profile']));
  });
});
