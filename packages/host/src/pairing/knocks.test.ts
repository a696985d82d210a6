import { KNOCKS_MAX } from '@usher/domain';
import { CodedError, profileId } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { profile } from '../../testing/fake-profile-services.ts';
import { FakeAccounts, FakeHasher, FakeIsolation, MemoryGate, MemoryRoster, RecordedAudit } from '../../testing/fake-profiles.ts';
import { FakePairedDevices, FakeSessions } from '../../testing/fake-services.ts';
import { device } from '../../testing/story.ts';
import { createProfiles, type ProfileDoor } from '../profiles/profiles.ts';
import { createKnocks, type KnockDoor } from './knocks.ts';

let clock: FakeClock;
let paired: FakePairedDevices;
let knocks: KnockDoor;
let outcomes: string[];
let audit: RecordedAudit;
let roster: MemoryRoster;
let profiles: ProfileDoor;

beforeEach(() => {
  clock = new FakeClock();
  paired = new FakePairedDevices();
  audit = new RecordedAudit();
  roster = new MemoryRoster();
  const log = pino({ level: 'silent' });
  const others = { gate: new MemoryGate(), hasher: new FakeHasher(), isolation: new FakeIsolation(), accounts: new FakeAccounts() };
  profiles = createProfiles({ clock, log, audit, file: roster, ...others, sessions: new FakeSessions(), paired });
  knocks = createKnocks({ clock, log, paired, profiles, audit });
  outcomes = [];
});

function knock(number: number, extra: { readonly key?: string } = {}) {
  const applicant = { device: device(number), name: `device ${number}`, address: '192.0.2.1', ...extra };
  return knocks.knock(applicant, (outcome) => outcomes.push(`${number} ${outcome}`));
}

const idOf = (number: number) => knocks.list().find((entry) => entry.device === device(number))?.id ?? 'none';

describe('the door', () => {
  it('P9.1: lists who waits, since when and until when', async () => {
    expect(knock(1).seconds).toBe(600);
    const sinceUnix = clock.unix();
    await clock.advance(60_000);
    expect(knocks.list()).toEqual([
      { id: idOf(1), device: device(1), name: 'device 1', address: '192.0.2.1', sinceUnix, expiresUnix: sinceUnix + 600 },
    ]);
  });

  it('P9.1: keeps the device’s key with its pairing', async () => {
    knock(1, { key: 'spki' });
    expect(await knocks.approve(idOf(1), { name: 'Kitchen\u202e' })).toBe(true);
    expect(paired.list()).toEqual([{ fingerprint: device(1), name: 'Kitchen', key: 'spki', pairedUnix: clock.unix() }]);
    await settled();
    expect(outcomes).toEqual(['1 approved']);
  });

  it('P9.1: nobody is let in twice, and nobody who isn’t there', async () => {
    knock(1);
    const id = idOf(1);
    expect(await Promise.all([knocks.approve(id), knocks.approve(id)])).toEqual([true, false]);
    expect(await knocks.approve(id)).toBe(false);
    expect(knocks.deny(id)).toBe(false);
  });

  it('P1.2: a save that fails lets nobody in; the knock waits on', async () => {
    knock(1);
    paired.add = () => Promise.reject(new CodedError('store.write-failed', 'the disk is full'));
    await expect(knocks.approve(idOf(1))).rejects.toMatchObject({ code: 'store.write-failed' });
    await settled();
    expect(outcomes).toEqual([]);
    expect(knocks.deny(idOf(1))).toBe(true);
    await settled();
    expect(outcomes).toEqual(['1 denied']);
  });

  it('P9.1: a full list tells the oldest that its time is over', async () => {
    for (let number = 0; number <= KNOCKS_MAX; number += 1) knock(number);
    await settled();
    expect(outcomes).toEqual(['0 expired']);
    expect(knocks.list()).toHaveLength(KNOCKS_MAX);
  });

  it('P9.1: each expires at its own time', async () => {
    knock(1);
    await clock.advance(60_000);
    knock(2);
    await clock.advance(540_000);
    expect(outcomes).toEqual(['1 expired']);
    await clock.advance(60_000);
    expect(outcomes).toEqual(['1 expired', '2 expired']);
    expect(clock.waiting).toBe(0);
  });

  it('P9.1: who has left hears nothing more', async () => {
    knock(1).leave();
    await knocks.approve(idOf(1));
    await settled();
    expect(outcomes).toEqual([]);
    expect(paired.find(device(1))).toBeDefined();
  });

  it('P9.1: an older connection that leaves late doesn’t take the newer one’s place', async () => {
    const before = knock(1);
    knock(1);
    before.leave();
    knocks.deny(idOf(1));
    await settled();
    expect(outcomes).toEqual(['1 superseded', '1 denied']);
  });
});

describe('letting a device in, into a profile (P8.4)', () => {
  /** A stored profile's id. */
  async function made(name: string, username: string) {
    const { id, created_unix: _created, updated_unix: _updated, ...input } = profile({ display_name: name });
    return (await profiles.create({ ...input, os_account: { kind: 'linux', username } })).id;
  }
  const homeOf = (number: number) => profiles.placeFor(device(number))?.id;
  const diskFull = () => Promise.reject(new CodedError('store.write-failed', 'the disk is full'));

  it('P8.4: pairs it and gives it its place before it comes in', async () => {
    const kids = await made('Kids', 'kid');
    const places: unknown[] = [];
    const { seconds } = knocks.knock({ device: device(1), name: 'TV', address: '192.0.2.1' }, () => places.push(homeOf(1)));
    expect(seconds).toBe(600);
    expect(await knocks.approve(idOf(1), { profile: kids })).toBe(true);
    await settled();
    expect([places, paired.find(device(1))?.name]).toEqual([[kids], 'TV']);
  });

  it('P8.5: the audit has both, the pairing with the profile', async () => {
    const kids = await made('Kids', 'kid');
    knock(1);
    await knocks.approve(idOf(1), { profile: kids });
    expect(audit.records.slice(-2)).toEqual([
      { event: 'profile.device-assigned', principal: 'operator', profile: kids, fields: { device: device(1) } },
      { event: 'device.paired', principal: 'operator', profile: kids, fields: { device: device(1), name: 'device 1', by: 'knock' } },
    ]);
  });

  it('P8.4: a profile that isn’t there changes nothing, and the knock waits on', async () => {
    knock(1);
    await expect(knocks.approve(idOf(1), { profile: profileId('ffffffffffff') })).rejects.toMatchObject({ code: 'api.not-found' });
    await settled();
    expect([outcomes, paired.list(), audit.records]).toEqual([[], [], []]);
    expect(await knocks.approve(idOf(1))).toBe(true);
  });

  it('P1.2: a pairing that can’t be saved takes the place back', async () => {
    const kids = await made('Kids', 'kid');
    knock(1);
    paired.add = diskFull;
    await expect(knocks.approve(idOf(1), { profile: kids })).rejects.toMatchObject({ code: 'store.write-failed' });
    await settled();
    expect([outcomes, homeOf(1)]).toEqual([[], undefined]);
  });

  it('P1.2: … also to where the operator had put the device before', async () => {
    const [kids, ada] = [await made('Kids', 'kid'), await made('Ada', 'ada')];
    await profiles.assign(ada, device(1));
    knock(1);
    paired.add = diskFull;
    await expect(knocks.approve(idOf(1), { profile: kids })).rejects.toMatchObject({ code: 'store.write-failed' });
    expect(homeOf(1)).toBe(ada);
  });

  it('P1.2: an assignment that can’t be saved pairs nobody', async () => {
    const kids = await made('Kids', 'kid');
    knock(1);
    roster.change = diskFull;
    await expect(knocks.approve(idOf(1), { profile: kids })).rejects.toMatchObject({ code: 'store.write-failed' });
    expect([paired.list(), homeOf(1)]).toEqual([[], undefined]);
  });

  it('P1.2: a disk that refuses even to take it back leaves a stranger, and says so once', async () => {
    const kids = await made('Kids', 'kid');
    knock(1);
    paired.add = () => {
      roster.change = diskFull;
      return diskFull();
    };
    await expect(knocks.approve(idOf(1), { profile: kids })).rejects.toMatchObject({ code: 'store.write-failed' });
    expect(paired.find(device(1))).toBeUndefined();
  });

  it('P9.1: without a profile a device keeps the place that was prepared for it', async () => {
    const kids = await made('Kids', 'kid');
    await profiles.assign(kids, device(1));
    knock(1);
    await knocks.approve(idOf(1));
    expect(homeOf(1)).toBe(kids);
  });
});
