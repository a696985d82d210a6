import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { leftoversOf, NOTHING_LEFT } from './leftovers.ts';
import { monotonicMs, PersonWatch } from './person-watch.ts';
import type { RemotePeer } from './remote-sockets.ts';
import { Session } from './session.ts';
import { type Control, SESSION_PROGRAM, UsherMachine } from './usher-machine.ts';

/** Rule B7: whatever ends a session, this long after it nothing of it is left. */
const GONE_WITHIN_MS = 2000;
const PROFILE = '0a1b2c3d4e5f';

let machine: UsherMachine;
let kid: number;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  kid = await machine.addPerson('kid');
  await machine.useWorker(SESSION_PROGRAM);
});
afterEach(async () => {
  await machine.freshBroker();
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

/** A session whose worker ignores whatever should end it, with children that do the same and belong to nobody. */
async function stubbornSession(peer: RemotePeer): Promise<Control> {
  const control = await machine.control(peer);
  expect(await control.ask(`BIND ${PROFILE} kid`)).toBe('OK');
  const session = await Session.begin(await control.open(PROFILE));
  await session.beStubborn();
  expect((await leftoversOf(machine.container, kid)).processes.length).toBeGreaterThanOrEqual(5);
  return control;
}

/** Whatever there still was when the time was over, and what the service manager remembers after it. */
async function leftAfter(kill: () => Promise<void>): Promise<readonly string[]> {
  const watch = await PersonWatch.begin(machine.container, [kid]);
  const killed = monotonicMs();
  await kill();
  const left = await watch.leftAfter(killed, GONE_WITHIN_MS);
  expect(await leftoversOf(machine.container, kid)).toEqual(NOTHING_LEFT);
  return left;
}

/** A session that ends well, after one that didn't. */
async function opensAgain(): Promise<void> {
  await using peer = machine.peer();
  const control = await machine.control(peer);
  const session = await Session.begin(await control.open(PROFILE));
  expect(await session.run('id', '-un')).toBe('0 kid');
}

describe('whatever is killed, nothing of a stubborn session is left after two seconds, and the next one opens', () => {
  const killed = (pattern: string) => machine.container.must(['pkill', '--signal', 'KILL', '--full', pattern]);
  it.each([
    ['the host', async (peer: RemotePeer) => peer.kill()],
    [
      'the broker',
      async () => void (await machine.container.must(['systemctl', 'kill', '--signal=KILL', '--kill-who=main', 'usher-broker.service'])),
    ],
    [
      'the broker, asked to stop',
      async () => void (await machine.container.must(['systemctl', 'stop', '--no-block', 'usher-broker.service'])),
    ],
    ['the worker', async () => void (await killed(`^/usr/bin/node ${SESSION_PROGRAM}`))],
    ['the launcher', async () => void (await killed('^/usr/bin/systemd-run .*usher-session'))],
  ] as const)('P6.7, B7: %s', async (_who, kill) => {
    {
      await using peer = machine.peer();
      await stubbornSession(peer);
      expect(await leftAfter(() => kill(peer))).toEqual([]);
    }
    await opensAgain();
  });

  it('P6.7, B7: the connection of a worker that ends with it', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const session = await Session.begin(await control.open(await control.bind('kid')));
    expect(
      await leftAfter(() => {
        session.socket.end();
        return Promise.resolve();
      }),
    ).toEqual([]);
  });

  it('B7: CLOSE, answered when it is so', async () => {
    await using peer = machine.peer();
    const control = await stubbornSession(peer);
    const began = monotonicMs();
    expect(await control.ask(`CLOSE ${PROFILE}`)).toBe('OK');
    const tookMs = Math.round(monotonicMs() - began);
    console.log(`CLOSE was answered after ${tookMs} ms`);
    expect(tookMs).toBeLessThan(GONE_WITHIN_MS);
    expect(await leftoversOf(machine.container, kid)).toEqual(NOTHING_LEFT);
    await opensAgain();
  });

  it('B7: a login that the person has besides goes on', async () => {
    const own = machine.container.start([
      'systemd-run',
      '--quiet',
      '--wait',
      '--pipe',
      '-p',
      'PAMName=login',
      '--uid=kid',
      '/bin/sleep',
      '600',
    ]);
    try {
      await eventually('the other login', async () =>
        (await leftoversOf(machine.container, kid)).sessions.length === 1 ? true : undefined,
      );
      await using peer = machine.peer();
      const control = await stubbornSession(peer);
      expect(await control.ask(`CLOSE ${PROFILE}`)).toBe('OK');
      const left = await leftoversOf(machine.container, kid);
      expect(left.sessions).toHaveLength(1);
      expect(left.processes.filter((process) => process.includes('sleep'))).toEqual(['/bin/sleep 600']);
      expect(left.runtimeDirectory).toBe(true);
    } finally {
      await machine.container.must(['pkill', '--full', '^/bin/sleep 600']);
      own.kill();
    }
  });
});
