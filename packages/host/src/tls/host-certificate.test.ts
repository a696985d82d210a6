import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containing } from '../../testing/matchers.ts';
import { inTemporaryDirectory, testCertificate } from '../../testing/test-api.ts';
import { openHostCertificate } from './host-certificate.ts';
import { httpsCertificate } from './https-certificate.ts';

/** A state directory with a certificate of its own. */
function withCertificate(use: (directory: string, crt: string, key: string) => Promise<void>): Promise<void> {
  return inTemporaryDirectory(async (directory) => {
    await openHostCertificate(directory);
    await use(directory, join(directory, 'host.crt'), join(directory, 'host.key'));
  });
}

describe("the host's certificate (design §3)", () => {
  it('design §3: is P-256, signed by itself, for this machine, for twenty years', async () => {
    const { certificate, key, fingerprint } = await testCertificate();
    const parsed = new X509Certificate(certificate);
    expect(parsed.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect([parsed.verify(parsed.publicKey), parsed.checkPrivateKey(createPrivateKey(key)), parsed.ca]).toEqual([true, true, false]);
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(parsed.checkHost(hostname())).toBe(hostname());
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
    const years = (Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)) / (365.25 * 24 * 3600 * 1000);
    expect(Math.round(years)).toBe(20);
    expect(fingerprint).toBe(parsed.fingerprint256.replaceAll(':', '').toLowerCase());
  });

  it('design §3: is made once, for its owner alone, and read ever after', async () => {
    await withCertificate(async (directory, crt, key) => {
      const first = await readFile(crt, 'utf8');
      expect((await openHostCertificate(directory)).certificate).toBe(first);
      for (const path of [crt, key]) expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await readdir(directory)).sort()).toEqual(['host.crt', 'host.key']);
    });
  });

  it('design §3: no two hosts have the same', async () => {
    await withCertificate(async (directory) => {
      expect((await openHostCertificate(directory)).fingerprint).not.toBe((await testCertificate()).fingerprint);
    });
  });

  it.each(['host.crt', 'host.key'])('P1.2: without %s the other half is refused, and stays', async (name) => {
    await withCertificate(async (directory) => {
      await rm(join(directory, name));
      await expect(openHostCertificate(directory)).rejects.toMatchObject({
        code: 'store.unreadable',
        message: containing(`${join(directory, name)} is missing`),
      });
      expect(await readdir(directory)).toHaveLength(1);
    });
  });

  it.each(['host.crt', 'host.key'])('P1.2: a half-written %s is refused, and keeps every byte', async (name) => {
    await withCertificate(async (directory) => {
      const path = join(directory, name);
      const half = (await readFile(path, 'utf8')).slice(0, 100);
      await writeFile(path, half);
      await expect(openHostCertificate(directory)).rejects.toMatchObject({
        code: 'store.unreadable',
        message: containing(path),
      });
      expect(await readFile(path, 'utf8')).toBe(half);
    });
  });

  it('P1.2: a key of another certificate is refused', async () => {
    await withCertificate(async (directory, _crt, key) => {
      await writeFile(key, (await testCertificate()).key);
      await expect(openHostCertificate(directory)).rejects.toMatchObject({
        code: 'store.unreadable',
        message: containing('is not the P-256 key of'),
      });
    });
  });

  it('P1.1: a key that others may read is refused', async () => {
    await withCertificate(async (directory, _crt, key) => {
      await chmod(key, 0o644);
      await expect(openHostCertificate(directory)).rejects.toMatchObject({ code: 'store.unsafe' });
    });
  });
});

describe("the operator's own certificate for HTTPS", () => {
  it('design §3: is taken from its files', async () => {
    await withCertificate(async (_directory, certificateFile, keyFile) => {
      expect((await httpsCertificate({ certificateFile, keyFile })).certificate).toBe(await readFile(certificateFile, 'utf8'));
    });
  });

  it('design §3: a missing file, or one that holds something else, is refused with its path', async () => {
    await withCertificate(async (directory, certificateFile, keyFile) => {
      const missing = join(directory, 'missing.pem');
      const invalid = { code: 'config.invalid' };
      await expect(httpsCertificate({ certificateFile, keyFile: missing })).rejects.toMatchObject({
        ...invalid,
        message: containing(missing),
      });
      await expect(httpsCertificate({ certificateFile: keyFile, keyFile: certificateFile })).rejects.toMatchObject(invalid);
      await writeFile(keyFile, (await testCertificate()).key);
      await expect(httpsCertificate({ certificateFile, keyFile })).rejects.toMatchObject(invalid);
    });
  });
});
