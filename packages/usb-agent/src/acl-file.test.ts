import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Acl, DENY_ALL } from '@usher/domain';
import { fromBase64, fromHex, Reader } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SignedAclFile } from './acl-file.ts';
import { AclStore } from './acl-store.ts';

const YUBIKEY = {
  vendorId: '1050',
  productId: '0407',
  serial: undefined,
  label: 'YubiKey 5',
  allow: true,
  promptOnOpen: false,
  profile: undefined,
};
const ONE_RULE: Acl = { default: 'deny', rules: [YUBIKEY] };
const ALLOW_ALL: Acl = { default: 'allow', rules: [] };

const vectors = Reader.json(await readFile(new URL('../../protocol/vectors/usb-frames.json', import.meta.url)), 'vectors').object('acl');
const golden = {
  file: fromBase64(vectors.string('file_base64', 10_000)),
  signature: vectors.string('sig_file'),
  key: fromHex(vectors.string('key_hex')),
};

let home: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'usher-acl-'));
  file = join(home, 'usb_acl.json');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const load = (withoutFile: Acl = DENY_ALL) => AclStore.load(new SignedAclFile(home), withoutFile);
const put = (path: string, bytes: string | Uint8Array, mode = 0o600) => writeFile(path, bytes, { mode });

/** A file with its signature and key, as a save leaves them. */
async function saved(acl: Acl = ONE_RULE): Promise<void> {
  await (await load()).change(() => acl);
}

async function putGolden(): Promise<void> {
  await put(file, golden.file);
  await put(`${file}.sig`, golden.signature);
  await put(`${file}.key`, golden.key);
}

describe('usb_acl.json', () => {
  it.each([
    ['refuses everything', DENY_ALL],
    ['has the policy of the simulation', ALLOW_ALL],
  ])('U3.1: without a file it %s, and writes none', async (_name, withoutFile) => {
    const store = await load(withoutFile);
    expect([store.acl, store.integrity]).toEqual([withoutFile, { ok: true }]);
    expect(await readdir(home)).toEqual([]);
  });

  it('U3.1: a file that exists always wins', async () => {
    await saved();
    expect((await load(ALLOW_ALL)).acl).toEqual(ONE_RULE);
  });

  it('U3.1, U3.2: a change is saved with its signature and a key, all owner-only, and nothing else stays behind', async () => {
    await saved();
    expect((await readdir(home)).sort()).toEqual(['usb_acl.json', 'usb_acl.json.key', 'usb_acl.json.sig']);
    for (const name of await readdir(home)) expect((await stat(join(home, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(`${file}.key`)).length).toBe(32);
    expect((await load()).acl).toEqual(ONE_RULE);
  });

  it('U3.1: the directory is made where it is missing, for its owner alone', async () => {
    const inner = join(home, 'state');
    await (await AclStore.load(new SignedAclFile(inner), DENY_ALL)).change(() => ONE_RULE);
    expect((await stat(inner)).mode & 0o777).toBe(0o700);
  });

  it('U3.2: AutoControl’s file, signature and key are taken as they are', async () => {
    await putGolden();
    const store = await load();
    expect([store.acl.rules.length, store.integrity.ok]).toEqual([2, true]);
    await store.change((acl) => acl);
    expect(await readFile(`${file}.sig`, 'latin1')).toBe(golden.signature);
    expect(new Uint8Array(await readFile(file))).toEqual(golden.file);
  });

  it('U3.2: a file from before signing is loaded, and signed when it is saved', async () => {
    await put(file, golden.file);
    const store = await load();
    expect([store.acl.rules.length, store.integrity.ok]).toEqual([2, true]);
    await store.change((acl) => acl);
    expect(await readdir(home)).toContain('usb_acl.json.sig');
  });

  it.each([
    ['was edited', () => put(file, '{"version": 1, "default": "allow"}'), /signature doesn't fit/],
    ['lost its signature', () => unlink(`${file}.sig`), /signature doesn't fit/],
    ['has a signature that is cut off', () => put(`${file}.sig`, 'abcd'), /signature doesn't fit/],
    ['lost its key', () => unlink(`${file}.key`), /key is missing/],
    ['has another key', () => put(`${file}.key`, new Uint8Array(32)), /signature doesn't fit/],
    ['has a key of another length', () => put(`${file}.key`, new Uint8Array(16)), /isn't a key of 32 bytes/],
    ['is gone while its key is there', () => unlink(file), /is missing/],
    ['may be read by others', () => chmod(file, 0o644), /chmod 600/],
    ['has a key that others may read', () => chmod(`${file}.key`, 0o640), /chmod 600/],
  ])('U3.1, U3.2: a file that %s is not believed: everything is refused, and edits too', async (_name, tamper, problem) => {
    await saved(ALLOW_ALL);
    await tamper();
    const store = await load(ALLOW_ALL);
    expect(store.acl).toEqual(DENY_ALL);
    expect(store.integrity.ok).toBe(false);
    expect(store.integrity.problem).toMatch(problem);
    await expect(store.change(() => ONE_RULE)).rejects.toMatchObject({ code: 'store.unreadable' });
  });

  it.each([
    ['no JSON', '{"version": 1', /not JSON/],
    ['another version', '{"version": 2}', /only version 1/],
    ['a rule that makes no sense', '{"version": 1, "rules": [7]}', /expected an object/],
  ])('U3.1: %s refuses everything and is reported', async (_name, text, problem) => {
    await put(file, text);
    const store = await load(ALLOW_ALL);
    expect([store.acl, store.integrity.ok]).toEqual([DENY_ALL, false]);
    expect(store.integrity.problem).toMatch(problem);
  });

  it('U3.1: a symbolic link and a directory are no rules', async () => {
    await put(join(home, 'elsewhere'), '{"version": 1, "default": "allow"}');
    await symlink(join(home, 'elsewhere'), file);
    expect((await load()).integrity.ok).toBe(false);
    await unlink(file);
    await symlink('.', file);
    expect((await load()).acl).toEqual(DENY_ALL);
  });

  it('U3.1: a file larger than any honest one is not read', async () => {
    await put(file, new Uint8Array(1024 * 1024 + 1));
    expect((await load()).integrity.problem).toMatch(/isn't an ordinary file/);
  });

  it.each([
    ['before the rules were replaced', (before: Uint8Array) => put(file, before), ONE_RULE],
    ['before the signature was replaced', () => Promise.resolve(), ALLOW_ALL],
  ])('U3.2: a save that was interrupted %s leaves rules that are believed', async (_name, restore, expected) => {
    await saved();
    const [before, signature] = [await readFile(file), await readFile(`${file}.sig`)];
    await saved(ALLOW_ALL);
    await rename(`${file}.sig`, `${file}.sig.next`);
    await put(`${file}.sig`, signature);
    await restore(before);
    const store = await load();
    expect([store.acl, store.integrity.ok]).toEqual([expected, true]);
    expect((await load()).integrity.ok).toBe(true);
  });

  it('P1.2: a failed save is a failed change', async () => {
    const path = join(home, 'state');
    const store = await AclStore.load(new SignedAclFile(path), DENY_ALL);
    await put(path, 'in the way');
    await expect(store.change(() => ONE_RULE)).rejects.toMatchObject({ code: 'store.write-failed' });
    expect(store.acl).toEqual(DENY_ALL);
  });

  it('U3.1: changes at the same time are all kept, and each is told of', async () => {
    const store = await load();
    let changes = 0;
    store.onChange(() => {
      changes += 1;
    });
    const add = (serial: string) => store.change((acl) => ({ ...acl, rules: [...acl.rules, { ...YUBIKEY, serial }] }));
    await Promise.all(['a', 'b', 'c'].map(add));
    expect((await load()).acl.rules.map((rule) => rule.serial)).toEqual(['a', 'b', 'c']);
    expect(changes).toBe(3);
  });
});
