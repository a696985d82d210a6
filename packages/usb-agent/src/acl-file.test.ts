import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
    expect((await readdir(home)).sort()).toEqual(['usb_acl.json', 'usb_acl.json.key', 'usb_acl.json.revision', 'usb_acl.json.sig']);
    for (const name of await readdir(home)) expect((await stat(join(home, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(`${file}.key`)).length).toBe(32);
    expect((await load()).acl).toEqual(ONE_RULE);
  });

  it('U3.1: a first save that fails leaves nothing that vouches for rules, so that the next one succeeds', async () => {
    const store = await load();
    await mkdir(`${file}.sig.next`); // nothing can be put in its place
    await expect(store.change(() => ONE_RULE)).rejects.toMatchObject({ code: 'store.write-failed' });
    expect([await readdir(home), (await load()).integrity]).toEqual([['usb_acl.json.sig.next'], { ok: true }]);
    await rmdir(`${file}.sig.next`);
    await store.change(() => ONE_RULE);
    expect((await load()).acl).toEqual(ONE_RULE);
  });

  it('U3.1: the directory is made where it is missing, for its owner alone', async () => {
    const inner = join(home, 'state');
    await (await AclStore.load(new SignedAclFile(inner), DENY_ALL)).change(() => ONE_RULE);
    expect((await stat(inner)).mode & 0o777).toBe(0o700);
  });

  it('U3.2: a file that nobody signed is taken as it is, unless a signature is required; whoever stands by it signs', async () => {
    await put(file, golden.file);
    expect((await load()).integrity).toEqual({ ok: true });
    const strictly = () => AclStore.load(new SignedAclFile(home, file, { requiresSignature: true }), DENY_ALL);
    const strict = await strictly();
    expect([strict.acl, strict.integrity.ok, strict.integrity.problem]).toEqual([
      DENY_ALL,
      false,
      expect.stringContaining('usher usb acl sign'),
    ]);
    await strict.sign();
    expect((await strictly()).integrity).toEqual({ ok: true });
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
    ['may be read by others', () => chmod(file, 0o644), /open to others/],
    ['has a key that others may read', () => chmod(`${file}.key`, 0o640), /key is open to others/],
  ])('U3.1, U3.2: a file that %s is not believed: everything is refused, and edits too', async (_name, tamper, problem) => {
    await saved(ALLOW_ALL);
    await tamper();
    const store = await load(ALLOW_ALL);
    expect(store.acl).toEqual(DENY_ALL);
    expect(store.integrity.ok).toBe(false);
    expect(store.integrity.problem).toMatch(problem);
    await expect(store.change(() => ONE_RULE)).rejects.toMatchObject({ code: 'store.unreadable' });
  });

  it.each(['', '.sig', '.key', '.revision'])(
    'U3.1: the command that mends a file %s that is open to others goes with the problem and with a refused edit, and it mends it',
    async (end) => {
      await saved();
      await chmod(`${file}${end}`, 0o644);
      const store = await load();
      const mend = `chmod 600 '${file}${end}'`;
      expect(store.integrity).toEqual({ ok: false, problem: `${file}${end} is open to others`, mend });
      await expect(store.change(() => ONE_RULE)).rejects.toThrow(`run: ${mend}`);
      await promisify(execFile)('sh', ['-c', mend]);
      await store.refresh();
      expect([store.acl, store.integrity]).toEqual([ONE_RULE, { ok: true }]);
    },
  );

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
    ['before the rules were replaced', ['', '.sig', '.revision'], ONE_RULE],
    ['before the signature was replaced', ['.sig', '.revision'], ALLOW_ALL],
    ['before the number was replaced', ['.revision'], ALLOW_ALL],
  ])('U3.2: a save that was interrupted %s leaves rules that are believed', async (_name, notYetReplaced, expected) => {
    await saved();
    const before = new Map(await Promise.all(notYetReplaced.map(async (end) => [end, await readFile(`${file}${end}`)] as const)));
    await saved(ALLOW_ALL);
    for (const [end, bytes] of before) {
      if (end !== '') await rename(`${file}${end}`, `${file}${end}.next`);
      await put(`${file}${end}`, bytes);
    }
    const store = await load();
    expect([store.acl, store.integrity.ok]).toEqual([expected, true]);
    await store.change(() => ONE_RULE);
    expect((await load()).integrity.ok).toBe(true);
  });

  it('U3.2: old rules with their old signature are no rules any more', async () => {
    await saved(ALLOW_ALL);
    const [before, signature] = [await readFile(file), await readFile(`${file}.sig`)];
    await saved();
    await put(file, before);
    await put(`${file}.sig`, signature);
    const store = await load();
    expect([store.acl, store.integrity.ok]).toEqual([DENY_ALL, false]);
    expect(store.integrity.problem).toMatch(/set back to an earlier/);
  });

  it.each([
    ['everything', ['', '.sig', '.key', '.revision']],
    ['all but the key', ['', '.sig', '.revision']],
  ])('U3.2: setting %s back together is noticed by an agent that runs', async (_name, ends) => {
    const store = await load();
    await store.change(() => ALLOW_ALL);
    const before = await Promise.all(ends.map(async (end) => [end, await readFile(`${file}${end}`)] as const));
    await store.change(() => ONE_RULE);
    for (const [end, bytes] of before) await put(`${file}${end}`, bytes);
    await store.refresh();
    expect([store.acl, store.integrity.ok]).toEqual([DENY_ALL, false]);
  });

  it('U3.2: a number that was rewritten isn’t believed', async () => {
    await saved();
    const text = await readFile(`${file}.revision`, 'latin1');
    await put(`${file}.revision`, text.replace(/^1 /, '9 '));
    expect((await load()).integrity.problem).toMatch(/revision was changed/);
  });

  it('U3.2: deleting the rules while the agent runs refuses everything, with the key or without', async () => {
    const store = await load(ALLOW_ALL);
    await store.change(() => ONE_RULE);
    for (const name of await readdir(home)) await unlink(join(home, name));
    await store.refresh();
    expect([store.acl, store.integrity.ok]).toEqual([DENY_ALL, false]);
  });

  it.each([
    ['was edited', () => put(file, '{"version": 1, "default": "allow"}'), ALLOW_ALL],
    ['lost its signature', () => unlink(`${file}.sig`), ONE_RULE],
    ['lost its key', () => unlink(`${file}.key`), ONE_RULE],
    ['has a number that makes no sense', () => put(`${file}.revision`, 'seven'), ONE_RULE],
    ['is gone', () => unlink(file), DENY_ALL],
  ])(
    'U3.2: rules whose file %s count again, and may be edited again, once the operator has signed them',
    async (_name, tamper, expected) => {
      const store = await load();
      await store.change(() => ONE_RULE);
      await tamper();
      await store.refresh();
      expect([store.acl, store.integrity.ok]).toEqual([DENY_ALL, false]);
      await store.sign();
      expect([store.acl, store.integrity]).toEqual([expected, { ok: true }]);
      await store.change(() => ONE_RULE);
      expect((await load()).acl).toEqual(ONE_RULE);
    },
  );

  it.each([
    ['open to others', () => chmod(file, 0o644), 'store.unsafe'],
    ['not JSON', () => put(file, '{'), 'store.unreadable'],
  ])('U3.2: a file that is %s can’t be signed', async (_name, spoil, code) => {
    const store = await load();
    await store.change(() => ONE_RULE);
    await spoil();
    await expect(store.sign()).rejects.toMatchObject({ code });
    expect(store.integrity.ok).toBe(false);
  });

  it('U3.2: a hand edit of a file that was never signed counts at the next look, and listeners are told once', async () => {
    const store = await load();
    let news = 0;
    store.onChange(() => {
      news += 1;
    });
    await put(file, '{"version": 1, "default": "allow"}');
    await store.refresh();
    await store.refresh();
    expect([store.acl, news]).toEqual([ALLOW_ALL, 1]);
  });

  it('U3.2: a change starts from what the file says now, not from what it said', async () => {
    const [one, other] = [await load(), await load()];
    await one.change(() => ONE_RULE);
    await other.change((acl) => ({ ...acl, rules: [...acl.rules, { ...YUBIKEY, serial: 'b' }] }));
    expect((await load()).acl.rules.map((rule) => rule.serial)).toEqual([undefined, 'b']);
  });

  it('U2.6, U3.1: what holds for simulated devices without a file is never saved: the first change starts from a refusal', async () => {
    const store = await load(ALLOW_ALL);
    await store.change((acl) => ({ ...acl, rules: [...acl.rules, YUBIKEY] }));
    expect(store.acl).toEqual(ONE_RULE);
    expect((await load(DENY_ALL)).acl).toEqual(ONE_RULE);
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
