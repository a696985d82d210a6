import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountName } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOST_UID, type Line, TestBroker } from '../testing/test-broker.ts';
import type { SystemAccount } from './accounts/eligibility.ts';

const KIDS = '0a1b2c3d4e5f';
const TEENS = 'ffffffffffff';
const DEVICE = 'ab'.repeat(32);

let test: TestBroker;
beforeEach(async () => {
  test = await TestBroker.listen();
  test.add(person('kid', 1001));
  test.add(person('teen', 1002));
});
afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

function person(name: string, uid: number, overrides: Partial<SystemAccount> = {}): SystemAccount {
  return { name: accountName(name), uid, gid: uid, home: `/home/${name}`, isMember: true, expiryDay: undefined, ...overrides };
}

/** A session of a bound profile, up to where its worker runs. */
async function opened(control: { readonly line: Line; readonly token: string }, profile = KIDS, account = 'kid') {
  expect(await control.line.ask(`BIND ${profile} ${account}`)).toBe('OK');
  const before = test.launcher.launches.length;
  const line = test.connect();
  line.write(`OPEN ${control.token} ${profile} ${DEVICE}\n`);
  await expect.poll(() => test.launcher.launches.length).toBe(before + 1);
  const launch = test.launcher.launches[before];
  if (launch === undefined) throw new TypeError('it was counted');
  return { line, launch };
}

/** Profiles of a record as it was found, each of an account. */
function alreadyBound(count: number): readonly string[] {
  const profiles = Array.from({ length: count }, (_, number) => number.toString(16).padStart(12, '0'));
  const lines = profiles.map((profile, number) => {
    test.add(person(`p${number}`, 2000 + number));
    return `${profile} p${number} ${2000 + number}\n`;
  });
  writeFileSync(join(test.directory, 'accounts'), lines.join(''), { mode: 0o600 });
  return profiles;
}

function events(): readonly string[] {
  return test.recorded.map(({ event }) => event);
}

describe('whom the broker answers', () => {
  it.each([
    ['another uid', { pid: 7, uid: 1001 }],
    ['root', { pid: 7, uid: 0 }],
    ['nobody knows whom', undefined],
  ])('B9: not %s, not even with a refusal', async (_who, peer) => {
    test.peer = peer;
    expect(await test.connect().ask('HELLO 1')).toBe('closed');
    expect(events()).toEqual(['broker.stranger-refused']);
  });

  it('B2: a host, up to four times', async () => {
    const controls = [];
    for (let count = 0; count < 4; count += 1) controls.push(await test.control());
    expect(new Set(controls.map(({ token }) => token)).size).toBe(4);
    expect(await test.connect().ask('HELLO 1')).toBe('ERR TooMany');
    controls[0]?.line.socket.destroy();
    await expect.poll(async () => (await test.control()).token.length).toBe(32);
  });

  it.each([
    ['another version', 'HELLO 2\n'],
    ['a request of a control connection', `BIND ${KIDS} kid\n`],
    ['noise', '\u0000\u0001\n'],
    ['two lines at once', 'HELLO 1\nHELLO 1\n'],
    ['the beginning of another line', 'HELLO 1\nBIND'],
    ['a line without end', 'A'.repeat(161)],
  ])('B1: not %s', async (_what, text) => {
    const line = test.connect();
    line.write(text);
    expect(await line.next()).toBe('ERR BadRequest');
    await line.closed;
    expect(test.recorded).toMatchObject([{ event: 'broker.refused', fields: { refusal: 'BadRequest' } }]);
  });

  it('B1: nobody beyond the 32 that may wait for an answer; who comes when one of them has gone is answered', async () => {
    const silent = Array.from({ length: 32 }, () => test.connect());
    await Promise.all(silent.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
    expect(await test.connect().ask('HELLO 1')).toBe('closed');
    for (const { socket } of silent) socket.destroy();
    await expect.poll(async () => (await test.control()).token.length).toBe(32);
  });

  it('B1: nobody who takes his time', async () => {
    const line = test.connect();
    line.write('HEL');
    expect(await line.next()).toBe('ERR BadRequest');
  });
});

describe('a control connection', () => {
  it('B4: answers in order', async () => {
    const { line } = await test.control();
    line.write(`CHECK kid\nCHECK ghost\nBIND ${KIDS} kid\nBIND ${TEENS} kid\nUNBIND ${KIDS}\n`);
    const answers = [];
    for (let count = 0; count < 5; count += 1) answers.push(await line.next());
    expect(answers).toEqual(['OK', 'ERR NoAccount', 'OK', 'ERR AccountTaken', 'OK']);
  });

  it('B4: refuses who may not be opened', async () => {
    test.add(person('guest', 1003, { isMember: false }));
    test.add(person('late', 1004, { expiryDay: 1 }));
    test.add(person('root', 0));
    const { line } = await test.control();
    expect(await line.ask(`BIND ${KIDS} guest`)).toBe('ERR NotMember');
    expect(await line.ask(`BIND ${KIDS} late`)).toBe('ERR Expired');
    expect(await line.ask(`BIND ${KIDS} root`)).toBe('ERR SystemAccount');
  });

  it('B4: binds one account to one profile, by its uid too', async () => {
    test.add(person('alias', 1001));
    const { line } = await test.control();
    expect(await line.ask(`BIND ${KIDS} kid`)).toBe('OK');
    expect(await line.ask(`BIND ${TEENS} alias`)).toBe('ERR AccountTaken');
    expect(await line.ask(`BIND ${KIDS} teen`)).toBe('OK');
    expect(await line.ask(`BIND ${TEENS} kid`)).toBe('OK');
  });

  it('B4: forgets what it never knew', async () => {
    const { line } = await test.control();
    expect(await line.ask(`UNBIND ${KIDS}`)).toBe('OK');
    expect(events()).toEqual(['broker.host-connected']);
  });

  it('B4: binds 128 profiles', async () => {
    const { line } = await test.control();
    alreadyBound(127);
    expect(await line.ask(`BIND ${KIDS} kid`)).toBe('OK');
    expect(await line.ask(`BIND ${TEENS} teen`)).toBe('ERR TooMany');
  });

  it('B4: ends with too many lines that wait', async () => {
    const { line } = await test.control();
    let finish: () => void = () => undefined;
    const looking = new Promise<void>((resolve) => {
      finish = resolve;
    });
    test.whileLooking = () => looking;
    line.write('CHECK kid\n'.repeat(18));
    expect(await line.next()).toBe('ERR BadRequest');
    finish();
    await line.closed;
  });

  it.each(['HELLO 1', `OPEN ${'0'.repeat(32)} ${KIDS} ${DEVICE}`, 'nonsense', ''])('B2: ends with %j', async (text) => {
    const { line } = await test.control();
    expect(await line.ask(text)).toBe('ERR BadRequest');
    await line.closed;
  });

  it('B8: does nothing that it cannot write down', async () => {
    const { line } = await test.control();
    test.auditFails = true;
    expect(await line.ask(`BIND ${KIDS} kid`)).toBe('ERR StateUnusable');
    expect(await test.connect().ask('HELLO 1')).toBe('ERR StateUnusable');
    test.auditFails = false;
    expect(await line.ask(`CLOSE ${KIDS}`)).toBe('ERR NotOpen');
    const session = test.connect();
    session.write(`OPEN ${'0'.repeat(31)}1 ${KIDS} ${DEVICE}\n`);
    expect(await session.next()).toBe('ERR NotBound');
  });
});

describe('a session', () => {
  it('B5, B6: is the worker’s connection, and nothing else', async () => {
    const control = await test.control();
    const { line, launch } = await opened(control);
    expect(launch.person).toEqual({ account: 'kid', uid: 1001, gid: 1001, home: '/home/kid' });
    launch.connection.write('worker\n');
    expect(await line.next()).toBe('worker');
    expect(events()).toEqual(['broker.host-connected', 'broker.bound', 'session.opening']);
    expect(test.recorded.at(-1)).toMatchObject({ principal: `device:${DEVICE}`, profile: KIDS, fields: { account: 'kid', uid: 1001 } });
  });

  it.each([
    ['a token that is nobody’s', `OPEN ${'f'.repeat(32)} ${KIDS} ${DEVICE}`, 'UnknownToken'],
    ['a profile that is not bound', `OPEN ${'0'.repeat(31)}1 ${TEENS} ${DEVICE}`, 'NotBound'],
  ])('B5: is refused for %s', async (_what, text, refusal) => {
    const { line } = await test.control();
    expect(await line.ask(`BIND ${KIDS} kid`)).toBe('OK');
    expect(await test.connect().ask(text)).toBe(`ERR ${refusal}`);
    expect(test.recorded.at(-1)).toMatchObject({ event: 'broker.refused', principal: `device:${DEVICE}`, fields: { refusal } });
    expect(test.launcher.launches).toEqual([]);
  });

  it.each([
    ['has lost root’s word', person('kid', 1001, { isMember: false }), 'NotMember'],
    ['has another uid by now', person('kid', 1009), 'AccountChanged'],
    ['has become root', person('kid', 0), 'SystemAccount'],
  ])('B5: is refused to who %s since', async (_what, account, refusal) => {
    const { line, token } = await test.control();
    expect(await line.ask(`BIND ${KIDS} kid`)).toBe('OK');
    test.add(account);
    expect(await test.connect().ask(`OPEN ${token} ${KIDS} ${DEVICE}`)).toBe(`ERR ${refusal}`);
  });

  it('B5: is one per account, however fast they are asked for', async () => {
    const control = await test.control();
    expect(await control.line.ask(`BIND ${KIDS} kid`)).toBe('OK');
    const lines = Array.from({ length: 5 }, () => test.connect());
    for (const line of lines) line.write(`OPEN ${control.token} ${KIDS} ${DEVICE}\n`);
    await expect.poll(() => events().filter((event) => event === 'broker.refused').length).toBe(4);
    expect(test.launcher.launches).toHaveLength(1);
  });

  it('B5: is not opened for a host that has gone meanwhile', async () => {
    const control = await test.control();
    expect(await control.line.ask(`BIND ${KIDS} kid`)).toBe('OK');
    test.whileLooking = async () => {
      control.line.socket.destroy();
      await control.line.closed;
      await expect.poll(() => test.launcher.launches.length).toBe(0);
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    };
    expect(await test.connect().ask(`OPEN ${control.token} ${KIDS} ${DEVICE}`)).toBe('ERR UnknownToken');
    expect(test.launcher.launches).toEqual([]);
  });

  it('B5: there are 64 at most', async () => {
    const control = await test.control();
    const profiles = alreadyBound(65);
    // As many at a time as may wait for an answer.
    for (const some of [profiles.slice(0, 32), profiles.slice(32, 64)]) {
      const before = test.launcher.launches.length;
      for (const profile of some) test.connect().write(`OPEN ${control.token} ${profile} ${DEVICE}\n`);
      await expect.poll(() => test.launcher.launches.length).toBe(before + some.length);
    }
    expect(await test.connect().ask(`OPEN ${control.token} ${profiles[64] ?? ''} ${DEVICE}`)).toBe('ERR TooMany');
  });

  it('B6: that never had a worker is a refusal', async () => {
    const control = await test.control();
    const { line, launch } = await opened(control);
    launch.end('LoginRefused');
    expect(await line.next()).toBe('ERR LoginRefused');
    await line.closed;
    expect(test.recorded.at(-1)).toMatchObject({ event: 'session.refused', fields: { refusal: 'LoginRefused' } });
    await opened(control);
  });

  it('B7: ends with its worker, and the account is free', async () => {
    const control = await test.control();
    const { line, launch } = await opened(control);
    launch.end();
    expect(await line.next()).toBe('closed');
    expect(events().at(-1)).toBe('session.ended');
    await opened(control);
  });

  it('B7: ends with CLOSE, which is answered when it is gone', async () => {
    const control = await test.control();
    const { launch } = await opened(control);
    launch.obeys = false;
    control.line.write(`CLOSE ${KIDS}\n`);
    await expect.poll(() => launch.stops).toBe(1);
    expect(events().at(-1)).toBe('session.opening');
    launch.end();
    expect(await control.line.next()).toBe('OK');
  });

  it('B5: is opened once the one before, which was told to end, has ended', async () => {
    const control = await test.control();
    const { launch } = await opened(control);
    launch.obeys = false;
    control.line.write(`CLOSE ${KIDS}\n`);
    await expect.poll(() => launch.stops).toBe(1);
    test.connect().write(`OPEN ${control.token} ${KIDS} ${DEVICE}\n`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.launcher.launches).toHaveLength(1);
    launch.end();
    await expect.poll(() => test.launcher.launches.length).toBe(2);
  });

  it('B7: ends with its control connection, and with no other', async () => {
    const control = await test.control();
    const another = await test.control();
    const mine = await opened(control);
    const other = await opened(another, TEENS, 'teen');
    expect(await another.line.ask(`CLOSE ${KIDS}`)).toBe('ERR NotOpen');
    control.line.socket.destroy();
    expect(await mine.line.next()).toBe('closed');
    expect(other.launch.stops).toBe(0);
  });

  it('B7: ends with the broker', async () => {
    const control = await test.control();
    const { launch } = await opened(control);
    await test.broker.close();
    expect(launch.stops).toBe(1);
    await control.line.closed;
  });

  it('B4: keeps its binding as it is', async () => {
    const control = await test.control();
    await opened(control);
    expect(await control.line.ask(`BIND ${KIDS} teen`)).toBe('ERR StillOpen');
    expect(await control.line.ask(`UNBIND ${KIDS}`)).toBe('ERR StillOpen');
  });
});

describe('a mistake of the broker’s own', () => {
  const TOLD = [expect.stringContaining('by a mistake of ours')];
  beforeEach(() => {
    test.whileLooking = () => Promise.reject(new TypeError('a mistake'));
  });

  it('B4: ends the control connection that met it, with its sessions, and no other', async () => {
    const [control, another] = [await test.control(), await test.control()];
    test.whileLooking = () => Promise.resolve();
    const { line } = await opened(control);
    test.whileLooking = () => Promise.reject(new TypeError('a mistake'));
    expect(await control.line.ask('CHECK kid')).toBe('closed');
    expect(await line.next()).toBe('closed');
    expect(test.errors).toEqual(TOLD);
    test.whileLooking = () => Promise.resolve();
    expect(await another.line.ask('CHECK kid')).toBe('OK');
  });

  it('B5: opens nothing', async () => {
    const control = await test.control();
    const [profile = ''] = alreadyBound(1);
    expect(await test.connect().ask(`OPEN ${control.token} ${profile} ${DEVICE}`)).toBe('closed');
    expect(test.launcher.launches).toEqual([]);
    expect(test.errors).toEqual(TOLD);
  });
});

describe('the audit', () => {
  it('B8: is not flooded: after a hundred refusals one in ten seconds, with the count of the others', async () => {
    test.peer = { pid: 7, uid: HOST_UID + 1 };
    for (let count = 0; count < 130; count += 1) await test.connect().closed;
    expect(test.recorded).toHaveLength(100);
    test.unix += 10;
    await test.connect().closed;
    expect(test.recorded).toHaveLength(101);
    expect(test.recorded.at(-1)).toMatchObject({ fields: { left_out: 30 } });
  });
});
