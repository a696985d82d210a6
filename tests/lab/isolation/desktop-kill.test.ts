import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { desktopOf, type OpenDesktop } from './desktop-of.ts';
import { leftoversOf, NOTHING_LEFT } from './leftovers.ts';
import { monotonicMs, PersonWatch } from './person-watch.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';
import { typeInto } from './ways.ts';

/** Rule B7: whatever ends a session, this long after it nothing of it is left. */
const GONE_WITHIN_MS = 2000;
/** The longest wait that a host asks for after so many ends is a few seconds. */
const BACK_WITHIN_MS = 45_000;
const PEOPLE = ['kid', 'zoe'] as const;
/** What a person lets run: programs of nobody's, deaf to everything but SIGKILL. */
const STUBBORN = `setsid -f sh -c 'trap "" TERM HUP INT; sleep 1111; sleep 2222' >/dev/null 2>&1`;

let machine: UsherMachine;
let visitors: Visitors;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  visitors = await Visitors.ofPeople(machine, PEOPLE);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

/** Everybody is in, and has let something run that won't end by itself. */
async function openDesktops(): Promise<readonly OpenDesktop[]> {
  for (const name of PEOPLE) visitors.stay(name);
  return Promise.all(
    PEOPLE.map(async (name) => {
      const desktop = await desktopOf(machine.container, name);
      await machine.container.must(typeInto(desktop, STUBBORN), { user: name });
      const isRunning = async () => (await machine.container.run(['pgrep', '-U', name, '-f', '^sleep 1111'])).status === 0 || undefined;
      await eventually(`what ${name} lets run`, isRunning);
      return desktop;
    }),
  );
}

/** Is in again; a host whose desktops keep ending says how long to wait, and is believed. */
async function comesBack(name: string): Promise<void> {
  const isIn = async () => {
    const { answer, errors } = await visitors.visit(name, ['--seconds', '2']);
    if (answer.boolean('ok')) return true;
    expect(errors).toContain('the desktop keeps ending; try again in');
    return undefined;
  };
  await eventually(`${name} to be in again`, isIn, BACK_WITHIN_MS);
}

const kill = (...args: readonly string[]) => machine.container.must(['pkill', '--signal', 'KILL', ...args]);
const killUnit = (unit: string) => machine.container.must(['systemctl', 'kill', '--signal=KILL', '--kill-who=main', unit]);

describe('whatever is killed, nothing of two people’s desktops is left after two seconds, and both are in again', () => {
  it.each([
    ['the host', () => killUnit('usher-host.service')],
    ['the broker', () => killUnit('usher-broker.service')],
    ['the workers', () => kill('--full', 'worker/dist/main.js$')],
    ['the launchers', () => kill('--full', '^/usr/bin/systemd-run .*usher-session')],
    [
      'the host, while a worker hears nothing any more',
      async (desktops: readonly OpenDesktop[]) => {
        await machine.container.must(['kill', '-STOP', ...desktops.map(({ worker }) => String(worker))]);
        await killUnit('usher-host.service');
      },
    ],
  ] as const)('P6.7, B7: %s', async (_who, end) => {
    const { container } = machine;
    const desktops = await openDesktops();
    const watch = await PersonWatch.begin(
      container,
      desktops.map(({ uid }) => uid),
    );
    const killed = monotonicMs();
    await end(desktops);
    expect(await watch.leftAfter(killed, GONE_WITHIN_MS)).toEqual([]);
    for (const { uid } of desktops) expect(await leftoversOf(container, uid)).toEqual(NOTHING_LEFT);

    // Whatever was killed is there again by itself: the service manager starts the host and, at the first call, the broker.
    await visitors.hostIsReady();
    await Promise.all(PEOPLE.map(comesBack));
  });
});
