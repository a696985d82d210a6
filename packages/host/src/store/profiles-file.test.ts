import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeOf, withDevice, withoutDevice, withoutProfile, withProfile } from '@usher/domain';
import { Reader } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { id, phone, profile, SOME_PASSCODE } from '../../../domain/testing/profiles.ts';
import { containing } from '../../testing/matchers.ts';
import { inTemporaryDirectory } from '../../testing/test-api.ts';
import type { SaveFile } from './paired-devices.ts';
import { ProfilesFile } from './profiles-file.ts';

const KIDS = { id: id(1), display_name: 'Kids', os_account: { kind: 'linux', username: 'kid', uid: 1001 } };
const ANNA = { id: id(2), display_name: 'Anna', os_account: { kind: 'linux', username: 'anna', uid: 1002 } };

/** Opens the file over the text given (or over none), lets `use` change it, and returns what is on disk afterwards. */
function withFile(
  text: string | undefined,
  use: (file: ProfilesFile, path: string) => unknown,
  save?: SaveFile,
): Promise<string | undefined> {
  return inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'profiles.json');
    if (text !== undefined) await writeFile(path, text);
    await use(await ProfilesFile.open(path, save), path);
    return readFile(path, 'utf8').catch(() => undefined);
  });
}

const document = (...profiles: object[]) => JSON.stringify({ version: 1, profiles });
const whole = profile({ id: id(3), display_name: 'Guest', passcode: SOME_PASSCODE, assigned_fingerprints: [phone(1)] });

describe('profiles.json (requirements P1.1–P1.3)', () => {
  it('P1.1: no file is no profiles, and reading makes none', async () => {
    const left = await withFile(undefined, (file) => {
      expect([file.roster().profiles.size, file.problem()]).toEqual([0, undefined]);
    });
    expect(left).toBeUndefined();
  });

  it('P1.1: a profile is written under the names of the schema, for its owner alone, and found again', async () => {
    await withFile(undefined, async (file, path) => {
      await file.change((roster) => ({ ...withProfile(roster, whole), defaultId: whole.id }));
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const written: unknown = JSON.parse(await readFile(path, 'utf8'));
      expect(written).toEqual({ version: 1, default_profile_id: whole.id, profiles: [whole] });
      const again = (await ProfilesFile.open(path)).roster();
      expect([again.profiles.get(whole.id), again.defaultId, homeOf(again, phone(1))?.id]).toEqual([whole, whole.id, whole.id]);
    });
  });

  it.each([{ version: 1 }, { version: 0 }, {}])('P1.3: %j is version 1', async (version) => {
    const left = await withFile(JSON.stringify({ ...version, profiles: [] }), (file) =>
      file.change((roster) => withProfile(roster, whole)),
    );
    expect(JSON.parse(left ?? '')).toMatchObject({ version: 1 });
  });

  it("P1.3: fields that this version doesn't know survive, in the file and in each profile", async () => {
    const before = { version: 1, note: ['kept'], profiles: [{ ...KIDS, colour: { deep: [1] } }] };
    const left = await withFile(JSON.stringify(before), (file) => file.change((roster) => withDevice(roster, id(1), phone(4))));
    expect(JSON.parse(left ?? '')).toMatchObject({
      note: ['kept'],
      profiles: [{ colour: { deep: [1] }, assigned_fingerprints: [phone(4)] }],
    });
  });

  const NESTED = {
    ...KIDS,
    os_account: { ...KIDS.os_account, seat: 2 },
    passcode: { ...SOME_PASSCODE, peppered: true },
    library_scope: { mode: 'deny', ids: ['steam:570'], until: 18 },
    custom_entries: [
      { id: 'a', title: 'A', art: { portrait: 'p', square: 's' }, launch: { kind: 'command', value: 'a', nice: 5 }, rating: 6 },
      { id: 'b', title: 'B', art: {}, rating: 12 },
    ],
    session_defaults: { max_width: 800, hdr: false },
  };

  it('P1.3: … and in the objects inside, each beside what it was said of', async () => {
    const left = await withFile(document(NESTED), (file) => file.change((roster) => withDevice(roster, id(1), phone(4))));
    expect(JSON.parse(left ?? '')).toMatchObject({ profiles: [{ ...NESTED, assigned_fingerprints: [phone(4)] }] });
  });

  it('P1.3: what was said of something that isn’t there any more goes with it', async () => {
    const left = await withFile(document(NESTED), (file) =>
      file.change((roster) => {
        const { passcode: _passcode, ...kids } = roster.profiles.get(id(1)) ?? whole;
        const os_account = { kind: 'linux', username: 'anna' } as const;
        const custom_entries = kids.custom_entries.slice(1);
        return withProfile(roster, { ...kids, os_account, custom_entries, library_scope: { mode: 'all' }, session_defaults: {} });
      }),
    );
    const [kept] = Reader.json(left ?? '', 'file').list('profiles', 9, (body) => {
      return Object.fromEntries(body.names().map((name) => [name, body.raw(name)]));
    });
    expect(kept).toMatchObject({
      os_account: { kind: 'linux', username: 'anna' },
      library_scope: { mode: 'all' },
      custom_entries: [{ id: 'b', rating: 12 }],
      session_defaults: { hdr: false },
    });
    for (const gone of ['seat', 'peppered', 'until', 'nice', 'square', 'max_width']) expect(JSON.stringify(kept)).not.toContain(gone);
  });

  it('P1.3: a newer version is used, but not changed', async () => {
    const text = JSON.stringify({ version: 2, profiles: [KIDS] });
    const left = await withFile(text, async (file) => {
      expect(file.roster().profiles.size).toBe(1);
      expect(file.problem()?.code).toBe('store.newer-version');
      await expect(file.change((roster) => withoutProfile(roster, id(1)))).rejects.toMatchObject({ code: 'store.newer-version' });
      // What changes nothing is no change: a device without a profile may renew its certificate.
      expect((await file.change((roster) => withoutDevice(roster, phone(9)))).profiles.size).toBe(1);
    });
    expect(left).toBe(text);
  });

  it.each([
    ['no JSON', '{"profiles": ['],
    ['no object', '[]'],
    ['an id that is none', document({ ...KIDS, id: 'kids' })],
    ['the reserved id', document({ ...KIDS, id: 'operator' })],
    ['an id twice', document(KIDS, { ...ANNA, id: KIDS.id })],
    ['one uid twice', document(KIDS, { ...ANNA, os_account: KIDS.os_account })],
    ['a shared compositor in an account of its own', document({ ...KIDS, session_defaults: { compositor: 'kwin' } })],
    ['a passcode that is no hash', document({ ...KIDS, passcode: '4711' })],
    ['too many profiles', document(...Array.from({ length: 64 }, (_, number) => profile({ id: id(number) })))],
  ])('P1.2: %s is kept as it is, changes are refused, and the roster isn’t taken for empty', async (_case, text) => {
    const left = await withFile(text, async (file) => {
      expect(file.problem()?.code).toBe('store.unreadable');
      expect(() => file.roster()).toThrow(expect.objectContaining({ code: 'store.unreadable' }));
      await expect(file.change((roster) => withProfile(roster, whole))).rejects.toMatchObject({ code: 'store.unreadable' });
    });
    expect(left).toBe(text);
  });

  it('P1.5: a device that a hand has listed twice belongs to the last profile', async () => {
    const devices = { assigned_fingerprints: [phone(1)] };
    await withFile(document({ ...KIDS, ...devices }, { ...ANNA, ...devices }), (file) => {
      expect(homeOf(file.roster(), phone(1))?.id).toBe(ANNA.id);
    });
  });

  it('P1.2: a save that fails is a failed change', async () => {
    const full: SaveFile = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    const left = await withFile(
      document(KIDS),
      async (file) => {
        const change = file.change((roster) => withoutProfile(roster, id(1)));
        await expect(change).rejects.toMatchObject({ code: 'store.write-failed', message: containing('ENOSPC') });
        expect(file.roster().profiles.size).toBe(1);
      },
      full,
    );
    expect(left).toBe(document(KIDS));
  });

  it('P1.1: of two changes at once neither is lost, and a refused one leaves the next alone', async () => {
    const left = await withFile(document(KIDS), async (file) => {
      const changes = [
        file.change((roster) => withDevice(roster, id(1), phone(1))),
        file.change(() => {
          throw new RangeError('no');
        }),
        file.change((roster) => withProfile(roster, whole)),
      ];
      const outcomes = await Promise.allSettled(changes);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });
    // The device moved on to the profile that was written last.
    expect(JSON.parse(left ?? '')).toMatchObject({ profiles: [{ assigned_fingerprints: [] }, { assigned_fingerprints: [phone(1)] }] });
  });

  it('P1.2: a disk that hangs is told rather than queued for without end', async () => {
    let resume = (): void => {};
    const hanging: SaveFile = () => new Promise((resolve) => (resume = resolve));
    await withFile(
      document(KIDS),
      async (file) => {
        const waiting = Array.from({ length: 64 }, () => file.change((roster) => ({ ...roster })));
        await expect(file.change((roster) => roster)).rejects.toMatchObject({ code: 'store.write-failed' });
        for (const change of waiting) {
          await new Promise((resolve) => setImmediate(resolve));
          resume();
          await change;
        }
      },
      hanging,
    );
  });
});
