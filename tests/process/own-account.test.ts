import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestBroker } from '../../packages/host/testing/test-broker.ts';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { descendants, isAlive } from '../harness/processes.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';

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
  await removeDirectory(directory);
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

/** A host that has lost its broker looks for it again. */
async function brokerIsFound(): Promise<void> {
  const isolates = async () => Reader.of((await host.api('GET', '/api/v1/host')).body, 'host').boolean('isolating_profiles') || undefined;
  await eventually('the broker to be found again', isolates, GONE_WITHIN_MS);
}

/** A title that notes its display, its word and its process, and stays. */
async function noting(): Promise<string> {
  const path = join(directory, 'title.sh');
  const file = join(directory, 'note');
  await writeFile(path, `printf '%s\\n' "$DISPLAY" "$1" "$$" > "${file}.part"\nmv "${file}.part" "${file}"\nexec sleep 1000\n`);
  return path;
}

function note(): Promise<readonly string[] | undefined> {
  return readFile(join(directory, 'note'), 'utf8').then(
    (text) => text.trimEnd().split('\n'),
    () => undefined, // not there yet
  );
}

/** What the broker was told of profiles, in its order. */
async function bindings(): Promise<readonly string[]> {
  const { body } = await host.api('GET', '/api/v1/audit?limit=100&event=account');
  const events = Reader.of(body, 'audit').list('entries', 100, (entry) => {
    return `${entry.string('event').replace('account.', '')} ${entry.object('fields').string('outcome')}`;
  });
  return events.toReversed();
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
      await brokerIsFound();
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
    'B5, P6.5: whose account has become another person’s stays shut until the operator says again that it is meant',
    async () => {
      const profile = await settle('kid');
      expect((await people.connect('kid')).answer.boolean('ok')).toBe(true);
      await broker.crash(); // and with it the desktop, which would otherwise wait for kid to come back
      await brokerIsFound();
      broker.uids.set('kid', 1500);
      for (let tries = 0; tries < 2; tries += 1) {
        const { answer } = await people.connect('kid');
        expect([answer.string('reject'), answer.string('detail')]).toEqual(['SessionUnavailable', 'LoginFailed']);
        expect(answer.string('message')).toContain('account than before; save the profile again');
      }
      expect([await bindings(), broker.workers.size]).toEqual([['bound bound'], 0]);
      expect((await people.manage(['profiles', 'update', profile, '--name', 'Kid, the new one'])).exitCode).toBe(0);
      expect(await bindings()).toEqual(['bound bound', 'unbound unbound', 'bound bound']);
      expect((await people.connect('kid')).answer.boolean('ok')).toBe(true);
    },
    CASE_MS,
  );

  it(
    'P7.5: begins with a title of its library, on its own desktop and of its own worker',
    async () => {
      const custom_entries = [{ id: 'note', title: 'Note', launch: { kind: 'command', value: `sh ${await noting()} "a b"` } }];
      await settle('kid', { custom_entries });
      const visit = people.connect('kid', { args: ['--launch', 'custom:note', '--seconds', '3'] });
      const [display, word, pid] = await eventually('the title to note how it was started', note, CASE_MS);
      expect([display, word]).toEqual([expect.stringMatching(/^:\d+$/), 'a b']);
      const inside = await descendants(broker.workers.get('kid') ?? 0);
      expect(inside.map((process) => String(process.pid))).toContain(pid);
      expect((await visit).answer.boolean('ok')).toBe(true);
      const { body } = await host.api('GET', '/api/v1/audit?limit=10&event=title.launched');
      expect(Reader.of(body, 'audit').list('entries', 10, (entry) => entry.object('fields').string('title'))).toEqual(['custom:note']);
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
