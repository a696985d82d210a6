import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { closedAfterSuite } from '../harness/closed-after-suite.ts';
import { eventually } from '../harness/eventually.ts';
import { HostProcess } from '../harness/host-process.ts';
import { People } from '../harness/people.ts';
import { SmallDisk } from '../harness/small-disk.ts';
import { TemporaryDirectory } from '../harness/temporary-directory.ts';

/** A host at rest has 40 KiB; what is left is soon filled. */
const DISK_KIB = 512;
const TEST_MS = 60_000;
const PASSCODE = 'tea at 4';
const KEY = { vendor_id: '1050', product_id: '0407' };
const BOARD = { vendor_id: '1209', product_id: '0001' };
const FULL = { status: 507, body: { code: 'store.write-failed' } };
/** A page of the disk holds some ten of them; what was left of the last page is then used up. */
const ENTRIES_MAX = 64;
/** What a person has set up, and must find again. */
const STATE = ['paired.json', 'profiles.json', 'usb_acl.json', 'usb_acl.json.sig', 'usb_acl.json.revision'];

/** Some systems let nobody but root mount anything, and some not even root. */
const isPossible = await SmallDisk.isPossible();

describe.skipIf(!isPossible)('a host whose disk is full', () => {
  const keep = closedAfterSuite();
  let disk: SmallDisk;
  let host: HostProcess;
  let keys: TemporaryDirectory;
  let people: People;
  let laptop: string;
  let den: string;
  let saved: readonly string[];

  const start = () => HostProcess.start({ home: disk.path, args: ['--usb-passthrough', '--usb-backend', 'sim'] });
  const state = () => Promise.all(STATE.map((name) => readFile(join(disk.path, name), 'utf8')));
  const problems = async () =>
    Reader.of((await host.api('GET', '/api/v1/host')).body, 'host').list('problems', 9, (one) => one.string('code'));

  beforeAll(async () => {
    disk = await keep(SmallDisk.mount(DISK_KIB));
    host = await keep(start());
    keys = await keep(TemporaryDirectory.make('people'));
    people = new People(host, keys.path);
    laptop = await people.pair('laptop');
    den = await people.profile('Den', {}, PASSCODE);
    expect((await host.api('POST', '/usb/acl/add', KEY)).status).toBe(200);
    saved = await state();
    await disk.fill();
  }, TEST_MS);

  it.each([
    ['a profile', 'POST', '/api/v1/profiles', { display_name: 'Attic', os_account: { kind: 'operator' } }],
    ['the default', 'PUT', '/api/v1/profiles/default', () => ({ profile_id: den })],
    ['a passcode', 'POST', () => `/api/v1/profiles/${den}/passcode`, { passcode: 'another one' }],
    ['a removed profile', 'DELETE', () => `/api/v1/profiles/${den}`, undefined],
    ['whose a device is', 'POST', () => `/api/v1/profiles/${den}/devices`, () => ({ fingerprint: laptop })],
    ['a removed device', 'DELETE', () => `/api/v1/native/clients/${laptop}`, undefined],
    ['a rule', 'POST', '/usb/acl/add', BOARD],
    ['the rules’ default', 'POST', '/usb/acl/default', { policy: 'allow' }],
  ] as const)('P1.2, U3.1: can’t save %s, says so, and changes nothing', async (_what, method, path, body) => {
    const answer = await host.api(method, typeof path === 'string' ? path : path(), typeof body === 'function' ? body() : body);
    expect(answer).toMatchObject(FULL);
    expect(await state()).toEqual(saved);
  });

  it('P1.2: lets in who is paired, and lends what the rules lend', async () => {
    const { answer } = await people.connect('laptop', { args: ['--usb'] });
    expect([answer.boolean('ok'), answer.object('usb').list('devices', 9, (one) => one.string('product_id'))]).toEqual([true, ['0407']]);
  });

  it('P1.2, SEC-16: pairs nobody by PIN, and says whom to ask; which file it is stays in the log', async () => {
    const { answer } = await people.connect('guest', { args: ['--pin', await host.armPin()] });
    expect([answer.boolean('ok'), answer.string('code')]).toEqual([false, 'store.write-failed']);
    expect(answer.string('message')).toBe('the host can’t save anything right now; ask its operator');
    const logged = () => Promise.resolve(host.log().find((line) => line.includes(join(disk.path, 'paired.json'))));
    expect(await eventually('the host’s log names the file', logged)).toContain('store.write-failed');
    expect(await state()).toEqual(saved);
  });

  it('P2.2: looks at no passcode that it can’t count', async () => {
    const { answer } = await people.connect('laptop', { profile: den, passcode: PASSCODE });
    expect([answer.boolean('ok'), answer.string('code')]).toEqual([false, 'store.write-failed']);
  });

  it('A1: goes on without its audit, and tells the operator', async () => {
    for (let entries = 0; entries < ENTRIES_MAX && (await problems()).length === 0; entries += 1) await host.armPin();
    expect(await problems()).toEqual(['store.write-failed']);
    expect((await people.connect('laptop')).answer.boolean('ok')).toBe(true);
  });

  it('P1.2: keeps who waits waiting where a yes can’t be saved, and lets them in once there is room', async () => {
    const [knocked, hearKnock] = signal();
    const visit = people.connect('guest', { heard: (line) => line.startsWith('The operator has') && hearKnock() });
    await knocked;
    const [id = ''] = Reader.of((await host.api('GET', '/api/v1/native/pending')).body, 'pending').list('pending', 9, (one) =>
      one.string('id'),
    );
    const approve = () => host.api('POST', `/api/v1/native/pending/${id}/approve`, {});
    expect(await approve()).toMatchObject(FULL);
    await disk.free();
    expect((await approve()).status).toBe(204);
    expect((await visit).answer.boolean('ok')).toBe(true);
  });

  it('A1: then saves everything again, with an audit that is whole and knows what it lost', async () => {
    expect((await host.api('POST', '/usb/acl/add', BOARD)).status).toBe(200);
    expect((await host.api('POST', `/api/v1/profiles/${den}/devices`, { fingerprint: laptop })).status).toBe(204);
    expect((await people.connect('laptop', { profile: den, passcode: PASSCODE })).answer.string('profile')).toBe(den);
    expect(await problems()).toEqual([]);
    expect((await host.api('POST', '/api/v1/audit/verify')).body).toMatchObject({ ok: true });
    const lost = Reader.of((await host.api('GET', '/api/v1/audit?event=audit.lost')).body, 'audit');
    expect(lost.list('entries', 9, (entry) => entry.object('fields').integer('count', 1, ENTRIES_MAX))).toHaveLength(1);
  });

  it('P1.1: has all of it after the next start', async () => {
    expect(await host.stop()).toBe(0);
    host = await keep(start());
    people = new People(host, keys.path);
    expect((await people.connect('guest')).answer.boolean('ok')).toBe(true);
    expect((await people.connect('laptop')).answer.string('profile')).toBe(den);
    expect((await host.api('GET', '/usb/acl')).body).toMatchObject({ integrity_ok: true, rules: [KEY, BOARD] });
  });
});

/** A promise, and what fulfils it. */
function signal(): readonly [Promise<void>, () => void] {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return [given, () => give()];
}
