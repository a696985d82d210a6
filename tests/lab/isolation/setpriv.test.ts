import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { leftoversOf } from './leftovers.ts';
import { Session } from './session.ts';
import { SESSION_PROGRAM, UsherMachine } from './usher-machine.ts';

const SOCKET = '/run/setpriv-broker.sock';
/** A broker on a machine that does other things. */
const START_MS = 20_000;
/** The kernel kills at once; looking takes longer. */
const GONE_WITHIN_MS = 5000;
const PROFILE = '0a1b2c3d4e5f';

let machine: UsherMachine;
let kid: number;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  kid = await machine.addPerson('kid');
  const options = ['--launcher', 'setpriv', '--socket', SOCKET, '--state', '/var/lib/setpriv-broker', '--worker', SESSION_PROGRAM];
  await machine.container.must(['mkdir', '--mode=0700', '/var/lib/setpriv-broker']);
  machine.container.start(['node', '--jitless', '/usr/lib/usher-broker/broker.mjs', ...options]).stderr.resume();
  await eventually('the broker', async () => (await machine.container.run(['test', '-S', SOCKET])).status === 0 || undefined, START_MS);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

describe('the broker without systemd', () => {
  it('P6.2, P6.3: opens the person’s account without a privilege, and without what only PAM could give', async () => {
    expect(await machine.container.must(['stat', '--format', '%U %a', SOCKET])).toBe('usher 600\n');
    await using peer = machine.peer();
    const control = await machine.control(peer, SOCKET);
    expect(await control.ask(`BIND ${PROFILE} kid`)).toBe('OK');
    expect(await control.ask('CHECK root')).toBe('ERR SystemAccount');
    const session = await Session.begin(await control.open(PROFILE));
    const seen = await session.look();
    expect(seen.integer('uid', 0, 1e9)).toBe(kid);
    expect(seen.strings('capabilities', 5)).toEqual(Array.from({ length: 5 }, () => '0000000000000000'));
    expect(seen.string('noNewPrivileges')).toBe('1');
    expect(seen.string('becomesRoot')).toBe('EPERM');
    expect(seen.object('environment').has('XDG_SESSION_ID')).toBe(false);
    expect(await session.run('id', '-Gn')).toBe('0 kid usher-users');
    expect(await session.run('pwd')).toBe('0 /home/kid');
    expect(await (await control.open(PROFILE)).line()).toBe('ERR Occupied\n');
    expect(await control.ask(`CLOSE ${PROFILE}`)).toBe('OK');
    expect((await leftoversOf(machine.container, kid)).processes).toEqual([]);
  });

  it('P6.7: takes its workers along when it is killed', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer, SOCKET);
    expect(await control.ask(`BIND ${PROFILE} kid`)).toBe('OK');
    await Session.begin(await control.open(PROFILE));
    expect((await leftoversOf(machine.container, kid)).processes).toHaveLength(1);
    await machine.container.must(['pkill', '--signal', 'KILL', '--full', 'launcher setpriv']);
    const gone = async () => (await leftoversOf(machine.container, kid)).processes.length === 0 || undefined;
    expect(await eventually('its worker to end', gone, GONE_WITHIN_MS)).toBe(true);
  });
});
