import type { OsAccount, ProfileInput, ProfileRecord } from '@usher/domain';
import { OPERATOR, type ProfileId, profileId, utf8 } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { profile } from '../../../domain/testing/profiles.ts';
import { device, Story } from '../../testing/story.ts';
import { revisionOf } from './revision.ts';

const TABLET = device(1);
const NOBODY = profileId('ffffffffffff');

let story: Story;
beforeEach(() => {
  story = new Story();
});

function input(overrides: Partial<ProfileInput> = {}): ProfileInput {
  const { id: _id, created_unix: _created, updated_unix: _updated, ...least } = profile();
  return { ...least, ...overrides };
}

async function make(overrides: Partial<ProfileInput> = {}): Promise<ProfileId> {
  return (await story.profiles.create(input(overrides))).id;
}

const linux = (username: string, uid?: number): OsAccount => ({ kind: 'linux', username, ...(uid === undefined ? {} : { uid }) });
const windows = (account_name: string, sid?: string): OsAccount => ({
  ...{ kind: 'windows', account_name, credential: { source: 'dpapi_blob', path: 'cred/000000000001.bin' } },
  ...(sid === undefined ? {} : { sid }),
});

describe('the profiles', () => {
  it('P1.4: get ids of their own, and their hash stays inside', async () => {
    const [one, other] = [await make(), await make()];
    expect(one).toMatch(/^[0-9a-f]{12}$/);
    expect(one).not.toBe(other);
    await story.profiles.setPasscode(one, utf8('4711'));
    expect(story.profiles.list().map(({ has_passcode }) => has_passcode)).toEqual([true, false]);
    expect(JSON.stringify(story.profiles.list())).not.toContain(Buffer.from('4711').toString('hex'));
  });

  it('P1.7: an update keeps id, passcode and creation time', async () => {
    const id = await make();
    await story.profiles.setPasscode(id, utf8('4711'));
    await story.clock.advance(60_000);
    const updated = await story.profiles.update(id, input({ display_name: 'Children' }));
    expect(updated).toMatchObject({ id, display_name: 'Children', has_passcode: true });
    expect((updated?.updated_unix ?? 0) - (updated?.created_unix ?? 0)).toBe(60);
    expect(await story.profiles.update(NOBODY, input())).toBeUndefined();
  });

  it('P1.7: of two updates that were made for one state, the later is refused and changes nothing', async () => {
    const id = await make();
    const read = revisionOf(story.profiles.get(id) ?? expect.fail('it was made'));
    const agrees = (current: ProfileRecord) => revisionOf(current) === read;
    const both = await Promise.allSettled([
      story.profiles.update(id, input({ display_name: 'Teens' }), agrees),
      story.profiles.update(id, input({ display_name: 'Toddlers' }), agrees),
    ]);
    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'profile.changed' } }]);
    expect(story.profiles.get(id)).toMatchObject({ display_name: 'Teens' });
    expect(story.audit.of('profile.updated')).toHaveLength(1);
  });

  it.each([
    ['another name', linux('kid', 1001), linux('anna', 1001), linux('anna')],
    ['another name and uid', linux('kid', 1001), linux('anna', 1002), linux('anna', 1002)],
    ['the same', linux('kid', 1001), linux('kid', 1001), linux('kid', 1001)],
    ['a resolved uid', linux('kid'), linux('kid', 1001), linux('kid', 1001)],
    ['the operator’s', linux('kid', 1001), { kind: 'operator' }, { kind: 'operator' }],
    ['the same of Windows', windows('.\\kid', 'S-1-5-1'), windows('.\\kid', 'S-1-5-1'), windows('.\\kid', 'S-1-5-1')],
    [
      'another of Windows',
      windows('.\\kid', 'S-1-5-1'),
      windows('.\\anna', 'S-1-5-1'),
      { kind: 'windows', account_name: '.\\anna', credential: { source: 'none' } },
    ],
  ] as const)('P1.7: %s in place of an account keeps what belongs to it, and no more', async (_case, before, after, expected) => {
    const id = await make({ os_account: before });
    expect((await story.profiles.update(id, input({ os_account: after })))?.os_account).toEqual(expected);
  });

  it('P1.5: two in one account are refused at create and update', async () => {
    await make({ os_account: linux('kid', 1001) });
    const other = await make({ os_account: linux('anna', 1002) });
    await expect(story.profiles.create(input({ os_account: linux('kid', 1001) }))).rejects.toMatchObject({ code: 'profile.account-taken' });
    const taken = story.profiles.update(other, input({ os_account: linux('kid') }));
    await expect(taken).rejects.toMatchObject({ code: 'profile.account-taken' });
  });

  it('P1.5: assigning moves a device, unassigning frees it', async () => {
    const [one, other] = [await make(), await make()];
    expect(await story.profiles.assign(one, TABLET)).toBe(true);
    expect(await story.profiles.assign(other, TABLET)).toBe(true);
    expect(story.profiles.list().map(({ assigned_fingerprints }) => assigned_fingerprints)).toEqual([[], [TABLET]]);
    expect(await story.profiles.unassign(TABLET)).toBe(true);
    expect([await story.profiles.unassign(TABLET), await story.profiles.assign(NOBODY, TABLET)]).toEqual([false, false]);
  });

  it('P3.2: the default is a profile that is there, or the operator’s', async () => {
    const id = await make();
    expect(await story.profiles.setDefault(id)).toBe(true);
    expect([story.profiles.defaultId(), story.profiles.placeFor(TABLET)?.id, story.profiles.get(id)?.is_default]).toEqual([id, id, true]);
    expect(await story.profiles.setDefault(NOBODY)).toBe(false);
    expect(story.profiles.defaultId()).toBe(id);
    expect(await story.profiles.setDefault(OPERATOR)).toBe(true);
    expect([story.profiles.defaultId(), story.profiles.placeFor(TABLET)]).toEqual([undefined, undefined]);
  });

  it('P1.8: removing one clears the default', async () => {
    const id = await make();
    await story.profiles.setDefault(id);
    expect(await story.profiles.remove(id, 'refuse')).toBe(true);
    expect([story.profiles.defaultId(), story.profiles.list(), await story.profiles.remove(id, 'end')]).toEqual([undefined, [], false]);
  });
});

describe('a passcode', () => {
  it.each([['4711'], ['123']])('P2.4: "%s" is wiped, whether it was taken or not', async (text) => {
    const id = await make();
    const passcode = utf8(text);
    await story.profiles.setPasscode(id, passcode).catch(() => undefined);
    expect([...passcode].every((byte) => byte === 0)).toBe(true);
  });

  it('P1.6: that is too short is refused; one for nobody isn’t set', async () => {
    const id = await make();
    await expect(story.profiles.setPasscode(id, utf8('471'))).rejects.toMatchObject({ code: 'message.malformed' });
    expect(await story.profiles.setPasscode(NOBODY, utf8('4711'))).toBe(false);
    expect(story.profiles.get(id)?.has_passcode).toBe(false);
  });

  it('P1.7: can be cleared', async () => {
    const id = await make();
    await story.profiles.setPasscode(id, utf8('4711'));
    expect(await story.profiles.setPasscode(id, undefined)).toBe(true);
    expect(story.profiles.get(id)?.has_passcode).toBe(false);
  });
});

it('P10.1: a Windows password is kept on Windows alone; who tried is in the audit, and nothing else has happened', async () => {
  const id = await make({ os_account: windows('.\\kid') });
  const before = story.profiles.get(id);
  for (const change of ['set', 'clear'] as const) {
    await expect(story.profiles.changeCredential(id, change)).rejects.toMatchObject({ code: 'profile.needs-windows' });
  }
  expect(story.audit.of('profile.credential-refused')).toEqual([{ change: 'set' }, { change: 'clear' }]);
  expect([story.profiles.get(id), await story.profiles.changeCredential(NOBODY, 'set')]).toEqual([before, false]);
});

it('P8.5: every change is in the audit, in the operator’s name', async () => {
  const id = await make();
  await story.profiles.update(id, input());
  await story.profiles.setPasscode(id, utf8('4711'));
  await story.profiles.setPasscode(id, undefined);
  await story.profiles.assign(id, TABLET);
  await story.profiles.unassign(TABLET);
  await story.profiles.setDefault(id);
  await story.profiles.remove(id, 'end');
  expect(story.audit.records.map(({ event }) => event.replace('profile.', ''))).toEqual([
    ...['created', 'updated', 'passcode-set', 'passcode-cleared', 'device-assigned', 'device-unassigned', 'default-set', 'removed'],
  ]);
  expect(story.audit.records.every(({ principal, profile: whose }) => principal === 'operator' && whose === id)).toBe(true);
});
