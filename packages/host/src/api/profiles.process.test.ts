import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deviceApiStatement, fingerprint, Reader } from '@usher/protocol';
import { expect, it } from 'vitest';
import { LAPTOP } from '../../testing/fake-services.ts';
import { ask, HostProcess } from '../../testing/host-process.ts';
import { StoryKey } from '../../testing/story.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';

const PASSCODE = 'tr0ub4dor&3';

/** A real host over a state directory, and its operator. */
async function start(home: string) {
  const host = new HostProcess(['--home', home, '--port', '0']);
  const { url, fingerprint: print } = await host.ready();
  const [crt, token] = await Promise.all(['host.crt', 'token'].map((name) => readFile(join(home, name), 'utf8')));
  const call = (method: string, path: string, json?: unknown, bearer = token?.trim()) =>
    ask(`${url}api/v1/${path}`, crt ?? '', { method, headers: { authorization: `Bearer ${bearer}` }, json });
  return { host, fingerprint: fingerprint(print), call };
}

async function everyFile(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'));
  return (await Promise.all(files)).join('\n');
}

it('P1.1, P2.4: a profile outlives the host; its passcode is in no file, no log and no audit entry', () =>
  inTemporaryDirectory(async (home) => {
    const first = await start(home);
    await using host = first.host;
    const made = await first.call('POST', 'profiles', { display_name: 'Den', os_account: { kind: 'operator' } });
    expect(made.status).toBe(201);
    const id = Reader.json(made.body, 'profile').string('id');
    expect((await first.call('POST', `profiles/${id}/passcode`, { passcode: PASSCODE })).status).toBe(204);
    expect((await first.call('POST', `profiles/${id}/passcode`, { passcode: PASSCODE.repeat(9) })).status).toBe(400);
    expect((await first.call('PUT', 'profiles/default', { profile_id: id })).status).toBe(204);
    const { code, log, stdout } = await host.stop();
    expect(code).toBe(0);

    const second = await start(home);
    await using again = second.host;
    const kept = await second.call('GET', `profiles/${id}`);
    expect(JSON.parse(kept.body)).toMatchObject({ id, display_name: 'Den', has_passcode: true, is_default: true });
    expect(JSON.parse((await second.call('POST', 'audit/verify')).body)).toMatchObject({ ok: true, faults: [] });
    const audit = (await second.call('GET', 'audit')).body;
    for (const event of ['profile.created', 'profile.passcode-set', 'profile.default-set']) expect(audit).toContain(event);
    const seen = [await everyFile(home), audit, kept.body, ...log, ...stdout, ...(await again.stop()).log].join('\n');
    expect(seen).not.toContain(PASSCODE);
    expect(seen).toContain('$argon2id$v=19$m=19456,t=2,p=1$'); // P2.1: what is there instead
  }));

it('S12: a paired device proves itself, sees what is its own, and is a stranger once it is removed', () =>
  inTemporaryDirectory(async (home) => {
    const key = new StoryKey();
    const clients = [{ name: 'Phone', fingerprint: LAPTOP, key: key.spki, paired_unix: 1 }];
    await writeFile(join(home, 'paired.json'), JSON.stringify({ version: 1, clients }), { mode: 0o600 });
    const { host, fingerprint: print, call } = await start(home);
    await using _host = host;
    const input = { display_name: 'Mine', os_account: { kind: 'operator' }, assigned_fingerprints: [LAPTOP] };
    expect((await call('POST', 'profiles', { ...input, library_scope: { mode: 'allow', ids: [] } })).status).toBe(201);

    const nonce = Reader.json((await call('POST', 'auth/device/challenge', undefined, 'none')).body, 'challenge').string('nonce');
    const proof = { nonce, ...key.sign(deviceApiStatement(nonce, print)) };
    const token = Reader.json((await call('POST', 'auth/device/token', proof, 'none')).body, 'token').string('token');
    expect(JSON.parse((await call('GET', 'profiles/enumerate', undefined, token)).body)).toContainEqual(
      expect.objectContaining({ display_name: 'Mine', assigned: true, requires_passcode: false }),
    );
    expect(await call('GET', 'library', undefined, token)).toEqual({ status: 200, body: '[]' });
    expect((await call('GET', 'profiles', undefined, token)).status).toBe(401);

    expect((await call('DELETE', `native/clients/${LAPTOP}`)).status).toBe(204);
    expect((await call('GET', 'profiles/enumerate', undefined, token)).status).toBe(401);
    // P1.8: removing a device takes it from its profile too, once that is on disk.
    await expect.poll(async () => (await call('GET', 'profiles')).body, { timeout: 5_000 }).toMatch(/"Mine".*"assigned_fingerprints":\[\]/);
  }));
