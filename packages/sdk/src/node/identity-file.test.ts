import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, isCoded } from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileIdentity } from './identity-file.ts';

let directory = '';
let path = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'usher-identity-'));
  path = join(directory, 'sub', 'device.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const HOST = { origin: 'https://host.test:9939', fingerprint: fingerprint('ab'.repeat(32)), lastUsedUnix: 1_800_000_000 };

/** The file as JSON, changed, and written back with the same mode. */
async function tamper(change: (file: Record<string, unknown>) => unknown): Promise<string> {
  const file: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>; // written by the code under test
  const text = JSON.stringify(change(file));
  await writeFile(path, text);
  return text;
}

describe('a device in a file', () => {
  it('P9.1: is made once, for its owner only, and stays the same device', async () => {
    const first = await openFileIdentity(path);
    const again = await openFileIdentity(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'sub'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(directory, 'sub'))).toEqual(['device.json']);
    expect(again.certificate).toEqual(first.certificate);
    expect(again.publicKey).toEqual(first.publicKey);
  });

  it('P9.1: has a P-256 certificate that lasts for years', async () => {
    const { certificate } = await openFileIdentity(path);
    const parsed = new X509Certificate(certificate.certificatePem);
    expect(parsed.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(Date.parse(parsed.validTo) - Date.now()).toBeGreaterThan(19 * 365 * 24 * 3600 * 1000);
  });

  it('rule S5: signs with its long-lived key, 64 bytes', async () => {
    const identity = await openFileIdentity(path);
    const signature = await identity.sign('usher-device-key-v1\nabc');
    const key = createPublicKey({ key: Buffer.from(identity.publicKey), format: 'der', type: 'spki' });
    expect(signature).toHaveLength(64);
    expect(verify('sha256', Buffer.from('usher-device-key-v1\nabc'), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  });

  it('P9.1: remembers hosts across openings, by name', async () => {
    const identity = await openFileIdentity(path);
    await identity.hosts.pin({ ...HOST, name: 'Living room', lastProfile: 'operator' });
    await identity.hosts.pin({ ...HOST, lastUsedUnix: 1_900_000_000 });
    const known = (await openFileIdentity(path)).hosts.find(HOST.origin);
    expect(known).toEqual({ ...HOST, name: 'Living room', lastUsedUnix: 1_900_000_000, lastProfile: 'operator' });
    await identity.hosts.forget(HOST.origin);
    expect((await openFileIdentity(path)).hosts.list()).toEqual([]);
  });

  it('P9.1: two programs with the same device don’t undo each other’s hosts', async () => {
    const [one, other] = await Promise.all([openFileIdentity(path), openFileIdentity(path)]);
    expect(other.certificate).toEqual(one.certificate);
    await one.hosts.pin(HOST);
    await other.hosts.pin({ ...HOST, origin: 'https://other.test' });
    expect(other.hosts.list().map((host) => host.origin)).toEqual(['https://other.test', 'https://host.test:9939']);
  });

  it('P9.1: remembers a bounded number of hosts and forgets the one used longest ago', async () => {
    const identity = await openFileIdentity(path);
    const hosts = Array.from({ length: 256 }, (_, index) => ({
      origin: `https://h${index}.test`,
      fingerprint: HOST.fingerprint,
      name: 'x',
      last_used_unix: 1000 + index,
    }));
    await tamper((file) => ({ ...file, hosts }));
    await identity.hosts.pin(HOST);
    expect(identity.hosts.list()).toHaveLength(256);
    expect(identity.hosts.find('https://h0.test')).toBeUndefined();
    expect(identity.hosts.find('https://h1.test')).toBeDefined();
  });
});

describe('a file that isn’t a whole identity', () => {
  beforeEach(async () => {
    await openFileIdentity(path);
  });

  it.each([
    ['half-written', () => '{"version": 1, "certif'],
    ['empty', () => ''],
    ['not UTF-8', () => Buffer.from([0xff, 0xfe, 0x00])],
    ['too large', () => Buffer.alloc(300 * 1024, 0x20)],
  ])('P9.1: %s is refused and left as it is', async (_what, contents) => {
    await writeFile(path, contents());
    const before = await readFile(path);
    await expect(openFileIdentity(path)).rejects.toMatchObject({ code: 'store.unreadable' });
    expect(before.equals(await readFile(path))).toBe(true);
  });

  it.each([
    ['without a key', (file: Record<string, unknown>) => ({ ...file, key: undefined }), 'store.unreadable'],
    ['with another’s key', (file: Record<string, unknown>) => ({ ...file, key: file['signing_key'] }), 'store.unreadable'],
    ['with a broken certificate', (file: Record<string, unknown>) => ({ ...file, certificate: 'x' }), 'store.unreadable'],
    ['with a broken signing key', (file: Record<string, unknown>) => ({ ...file, signing_key: 'x' }), 'store.unreadable'],
    ['with a broken host', (file: Record<string, unknown>) => ({ ...file, hosts: [{ origin: 'https://x' }] }), 'store.unreadable'],
    ['of a later version', (file: Record<string, unknown>) => ({ ...file, version: 2 }), 'store.newer-version'],
  ])('P9.1: %s is refused and left as it is', async (_what, change, code) => {
    const before = await tamper(change);
    await expect(openFileIdentity(path)).rejects.toMatchObject({ code });
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it.each([0o640, 0o604, 0o666])('P9.1: mode %o is refused with the command that mends it', async (mode) => {
    await chmod(path, mode);
    const attempt = openFileIdentity(path);
    await expect(attempt).rejects.toMatchObject({ code: 'store.unsafe' });
    await expect(attempt).rejects.toThrow(`chmod 600 '${path}'`);
  });

  it('P9.1: a file that turned bad isn’t replaced by pinning a host', async () => {
    const identity = await openFileIdentity(path);
    await rm(path);
    await writeFile(path, 'broken', { mode: 0o600 });
    await expect(identity.hosts.pin(HOST)).rejects.toMatchObject({ code: 'store.unreadable' });
    expect(await readFile(path, 'utf8')).toBe('broken');
    expect(identity.hosts.list()).toEqual([]);
  });

  it('P9.1: no error carries what is in the file', async () => {
    const text = await tamper((file) => ({ ...file, hosts: 7 }));
    const error = await openFileIdentity(path).catch((caught: unknown) => caught);
    const told = String(error) + JSON.stringify(error);
    expect(text).toContain('PRIVATE KEY');
    expect(told).not.toContain('PRIVATE KEY');
  });
});

it('P9.1: a place that can’t be written is a typed error', async () => {
  await writeFile(join(directory, 'sub'), 'a file where the directory should be');
  const error = await openFileIdentity(path).catch((caught: unknown) => caught);
  expect(isCoded(error) && error.code).toMatch(/^store\./);
});
