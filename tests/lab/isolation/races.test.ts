import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { leftoversOf, NOTHING_LEFT } from './leftovers.ts';
import type { RemotePeer, RemoteSocket } from './remote-sockets.ts';
import { Session } from './session.ts';
import { type Control, SESSION_PROGRAM, UsherMachine } from './usher-machine.ts';

/** As many as come at once. */
const PEOPLE = ['ada', 'ben', 'cem', 'dia', 'eva', 'fox', 'gil', 'hal'] as const;
const PROFILE = '0a1b2c3d4e5f';
/** Everything of a session that was cut off in its beginning has ended by then, PID 1's part too, on a machine that does other things. */
const SETTLED_MS = 10_000;

let machine: UsherMachine;
const uids = new Map<string, number>();
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  for (const name of PEOPLE) uids.set(name, await machine.addPerson(name));
  await machine.useWorker(SESSION_PROGRAM);
});
afterEach(async () => {
  await machine.freshBroker();
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

/** Of `ada`: every unit, login and process has gone. */
async function nothingIsLeft(): Promise<void> {
  const uid = uids.get('ada') ?? 0;
  const deadline = performance.now() + SETTLED_MS;
  let left = await leftoversOf(machine.container, uid);
  while (JSON.stringify(left) !== JSON.stringify(NOTHING_LEFT) && performance.now() < deadline)
    left = await leftoversOf(machine.container, uid);
  expect(left).toEqual(NOTHING_LEFT);
}

/** A lifeline whose profile is `ada`. */
async function controlOfAda(peer: RemotePeer): Promise<Control> {
  const control = await machine.control(peer);
  // The broker may hear a moment later than we that the last session is over.
  const isBound = async () => (await control.ask(`BIND ${PROFILE} ada`)) === 'OK' || undefined;
  await eventually('the profile to be free', isBound);
  return control;
}

async function opensWell(): Promise<void> {
  await using peer = machine.peer();
  const control = await controlOfAda(peer);
  const session = await Session.begin(await control.open(PROFILE));
  expect(await session.run('id', '-un')).toBe('0 ada');
  expect(await control.ask(`CLOSE ${PROFILE}`)).toBe('OK');
}

describe('who come at once', () => {
  it('P6.5: eight people are each in their own account', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profiles: string[] = [];
    for (const name of PEOPLE) profiles.push(await control.bind(name));
    const sockets = await Promise.all(profiles.map((profile) => control.open(profile)));
    const sessions = await Promise.all(sockets.map((socket) => Session.of(socket)));
    const names = sessions.map(async (session) => (typeof session === 'string' ? session : session.run('id', '-un')));
    expect(await Promise.all(names)).toEqual(PEOPLE.map((name) => `0 ${name}`));
  });

  it('P6.6: eight times for one account is one session and seven refusals', async () => {
    await using peer = machine.peer();
    const control = await controlOfAda(peer);
    const sockets = await Promise.all(Array.from({ length: 8 }, () => control.open(PROFILE)));
    const outcomes = await Promise.all(sockets.map((socket) => Session.of(socket)));
    expect(outcomes.filter((outcome) => outcome === 'ERR Occupied')).toHaveLength(7);
    const [session] = outcomes.filter((outcome) => typeof outcome !== 'string');
    expect(await session?.run('id', '-un')).toBe('0 ada');
    expect(await control.ask(`CLOSE ${PROFILE}`)).toBe('OK');
    await nothingIsLeft();
  });

  it('B5: who asks while the last session is being ended waits for it, and is let in', async () => {
    await using peer = machine.peer();
    const control = await controlOfAda(peer);
    const session = await Session.begin(await control.open(PROFILE));
    await session.beStubborn();
    control.socket.write(`CLOSE ${PROFILE}\n`);
    const next = await Session.of(await control.open(PROFILE));
    // CLOSE and OPEN came by two connections: where OPEN was the quicker one, the account was still taken.
    if (typeof next === 'string') expect(next).toBe('ERR Occupied');
    else expect(await next.run('id', '-un')).toBe('0 ada');
    expect(await control.socket.line()).toBe('OK\n');
  });
});

describe('what is cut off while a session begins leaves nothing half open', () => {
  it.each([
    ['whoever asked', (_peer: RemotePeer, _control: Control, socket: RemoteSocket) => socket.end()],
    ['the control connection', (_peer: RemotePeer, control: Control) => control.socket.end()],
    ['the host', (peer: RemotePeer) => peer.kill()],
    ['the broker', () => machine.container.must(['systemctl', 'kill', '--signal=KILL', '--kill-who=main', 'usher-broker.service'])],
    ['the launcher', () => eventually('the launcher to be there and be killed', killLauncher)],
  ] as const)('P6.7, B7: %s', async (_who, cut) => {
    // At different moments: before PID 1 knows of it, while PAM opens the login, while the worker starts.
    for (const delayMs of [0, 15, 40, 80, 160]) {
      {
        await using peer = machine.peer();
        const control = await controlOfAda(peer);
        const socket = await control.open(PROFILE);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await cut(peer, control, socket);
        await socket.closed();
      }
      await nothingIsLeft();
    }
    await opensWell();
  });
});

async function killLauncher(): Promise<true | undefined> {
  const { status } = await machine.container.run(['pkill', '--signal', 'KILL', '--full', '^/usr/bin/systemd-run .*usher-session']);
  return status === 0 || undefined;
}
