import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestBroker } from '../../packages/host/testing/test-broker.ts';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { isAlive } from '../harness/processes.ts';

/**
 * Profiles in accounts of their own, from `usher connect` through a running host and a broker to real workers with real displays. The broker is
 * the one of the tests: it speaks root's protocol without being root, so that every account is the one that the tests run as. That accounts
 * are really apart is the container lab's to show.
 */

/** A visit starts a worker with its display, besides two programs and a connection. */
const CASE_MS = 90_000;
/** What ends with its host or by the operator's word ends within two seconds (rules W7, B7); the rest is for a busy machine. */
const GONE_WITHIN_MS = 10_000;

let directory: string;
let broker: TestBroker;
let host: HostProcess;
let people: People;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-people-'));
  broker = await TestBroker.listen({
    accounts: { kid: undefined, zoe: undefined, guest: 'NotMember' },
    worker: [process.execPath, 'packages/worker/dist/main.js'],
  });
  host = await HostProcess.start({ args: ['--broker', broker.socketPath] });
  people = new People(host, directory);
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** A profile in an account of its own, and the device that is assigned to it. */
async function settle(account: string, fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const profile = await people.profile(account, { os_account: { kind: 'linux', username: account }, ...fields });
  await people.pair(account, profile);
  return profile;
}

async function sessionIds(): Promise<readonly string[]> {
  const { body } = await host.api('GET', '/api/v1/sessions');
  return Reader.of(body, 'sessions').list('sessions', 16, (session) => session.string('session_id'));
}

describe('a profile in an account of its own', () => {
  it(
    'P6.4, P6.6: two people are in at once, each at a desktop of a worker of their own',
    async () => {
      const [kid, zoe] = [await settle('kid'), await settle('zoe')];
      const { body } = await host.api('GET', '/api/v1/host');
      expect(Reader.of(body, 'host').boolean('isolating_profiles')).toBe(true);
      const visits = await Promise.all([
        people.connect('kid', { profile: kid, args: ['--seconds', '3'] }),
        people.connect('zoe', { args: ['--seconds', '3'] }),
      ]);
      for (const { answer, errors } of visits) {
        expect(answer.boolean('ok'), errors).toBe(true);
        expect(answer.object('video').integer('frames', 0, 1e6)).toBeGreaterThan(0);
      }
      expect(visits.map(({ answer }) => answer.string('profile'))).toEqual([kid, zoe]);
      expect([...broker.workers.keys()].sort()).toEqual(['kid', 'zoe']);
      expect(new Set(broker.workers.values()).size).toBe(2);
    },
    CASE_MS,
  );

  it(
    'P6.5: that isn’t eligible is refused with the command that mends it, and nothing is started',
    async () => {
      const profile = await settle('guest');
      const { answer, exitCode } = await people.connect('guest', { profile });
      expect(exitCode).not.toBe(0);
      expect([answer.string('reject'), answer.string('detail')]).toEqual(['SessionUnavailable', 'LoginFailed']);
      expect(answer.string('message')).toContain('sudo usermod -aG usher-users guest');
      expect(broker.workers.size).toBe(0);
    },
    CASE_MS,
  );

  it(
    'P6.7, B2: ends with a host that is killed',
    async () => {
      await settle('kid');
      await people.connect('kid');
      const worker = broker.workers.get('kid') ?? 0;
      expect(await isAlive(worker)).toBe(true);
      await host.stop('SIGKILL');
      await eventually('the worker to end', async () => !(await isAlive(worker)) || undefined, GONE_WITHIN_MS);
    },
    CASE_MS,
  );

  it(
    'P6.7: ends with its broker, and is there again when the broker is',
    async () => {
      await settle('kid');
      const visit = people.connect('kid', { args: ['--seconds', '30'] });
      await eventually('a session', async () => (await sessionIds())[0], GONE_WITHIN_MS * 2);
      await broker.crash();
      const { answer } = await visit;
      expect(answer.string('code')).toBe('session.worker-lost');
      const isolates = async () =>
        Reader.of((await host.api('GET', '/api/v1/host')).body, 'host').boolean('isolating_profiles') || undefined;
      await eventually('the broker to be found again', isolates, GONE_WITHIN_MS);
      expect((await people.connect('kid')).answer.boolean('ok')).toBe(true);
    },
    CASE_MS,
  );

  it(
    'P7.4: is taken back by the operator, and free at once',
    async () => {
      await settle('kid');
      const visit = people.connect('kid', { args: ['--seconds', '30'] });
      await eventually('a session', async () => (await sessionIds())[0], GONE_WITHIN_MS * 2);
      const before = broker.workers.get('kid') ?? 0;
      const [session] = await sessionIds();
      expect((await host.api('DELETE', `/api/v1/sessions/${session ?? ''}`)).status).toBe(204);
      expect((await visit).answer.string('code')).toBe('session.ended-by-operator');
      expect((await people.connect('kid')).answer.boolean('ok')).toBe(true);
      expect(await isAlive(before)).toBe(false);
      expect(broker.workers.get('kid')).not.toBe(before);
    },
    CASE_MS,
  );

  it(
    'P1.8: is nobody’s once its profile is removed: the desktop ends, and the broker forgets it',
    async () => {
      const profile = await settle('kid');
      await people.connect('kid');
      const worker = broker.workers.get('kid') ?? 0;
      expect([...broker.bound.values()]).toEqual(['kid']);
      await people.removeProfile(profile);
      expect(await isAlive(worker)).toBe(false);
      expect(broker.bound.size).toBe(0);
    },
    CASE_MS,
  );
});
