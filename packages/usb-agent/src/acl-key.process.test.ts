import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Acl, DENY_ALL } from '@usher/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../../tests/harness/temporary-directory.ts';
import { PrivateKeychain } from '../testing/private-keychain.ts';
import { SignedAclFile } from './acl-file.ts';
import { AclStore } from './acl-store.ts';
import { aclKeyOf, readAclKeyChoice } from './choose-acl-key.ts';

const KEY_RULE = {
  vendorId: '1050',
  productId: '0407',
  serial: undefined,
  profile: undefined,
  label: '',
  allow: true,
  promptOnOpen: false,
};
const RULES: Acl = { default: 'deny', rules: [KEY_RULE] };
const OTHER: Acl = { ...RULES, default: 'allow' };
const KEY = 'ab'.repeat(32);

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'usher-key-'));
});
afterEach(() => removeDirectory(home));

function load(place: string, environment: NodeJS.ProcessEnv = {}): Promise<AclStore> {
  const path = join(home, 'usb_acl.json');
  const choice = readAclKeyChoice(place);
  if (choice === undefined) throw new TypeError(`${place} is no place`);
  return AclStore.load(new SignedAclFile(home, path, { key: aclKeyOf(choice, path, environment) }), DENY_ALL);
}

describe('U3.2: the key from somewhere else than beside the rules', () => {
  it('U3.2: from the environment: nothing is written but rules and signature, and another key believes neither', async () => {
    await (await load('env', { USHER_USB_ACL_KEY: KEY })).change(() => RULES);
    expect((await readdir(home)).sort()).toEqual(['usb_acl.json', 'usb_acl.json.revision', 'usb_acl.json.sig']);
    expect((await load('env', { USHER_USB_ACL_KEY: KEY.toUpperCase() })).acl).toEqual(RULES);
    const other = await load('env', { USHER_USB_ACL_KEY: 'cd'.repeat(32) });
    expect([other.acl, other.integrity.ok]).toEqual([DENY_ALL, false]);
  });

  it.each([{}, { USHER_USB_ACL_KEY: '' }, { USHER_USB_ACL_KEY: 'secret' }])(
    'U3.2: %j is no key: nothing is lent, and it is said without it',
    async (environment) => {
      const { acl, integrity } = await load('env', environment);
      expect([acl, integrity.ok]).toEqual([DENY_ALL, false]);
      expect(integrity.problem).toContain('USHER_USB_ACL_KEY holds no key');
      expect(integrity.problem).not.toContain('secret');
    },
  );

  it('U3.2: from a file that somebody named, such as a credential of the service manager', async () => {
    const key = join(home, 'credential');
    await writeFile(key, Buffer.from(KEY, 'hex'), { mode: 0o600 });
    const store = await load(`file:${key}`);
    expect(store.integrity).toEqual({ ok: true }); // a key that was brought says nothing about rules
    await store.change(() => RULES);
    expect((await load(`file:${key}`)).acl).toEqual(RULES);
  });

  it.each(['file:relative', 'vault', 'file:', ''])('U3.2: “%s” is no place', (place) => {
    expect(readAclKeyChoice(place)).toBeUndefined();
  });
});

const missing = PrivateKeychain.missing();
if (missing !== undefined) throw new Error(missing); // npm test installs it: without it nothing here is shown

describe('U3.2: the key in a real keychain', () => {
  let desktop: PrivateKeychain;
  beforeEach(async () => {
    desktop = await PrivateKeychain.start();
  });
  afterEach(() => desktop[Symbol.asyncDispose]());

  it('U3.2: is made at the first save, found again, and in no file', async () => {
    const store = await load('keychain', desktop.environment);
    expect(store.integrity).toEqual({ ok: true });
    await store.change(() => RULES);
    await store.change(() => OTHER);
    expect((await readdir(home)).sort()).toEqual(['usb_acl.json', 'usb_acl.json.revision', 'usb_acl.json.sig']);
    expect((await load('keychain', desktop.environment)).acl).toEqual(OTHER);
    // Rules that somebody wrote with a key of their own aren't believed.
    await (await load('env', { USHER_USB_ACL_KEY: KEY })).sign();
    expect((await load('keychain', desktop.environment)).integrity.ok).toBe(false);
  });

  it('U3.2: a locked keychain lends nothing, and says how to unlock it', async () => {
    await (await load('keychain', desktop.environment)).change(() => RULES);
    await desktop.lock();
    const { acl, integrity } = await load('keychain', desktop.environment);
    expect([acl, integrity.ok, integrity.problem]).toEqual([DENY_ALL, false, expect.stringContaining('the keychain is locked; unlock it')]);
  });

  it('U3.2: no keychain, or no program that speaks to one, lends nothing and says what to do', async () => {
    const alone = { ...desktop.environment, DBUS_SESSION_BUS_ADDRESS: `unix:path=${home}/nobody` };
    expect((await load('keychain', alone)).integrity.problem).toContain('the keychain can’t be used');
    expect((await load('keychain', { ...desktop.environment, PATH: home })).integrity.problem).toContain('apt install libsecret-tools');
  });
});
