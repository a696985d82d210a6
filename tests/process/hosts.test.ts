import { networkInterfaces } from 'node:os';
import { fingerprint } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { advertise } from '../../packages/host/src/discovery/advertisement.ts';
import { silentLog } from '../../packages/host/testing/silent-log.ts';
import { type Ended, usher } from '../harness/usher.ts';

/** The name of the loopback interface: nothing of these tests leaves the machine. */
const LOOPBACK = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => internal))?.[0] ?? 'lo';
const FP = 'ab'.repeat(32);

/** Asks until the host has answered: an advertisement is first defended on the network, which takes a slow machine some seconds. */
async function ask(...args: readonly string[]): Promise<Ended> {
  let asked = await usher(['hosts', '--seconds', '3', '--interface', '127.0.0.1', ...args]);
  for (let tries = 1; tries < 8 && !asked.output.includes(':4242/'); tries += 1) {
    asked = await usher(['hosts', '--seconds', '3', '--interface', '127.0.0.1', ...args]);
  }
  return asked;
}

describe('usher hosts', () => {
  it('P5.6: lists the hosts that the network tells of, with what they can do', async () => {
    const host = {
      ...{ name: 'Den \u202eevil', fingerprint: fingerprint(FP), version: '0.1.0', isolatingProfiles: true },
      ...{ bind: '::', port: 4242 },
    };
    const advertisement = advertise(host, silentLog, LOOPBACK);
    try {
      const { exitCode, answer } = await ask('--json');
      expect(exitCode).toBe(0);
      const found = answer.list('hosts', 64, (entry) => entry).find((entry) => entry.string('fingerprint') === FP);
      expect(found?.string('url')).toBe('https://127.0.0.1:4242/');
      expect(found?.strings('addresses', 16)).toContain('127.0.0.1');
      expect([found?.integer('port', 1, 0xffff), found?.string('version')]).toEqual([4242, '0.1.0']);
      expect([found?.boolean('profiles'), found?.boolean('isolating_profiles')]).toEqual([true, true]);

      const shown = await ask();
      expect(shown.output).toMatch(/Den ·evil +https:\/\/127\.0\.0\.1:4242\/ +abababab +own desktops/);
    } finally {
      await advertisement.close();
    }
  });

  it('P5.6: a network that says nothing is told so, in the time that was given', async () => {
    const { exitCode, answer } = await usher(['hosts', '--seconds', '1', '--interface', '127.0.0.1', '--json']);
    expect([exitCode, answer.list('hosts', 64, (entry) => entry.string('fingerprint')).filter((found) => found === FP)]).toEqual([0, []]);
  });

  it.each([
    ['--seconds', '0'],
    ['--seconds', '61'],
    ['--interface', 'eth0'],
  ])('design §6: %s %s is no way to ask', async (...args) => {
    expect((await usher(['hosts', ...args])).exitCode).toBe(2);
  });
});
