import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildUsherDebs } from '../../../packaging/usher-debs.ts';
import { eventually } from '../../harness/eventually.ts';
import { UsherMachine } from './usher-machine.ts';

/** What `systemd-analyze security` may say at most: 0 is a process that can do nothing, 10 one that can do everything. */
const EXPOSURE_MAX = [
  ['usher-broker.service', 1.0],
  ['usher-host.service', 1.5],
] as const;
/** A host on a machine that does other things. */
const START_MS = 30_000;

let machine: UsherMachine;
beforeEach(async () => {
  machine = await UsherMachine.boot();
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
});

/** What `systemctl is-active` says; it fails where that isn't `active`. */
async function state(unit: string): Promise<string> {
  return (await machine.container.run(['systemctl', 'is-active', unit])).stdout.trim();
}

async function exists(path: string): Promise<boolean> {
  return (await machine.container.run(['test', '-e', path])).status === 0;
}

async function startHost(): Promise<void> {
  await machine.container.must(['systemctl', 'enable', '--now', 'usher-host.service']);
  await eventually('the host is ready', hostIsReady, START_MS);
}

async function hostIsReady(): Promise<true | undefined> {
  const lines = await machine.container.must(['journalctl', '--unit=usher-host.service', '--output=cat', '--boot']);
  return lines.includes('"ready":true') ? true : undefined;
}

describe('the packages', () => {
  it('P6.8: are the same bytes when they are built again', async () => {
    const debs = await buildUsherDebs(join(machine.work, 'again'));
    expect((await readFile(debs.usher)).equals(await readFile(machine.debs.usher))).toBe(true);
    expect((await readFile(debs.broker)).equals(await readFile(machine.debs.broker))).toBe(true);
  });

  it('P6.8: without the broker’s, nothing of Usher is root’s to run, and nothing is on the network unasked', async () => {
    const { container } = machine;
    await machine.install(machine.debs.usher);
    const files = (await container.must(['dpkg', '--listfiles', 'usher'])).trim().split('\n');
    expect(files.filter((path) => path.includes('broker') || path.startsWith('/etc/'))).toEqual([]);
    expect(await container.must(['find', '/usr/lib/usher', '/usr/bin/usher', '-perm', '/6000'])).toBe('');
    expect(await container.must(['systemctl', 'show', 'usher-host.service', '--property=User', '--value'])).toBe('usher\n');
    expect(await state('usher-host.service')).toBe('inactive');
    expect(await container.must(['usher', '--help'], { user: 'usher' })).toContain('usher');
  });

  it('P6.1, P6.8: host and broker run as their units say, each sandboxed', async () => {
    const { container } = machine;
    await machine.install(machine.debs.usher, machine.debs.broker);
    for (const [unit, most] of EXPOSURE_MAX) {
      const text = await container.must(['systemd-analyze', 'security', '--no-pager', unit]);
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1]), unit).toBeLessThanOrEqual(most);
    }
    await machine.addTestPrograms();
    await startHost();
    await using peer = machine.peer();
    await machine.control(peer);
    const processes = (await container.must(['ps', '-o', 'user=,args=', '-C', 'node'])).trim().split('\n');
    const users = new Map(processes.map((line) => [/broker|host/.exec(line.slice(line.indexOf('/')))?.[0], line.split(' ')[0]]));
    expect(users.get('broker')).toBe('root');
    expect(users.get('host')).toBe('usher');
    for (const unit of ['usher-broker', 'usher-host']) {
      const pid = (await container.must(['systemctl', 'show', `${unit}.service`, '--property=MainPID', '--value'])).trim();
      const status = await container.must(['cat', `/proc/${pid}/status`]);
      expect(status).toMatch(/^CapEff:\t0{16}$/m);
      expect(status).toMatch(/^CapBnd:\t0{16}$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    }
  });

  it('P6.8: an upgrade keeps what the host and the broker know; a purge takes everything but the accounts', async () => {
    const { container } = machine;
    await machine.install(machine.debs.usher, machine.debs.broker);
    await machine.addPerson('kid');
    await machine.addTestPrograms();
    await startHost();
    const certificate = await container.must(['cat', '/var/lib/usher/host.crt']);
    {
      await using peer = machine.peer();
      expect(await (await machine.control(peer)).ask('BIND 0a1b2c3d4e5f kid')).toBe('OK');
    }

    const newer = await buildUsherDebs(join(machine.work, 'newer'), '99.0.0');
    await machine.install(newer.usher, newer.broker);
    expect(await container.must(['dpkg-query', '--show', 'usher', 'usher-broker'])).toBe('usher\t99.0.0\nusher-broker\t99.0.0\n');
    expect(await state('usher-host.service')).toBe('active');
    expect(await state('usher-broker.socket')).toBe('active');
    expect(await container.must(['cat', '/var/lib/usher/host.crt'])).toBe(certificate);
    {
      await using peer = machine.peer();
      expect(await (await machine.control(peer)).ask('BIND ffffffffffff kid')).toBe('ERR AccountTaken');
    }

    await container.must(['dpkg', '--remove', 'usher-broker']);
    expect(await state('usher-broker.socket')).toBe('inactive');
    expect(await state('usher-broker.service')).toBe('inactive');
    expect(await exists('/run/usher-broker/broker.sock')).toBe(false);
    expect(await exists('/usr/lib/usher-broker')).toBe(false);
    expect(await exists('/var/lib/usher-broker/accounts')).toBe(true);
    await container.must(['dpkg', '--purge', 'usher-broker', 'usher']);
    for (const path of ['/var/lib/usher', '/var/lib/usher-broker', '/usr/lib/usher', '/usr/lib/usher-broker', '/etc/pam.d/usher']) {
      expect(await exists(path), path).toBe(false);
    }
    expect(await state('usher-host.service')).toBe('inactive');
    expect((await container.run(['systemctl', 'list-unit-files', '--no-legend', 'usher*'])).stdout).toBe('');
    expect((await container.run(['systemctl', 'is-system-running'])).stdout).toBe('running\n');
    expect(Number(await container.must(['id', '-u', 'usher']))).toBeGreaterThan(0);
  });
});
