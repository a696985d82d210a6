import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChainCheck } from '@usher/domain';
import { type AuditEntry, parseEntry, parseHead } from '@usher/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Session } from './session.ts';
import { BROKER_SOCKET, DEVICE, SESSION_PROGRAM, UsherMachine } from './usher-machine.ts';

let machine: UsherMachine;
let kid: number;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  kid = await machine.addPerson('kid');
  await machine.addPerson('teen');
  await machine.addPerson('guest', { isMember: false });
  await machine.addPerson('late');
  await machine.container.must(['usermod', '--expiredate', '1', 'late']);
  await machine.container.must(['usermod', '--append', '--groups', 'usher-users', 'root']);
  await machine.container.must(['usermod', '--append', '--groups', 'usher-users', 'daemon']);
  await machine.useWorker(SESSION_PROGRAM);
});
// What a test left behind is no other test's.
afterEach(async () => {
  await machine.freshBroker();
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

async function auditEntries(): Promise<readonly AuditEntry[]> {
  const directory = machine.container.path('/var/lib/usher-broker/audit');
  const check = new ChainCheck((text) => createHash('sha256').update(text).digest('hex'));
  const entries: AuditEntry[] = [];
  const head = parseHead(await readFile(join(directory, 'head'), 'utf8')); // before the entries, of which there may be more by then
  for (const name of (await readdir(directory)).filter((file) => file !== 'head').sort()) {
    for (const [index, line] of (await readFile(join(directory, name), 'utf8')).trimEnd().split('\n').entries()) {
      check.take(line, name, index + 1);
      entries.push(parseEntry(line));
    }
  }
  expect(check.finish(head, 'head').faults).toEqual([]);
  return entries;
}

async function lastRefusal(): Promise<unknown> {
  return (await auditEntries()).findLast(({ event }) => event === 'broker.refused')?.fields?.['refusal'];
}

describe('a host in a stranger’s hands', () => {
  it.each([
    ['root, though a member', 'root', 'SystemAccount'],
    ['a service, though a member', 'daemon', 'SystemAccount'],
    ['nobody', 'nobody', 'SystemAccount'],
    ['somebody whom root has not made eligible', 'guest', 'NotMember'],
    ['somebody whose account has expired', 'late', 'Expired'],
    ['an account that is not there', 'ghost', 'NoAccount'],
  ])('P6.2: does not get %s', async (_who, account, refusal) => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    expect(await control.ask(`CHECK ${account}`)).toBe(`ERR ${refusal}`);
    expect(await control.ask(`BIND 0123456789ab ${account}`)).toBe(`ERR ${refusal}`);
    expect(await lastRefusal()).toBe(refusal);
    expect(await (await control.open('0123456789ab')).line()).toBe('ERR NotBound\n');
  });

  it.each([
    ['a user name in place of a profile', `OPEN ${'0'.repeat(32)} kid ${DEVICE}`],
    ['a uid', `OPEN ${'0'.repeat(32)} 1000 ${DEVICE}`],
    ['a path', 'BIND 0123456789ab /home/kid'],
    ['a path upwards', 'BIND 0123456789ab ../kid'],
    ['an option', 'CHECK --uid=0'],
    ['a command behind it', 'CHECK kid;id'],
    ['a second word', 'CHECK kid root'],
    ['an empty line', ''],
    ['noise', '\u0000\u0001\u00ff'],
    ['another version', 'HELLO 2'],
    ['a verb that is not there', 'EXEC kid'],
    ['a request that belongs on a control connection', 'CLOSE 0123456789ab'],
    ['a line that is too long', `CHECK ${'k'.repeat(200)}`],
  ])('P6.2: gets nothing for %s', async (_what, line) => {
    await using peer = machine.peer();
    const socket = await peer.connect(BROKER_SOCKET);
    socket.write(`${line}\n`);
    expect(await socket.line()).toBe('ERR BadRequest\n');
    await socket.closed();
    expect(await lastRefusal()).toBe('BadRequest');
  });

  it('B1: gets nothing for bytes behind its request', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    const socket = await peer.connect(BROKER_SOCKET);
    socket.write(`OPEN ${control.token} ${profile} ${DEVICE}\nearly`);
    expect(await socket.line()).toBe('ERR BadRequest\n');
  });

  it('B1: is not waited for', async () => {
    await using peer = machine.peer();
    const socket = await peer.connect(BROKER_SOCKET);
    socket.write('HELLO');
    expect(await socket.line()).toBe('ERR BadRequest\n');
  });

  it('B5: needs a living control connection', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    const before = control.token;
    control.socket.end();
    await control.socket.closed();
    const another = await machine.control(peer);
    for (const token of [before, '0'.repeat(32)]) {
      const socket = await peer.connect(BROKER_SOCKET);
      socket.write(`OPEN ${token} ${profile} ${DEVICE}\n`);
      expect(await socket.line()).toBe('ERR UnknownToken\n');
    }
    expect(await another.ask(`UNBIND ${profile}`)).toBe('OK');
  });

  it('B4: one account is one profile', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    expect(await control.ask('BIND 0123456789ab kid')).toBe('ERR AccountTaken');
    expect(await control.ask(`BIND ${profile} teen`)).toBe('OK');
    expect(await control.ask('BIND 0123456789ab kid')).toBe('OK');
    expect(await control.ask('UNBIND 0123456789ab')).toBe('OK');
  });

  it('P6.2: somebody else than the host cannot even connect; root, who can, gets no answer', async () => {
    await using other = machine.peer('kid');
    const refused = await other.connect(BROKER_SOCKET);
    await refused.closed();
    expect(refused.problem).toBe('EACCES');

    await using root = machine.peer('root');
    const ignored = await root.connect(BROKER_SOCKET);
    ignored.write('HELLO 1\n');
    expect(await ignored.line()).toBeUndefined();
    expect((await auditEntries()).at(-1)).toMatchObject({ event: 'broker.stranger-refused', fields: { uid: 0 } });
  });

  it('P6.2: a record that others could have written opens nobody', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    await machine.container.must(['chmod', 'g+w', '/var/lib/usher-broker/accounts']);
    expect(await (await control.open(profile)).line()).toBe('ERR StateUnusable\n');
    expect(await control.ask(`BIND ${profile} teen`)).toBe('ERR StateUnusable');
    await machine.container.must(['chmod', 'g-w', '/var/lib/usher-broker/accounts']);
    await machine.container.must(['chown', 'usher', '/var/lib/usher-broker/accounts']);
    expect(await (await control.open(profile)).line()).toBe('ERR StateUnusable\n');
    await machine.container.must(['chown', 'root', '/var/lib/usher-broker/accounts']);
  });

  it('P6.5: who loses root’s word after being bound is not opened, by the broker or by PAM', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('teen');
    await machine.container.must(['gpasswd', '--delete', 'teen', 'usher-users']);
    expect(await (await control.open(profile)).line()).toBe('ERR NotMember\n');
    const asRoot = ['systemd-run', '--quiet', '--wait', '--pipe', '-p', 'PAMName=usher', '--uid=teen', 'true'];
    expect((await machine.container.run(asRoot)).status).toBe(224);
    await machine.container.must(['usermod', '--append', '--groups', 'usher-users', 'teen']);
    expect((await machine.container.run(asRoot)).status).toBe(0);
    expect((await machine.container.run([...asRoot.slice(0, -2), '--uid=root', 'true'])).status).toBe(224);
  });

  it('B5: an account that is another person by now is not opened', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    await machine.addPerson('brief');
    const profile = await control.bind('brief');
    await machine.container.must(['userdel', '--remove', 'brief']);
    expect(await (await control.open(profile)).line()).toBe('ERR NoAccount\n');
    await machine.container.must(['useradd', '--create-home', '--uid', '1999', '--groups', 'usher-users', 'brief']);
    expect(await (await control.open(profile)).line()).toBe('ERR AccountChanged\n');
  });
});

describe('a session', () => {
  it('P6.3, P6.5: is the person’s: their uid, their login session of class user, their runtime directory, and no way back to root', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    const session = await Session.begin(await control.open(profile));
    const seen = await session.look();
    const environment = seen.object('environment');
    expect(seen.integer('uid', 0, 1e9)).toBe(kid);
    expect(seen.strings('capabilities', 5)).toEqual(Array.from({ length: 5 }, () => '0000000000000000'));
    expect(seen.string('noNewPrivileges')).toBe('1');
    expect(seen.string('becomesRoot')).toBe('EPERM');
    expect(environment.string('XDG_RUNTIME_DIR')).toBe(`/run/user/${kid}`);
    expect(environment.string('HOME')).toBe('/home/kid');
    const id = environment.string('XDG_SESSION_ID');
    expect(seen.string('session')).toContain(`session-${id}.scope`);
    const login = await machine.container.must(['loginctl', 'show-session', id]);
    for (const line of ['Name=kid', 'Service=usher', 'Class=user', 'State=active', 'Remote=no'])
      expect(login).toContain(`${line}
`);
    expect(await session.run('sudo', 'true')).toMatch(/^-1 .*ENOENT|^1 /);
    expect(await session.run('cat', '/etc/shadow')).toMatch(/^1 .*Permission denied/);
    expect(await session.run('stat', '-c', '%U %a', `/run/user/${kid}`)).toBe('0 kid 700');
    expect(await control.ask(`CLOSE ${profile}`)).toBe('OK');
  });

  it('P6.3: inherits nothing but the relay, and nothing of the broker’s sandbox: network, namespaces and compiled code work', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    const session = await Session.begin(await control.open(profile));
    const listed = await session.run('sh', '-c', 'find /proc/$PPID/fd -type l -printf "%l\\n"');
    // Standard input and output are the relay, the third is the log; whatever comes after them is Node's own, made after it started. Programs of a
    // real desktop, and who else holds what they hold: matrix.test.ts.
    const links = listed.slice(2).split('\n');
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => link.startsWith('/') && link !== '/dev/null')).toEqual([]);
    // A program that it starts has its own three, and the one by which it looks.
    const ofChild = await session.run('sh', '-c', 'cd /proc/self/fd && ls');
    expect(ofChild).toMatch(/^0 0\n1\n2(\n\d+)?$/);
    expect(
      await session.run(
        'node',
        '-e',
        'new (require("net").Server)().listen(0, "127.0.0.1", function () { console.log("listens"); this.close() })',
      ),
    ).toBe('0 listens');
    expect(await session.run('unshare', '--user', '--map-root-user', 'id', '-u')).toBe('0 0');
    expect(await session.run('node', '-e', 'console.log(WebAssembly.validate(new Uint8Array([0,97,115,109,1,0,0,0])))')).toBe('0 true');
    expect(await session.run('sh', '-c', 'grep Seccomp_filters /proc/self/status')).toBe(
      `0 ${(await machine.container.must(['grep', 'Seccomp_filters', '/proc/1/status'])).trim()}`,
    );
    expect(await control.ask(`CLOSE ${profile}`)).toBe('OK');
  });

  it('P6.6: is one per account; CLOSE is its owner’s', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    await Session.begin(await control.open(profile));
    expect(await (await control.open(profile)).line()).toBe('ERR Occupied\n');
    expect(await control.ask(`BIND ${profile} teen`)).toBe('ERR StillOpen');
    expect(await control.ask(`UNBIND ${profile}`)).toBe('ERR StillOpen');
    const another = await machine.control(peer);
    expect(await another.ask(`CLOSE ${profile}`)).toBe('ERR NotOpen');
    expect(await control.ask(`CLOSE ${profile}`)).toBe('OK');
    expect(await control.ask(`CLOSE ${profile}`)).toBe('ERR NotOpen');
  });

  it('P6.9: is told by zone 0, where zone 1 cannot reach it', async () => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    await Session.begin(await control.open(profile));
    expect(await control.ask(`CLOSE ${profile}`)).toBe('OK');
    expect(await control.ask(`UNBIND ${profile}`)).toBe('OK');
    const told = (await auditEntries()).filter((entry) => entry.profile === profile);
    expect(told.map(({ event }) => event)).toEqual(['broker.bound', 'session.opening', 'session.ended', 'broker.unbound']);
    expect(told[1]).toMatchObject({ principal: `device:${DEVICE}`, fields: { account: 'kid', uid: kid } });
    expect((await machine.container.run(['ls', '/var/lib/usher-broker'], { user: 'usher' })).stderr).toContain('Permission denied');
  });

  it.each([
    [
      'no program',
      'NoWorker',
      ['mv /opt/usher-lab/session-program.mjs /opt/usher-lab/away && mv /usr/bin/node /usr/bin/node-away'],
      ['mv /usr/bin/node-away /usr/bin/node && mv /opt/usher-lab/away /opt/usher-lab/session-program.mjs'],
    ],
    ['no home', 'NoHome', ['mv /home/kid /home/away'], ['mv /home/away /home/kid']],
  ])('B6: with %s is a refusal', async (_what, refusal, [spoil = ''], [mend = '']) => {
    await using peer = machine.peer();
    const control = await machine.control(peer);
    const profile = await control.bind('kid');
    await machine.container.must(['sh', '-c', spoil]);
    try {
      expect(await (await control.open(profile)).line()).toBe(`ERR ${refusal}\n`);
    } finally {
      await machine.container.must(['sh', '-c', mend]);
    }
  });
});
