import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { fingerprint } from '@usher/protocol';
import { Bonjour } from 'bonjour-service';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { bounded } from '../../testing/host-process.ts';
import { recordingLog } from '../../testing/test-api.ts';
import { advertise } from './advertisement.ts';

/** The name of the loopback interface: nothing of these tests leaves the machine. */
const LOOPBACK = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => internal))?.[0] ?? 'lo';

const host = {
  ...{ name: 'ü'.repeat(40), fingerprint: fingerprint('cd'.repeat(32)), version: '0.1.0', isolatingProfiles: false },
  ...{ bind: '::', port: 9939 },
};

it('P5.6: a host is found as _usher._udp with prof=1, tells what it can do from now on, and says goodbye', async () => {
  const advertisement = advertise(host, pino({ level: 'silent' }), LOOPBACK);
  // The library types its options as those of `multicast-dns` and leaves out what that takes.
  const options = { interface: '127.0.0.1', bind: '0.0.0.0' } as ConstructorParameters<typeof Bonjour>[0];
  const bonjour = new Bonjour(options);
  const browser = bonjour.find({ type: 'usher', protocol: 'udp' });
  try {
    const found: readonly unknown[] = await bounded(once(browser, 'up'), 20_000, 'the host to be found');
    expect(found[0]).toMatchObject({
      name: 'ü'.repeat(31),
      port: 9939,
      txt: { v: '0.1.0', id: 'cdcdcdcdcdcdcdcd', fp: 'cd'.repeat(32), prof: '1', iso: '0' },
    });
    const updated = once(browser, 'txt-update');
    await advertisement.isolates(true);
    expect((await bounded(updated, 20_000, 'news of the broker'))[0]).toMatchObject({ txt: { iso: '1' } });
    const gone = once(browser, 'down');
    await advertisement.close();
    await bounded(gone, 20_000, 'the goodbye');
  } finally {
    await advertisement.close();
    browser.stop();
    bonjour.destroy();
  }
});

it('P5.6: an advertisement that fails is told, and hurts nobody', async () => {
  const { log, lines } = recordingLog();
  await advertise({ ...host, name: '' }, log, LOOPBACK).close();
  expect(lines.join('\n')).toContain('not advertised by mDNS');
});
