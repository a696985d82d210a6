import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { descendants } from '../harness/processes.ts';
import { removeDirectory } from '../harness/temporary-directory.ts';

/** Titles by id (requirements P7.5, P4.2), from `usher connect --launch` to a program that runs on the desktop. */

const TEST_MS = 60_000;

let directory: string;
let host: HostProcess;
let people: People;
/** What the titles write about themselves. */
let notes: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-launch-'));
  notes = join(directory, 'notes');
  await mkdir(notes);
  await mkdir(join(directory, 'share', 'applications'), { recursive: true });
  // Every field code of the specification, and a word that a shell would take apart.
  await install('maze', `Exec=sh "${await program()}" %f --icon %i --name %c %% "a; b" %U`);
  await install('secret', `Exec=sh "${await program()}" secret`);
  host = await HostProcess.start({ env: { XDG_DATA_HOME: join(directory, 'share'), XDG_DATA_DIRS: join(directory, 'none') } });
  people = new People(host, directory);
  // Into a profile that no broker opens: so that pairing starts no desktop.
  await people.pair('laptop', await people.profile('Hall', { os_account: { kind: 'linux', username: 'hall' } }));
  await people.unassign(await people.fingerprintOf('laptop'));
}, TEST_MS);

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

async function install(id: string, exec: string): Promise<void> {
  const text = `[Desktop Entry]\nType=Application\nName=The ${id}\n${exec}\n`;
  await writeFile(join(directory, 'share', 'applications', `${id}.desktop`), text);
}

/** A title that notes its words and its display, a file for each start, and stays. */
async function program(): Promise<string> {
  const path = join(directory, 'title.sh');
  await writeFile(path, `printf '%s\\n' "$DISPLAY" "$@" > "${notes}/.$$"\nmv "${notes}/.$$" "${notes}/$$"\nexec sleep 1000\n`);
  return path;
}

async function starts(): Promise<readonly (readonly string[])[]> {
  const files = (await readdir(notes)).filter((name) => !name.startsWith('.'));
  return Promise.all(files.map(async (name) => (await readFile(join(notes, name), 'utf8')).trimEnd().split('\n')));
}

describe('usher connect --launch', () => {
  it('P4.2: an id that isn’t in the library is refused by its code, and nothing is started', async () => {
    const { exitCode, answer } = await people.connect('laptop', { args: ['--launch', 'desktop:nothing'] });
    expect([exitCode, answer.string('code'), answer.integer('status', -99, 0)]).toEqual([4, 'session.title-not-found', -12]);
    expect(await descendants(host.process.pid ?? 0)).toEqual([]);
  });

  it('P4.2: nor one outside the profile’s scope, which its library doesn’t list either', async () => {
    const device = await people.fingerprintOf('laptop');
    const scope = { library_scope: { mode: 'deny', ids: ['desktop:secret'] }, assigned_fingerprints: [device] };
    const kids = await people.profile('Kids', scope);
    const { exitCode, answer } = await people.connect('laptop', { args: ['--launch', 'desktop:secret'] });
    expect([exitCode, answer.string('code')]).toEqual([4, 'session.title-not-found']);
    expect(await descendants(host.process.pid ?? 0)).toEqual([]);
    await people.removeProfile(kids);
  });

  it(
    'P7.5: a desktop entry is started on the desktop, its field codes filled in and no shell asked',
    async () => {
      const { exitCode, answer } = await people.connect('laptop', { args: ['--launch', 'desktop:maze'] });
      expect([exitCode, answer.optionalString('message')]).toEqual([0, undefined]);
      const [words] = await eventually('the title to note how it was started', async () => {
        const found = await starts();
        return found.length === 0 ? undefined : found;
      });
      expect(words).toEqual([expect.stringMatching(/^:\d+$/), '--icon', '--name', 'The maze', '%', 'a; b']);
    },
    TEST_MS,
  );

  it(
    'P7.5: who comes back finds it as it was',
    async () => {
      expect((await people.connect('laptop', { args: ['--launch', 'desktop:maze'] })).exitCode).toBe(0);
      expect(await starts()).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'P7.5: a program that isn’t there is told, with what is missing',
    async () => {
      const custom_entries = [{ id: 'gone', title: 'Gone', launch: { kind: 'command', value: '/opt/no such/game --new' } }];
      const device = await people.fingerprintOf('laptop');
      const kids = await people.profile('Kids', { custom_entries, assigned_fingerprints: [device] });
      const { exitCode, answer } = await people.connect('laptop', { args: ['--launch', 'custom:gone'] });
      expect([exitCode, answer.string('code'), answer.integer('status', -99, 0)]).toEqual([7, 'session.title-failed', -14]);
      expect(answer.string('message')).toContain('/opt/no is not installed on the host');
      await people.removeProfile(kids);
    },
    TEST_MS,
  );

  it('P8.5: the audit has what was started, for whom', async () => {
    const { body } = await host.api('GET', '/api/v1/audit?limit=10&event=title.launched');
    const titles = Reader.of(body, 'audit').list('entries', 10, (entry) => entry.object('fields').string('title'));
    expect(titles).toEqual(['desktop:maze', 'desktop:maze']);
  });

  it('P6.7: titles end with the host', async () => {
    const programs = await descendants(host.process.pid ?? 0);
    expect(programs.some(({ command }) => command === 'sleep 1000')).toBe(true);
    await host.stop();
    const left = programs.filter(({ command }) => command === 'sleep 1000').map(({ pid }) => `/proc/${pid}/cmdline`);
    await eventually('the title to end', async () => {
      const commands = await Promise.all(left.map((path) => readFile(path, 'utf8').catch(() => ''))); // gone
      return commands.some((command) => command.startsWith('sleep')) ? undefined : true;
    });
  });
});
