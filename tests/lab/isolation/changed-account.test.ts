import { mkdir, writeFile } from 'node:fs/promises';
import { Reader } from '@usher/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { desktopOf } from './desktop-of.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';

/** A program of a desktop, on a machine that does other things. */
const APPEARS_MS = 20_000;
/** Nobody's before. */
const OTHER_UID = 1500;

let machine: UsherMachine;
let visitors: Visitors;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  await machine.addPerson('kid');
  visitors = await Visitors.around(machine);
  await visitors.settle('kid');
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

async function manage(...args: readonly string[]): Promise<Reader> {
  const { stdout, stderr } = await machine.container.run(['usher', ...args, '--home', '/var/lib/usher', '--json'], { user: 'usher' });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`no answer: ${stdout}${stderr}`);
  return Reader.json(line, 'usher');
}

/** Another person has the name now. Whoever had it is out: `usermod` insists on it, and the host keeps desktops for a while. */
async function giveAway(account: string): Promise<void> {
  await machine.container.must(['systemctl', 'stop', 'usher-host.service']);
  const changed = async () => (await machine.container.run(['usermod', '--uid', String(OTHER_UID), account])).status === 0 || undefined;
  await eventually(`nothing of ${account} is left`, changed, APPEARS_MS);
  await visitors.startHost();
}

describe('in an account of a person', () => {
  it('P7.5: a session begins with a title of the library, which runs as the person, on the person’s display', async () => {
    const entry =
      '[Desktop Entry]\nType=Application\nName=Maze\nExec=sh -c "id -un > /home/kid/maze; echo $DISPLAY >> /home/kid/maze; exec sleep 1000"\n';
    await mkdir(machine.container.path('/usr/local/share/applications'), { recursive: true });
    await writeFile(machine.container.path('/usr/local/share/applications/maze.desktop'), entry.replaceAll('$', '\\\\$'), { mode: 0o644 });
    const { answer, errors } = await visitors.visit('kid', ['--launch', 'desktop:maze', '--seconds', '3']);
    expect(answer.boolean('ok'), errors).toBe(true);
    const note = async () => {
      const { stdout } = await machine.container.run(['cat', '/home/kid/maze']);
      return stdout.trimEnd().split('\n').length === 2 ? stdout.trimEnd().split('\n') : undefined;
    };
    expect(await eventually('the title', note, APPEARS_MS)).toEqual(['kid', (await desktopOf(machine.container, 'kid')).display]);
  });

  it('B5, P6.5: that is another person’s by now, nobody comes in until the operator says again that it is meant', async () => {
    await giveAway('kid');
    for (let tries = 0; tries < 2; tries += 1) {
      const { answer } = await visitors.visit('kid', ['--seconds', '1']);
      expect([answer.boolean('ok'), answer.optionalString('detail')]).toEqual([false, 'LoginFailed']);
      expect(answer.string('message')).toContain('save the profile again if that is meant');
    }
    expect((await machine.container.run(['pgrep', '--uid', String(OTHER_UID)])).stdout).toBe('');
    await manage('profiles', 'update', 'kid', '--account', 'kid');
    const { answer, errors } = await visitors.visit('kid', ['--seconds', '3']);
    expect(answer.boolean('ok'), errors).toBe(true);
    expect((await desktopOf(machine.container, 'kid')).uid).toBe(OTHER_UID);
    const told = (await manage('audit', 'show', '--event', 'account')).list('entries', 100, (entry) => {
      return `${entry.string('event')} ${entry.object('fields').string('outcome')}`;
    });
    expect(told).toEqual(['account.bound bound', 'account.unbound unbound', 'account.bound bound']);
  });
});
