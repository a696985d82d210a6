import {
  CodedError,
  decodeProfileList,
  decodeProfileReject,
  decodeReconfigured,
  encodeListProfiles,
  encodeReconfigure,
  OPERATOR,
  type ProfileId,
  profileId,
  UnavailableDetail,
  utf8,
} from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { profile } from '../../../domain/testing/profiles.ts';
import { settled } from '../../testing/fake-clock.ts';
import { LAPTOP, ProfileStory, TABLET } from '../../testing/profile-story.ts';
import { device, StoryKey } from '../../testing/story.ts';

const UNKNOWN = profileId('ffffffffffff');

let story: ProfileStory;
beforeEach(async () => {
  story = await ProfileStory.begin();
});

describe('each row of the authority table, from Hello to the answer (requirement P3.1)', () => {
  it('P3.1 row 1: an assigned device names nothing and is in its profile', async () => {
    await story.make('Kids', { assigned_fingerprints: [TABLET], passcode: '4711' });
    expect(await story.visit(TABLET)).toBe('welcome Kids');
    expect(story.sessions.list()[0]?.profile).toBe(story.profiles.list()[0]?.id);
  });

  it('P3.1 row 1: unless the profile asks even it', async () => {
    await story.make('Kids', { assigned_fingerprints: [TABLET], passcode: '4711', require_passcode_even_when_assigned: true });
    expect(await story.visit(TABLET)).toBe('PasscodeRequired');
    expect(await story.visit(TABLET, { passcode: '4711' })).toBe('welcome Kids');
  });

  it('P3.1 row 2: everybody else comes to the default, which is the operator’s as long as there is none', async () => {
    const guest = await story.make('Guest');
    expect(await story.visit(LAPTOP)).toBe('welcome operator');
    await story.profiles.setDefault(guest);
    expect(await story.visit(LAPTOP)).toBe('welcome Guest');
    expect(await story.visit(LAPTOP, { id: guest })).toBe('welcome Guest');
  });

  it('P3.1 row 3: a default with a passcode has no way around it', async () => {
    await story.profiles.setDefault(await story.make('Guest', { passcode: '4711' }));
    expect(await story.visit(LAPTOP)).toBe('PasscodeRequired');
    expect(await story.visit(LAPTOP, { id: OPERATOR })).toBe('NotFound');
    expect(await story.visit(LAPTOP, { passcode: '4711' })).toBe('welcome Guest');
  });

  it('P3.1 row 4: an assigned device may name its profile', async () => {
    const kids = await story.make('Kids', { assigned_fingerprints: [TABLET], passcode: '4711' });
    expect(await story.visit(TABLET, { id: kids })).toBe('welcome Kids');
  });

  it('P3.1 rows 5, 6: a passcode opens a profile to a device that isn’t assigned, a wrong one doesn’t', async () => {
    const kids = await story.make('Kids', { passcode: '4711' });
    expect(await story.visit(LAPTOP, { id: kids })).toBe('PasscodeRequired');
    expect(await story.visit(LAPTOP, { id: kids, passcode: '' })).toBe('PasscodeRequired');
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4712' })).toBe('WrongPasscode, 4 s');
    await story.clock.advance(4_000);
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe('welcome Kids');
  });

  it('P3.1 row 7: a profile without a passcode keeps to its devices, and doesn’t say that it exists', async () => {
    const kids = await story.make('Kids', { assigned_fingerprints: [TABLET] });
    expect(await story.visit(LAPTOP, { id: kids })).toBe(await story.visit(LAPTOP, { id: UNKNOWN }));
    await story.profiles.update(kids, { ...profile({ display_name: 'Kids' }), allow_shared_view: true });
    expect(await story.visit(LAPTOP, { id: kids })).toBe('welcome Kids');
  });

  it('P3.1 row 8: an id that nobody has isn’t found', async () => {
    expect(await story.visit(LAPTOP, { id: UNKNOWN })).toBe('NotFound');
    expect(await story.visit(LAPTOP, { id: UNKNOWN, passcode: '4711' })).toBe('NotFound');
  });
});

describe('a wrong passcode', () => {
  it('P2.2: five from one device lock that device for a quarter of an hour, and no other', async () => {
    const kids = await story.make('Kids', { passcode: '4711' });
    const waits = [];
    for (const seconds of [4, 8, 16, 32, 900]) {
      waits.push(await story.visit(LAPTOP, { id: kids, passcode: '0000' }));
      expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe(`LockedOut, ${seconds} s`);
      if (seconds < 900) await story.clock.advance(seconds * 1000);
    }
    expect(waits).toEqual([4, 8, 16, 32, 900].map((seconds) => `WrongPasscode, ${seconds} s`));
    expect(await story.visit(TABLET, { id: kids, passcode: '4711' })).toBe('welcome Kids');
    await story.clock.advance(900_000);
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe('welcome Kids');
  });

  it('P2.2: of many connections at once one may guess', async () => {
    const kids = await story.make('Kids', { passcode: '4711' });
    const viewers = Array.from({ length: 4 }, () => story.viewer(LAPTOP));
    for (const viewer of viewers) await viewer.connect();
    const outcomes = await Promise.all(viewers.map((viewer) => story.outcome(viewer, { id: kids, passcode: '0000' })));
    expect(outcomes.filter((one) => one.startsWith('WrongPasscode'))).toHaveLength(1);
    expect(outcomes.filter((one) => one.startsWith('LockedOut'))).toHaveLength(3);
  });

  it('gap G10: a hundred in a day close the profile to devices that aren’t its own, and the operator is told', async () => {
    const kids = await story.make('Kids', { passcode: '4711', assigned_fingerprints: [TABLET] });
    for (let number = 100; number < 200; number += 1) {
      await story.pair(device(number));
      await story.visit(device(number), { id: kids, passcode: '0000' });
    }
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toMatch(/^LockedOut/);
    expect(await story.visit(TABLET)).toBe('welcome Kids');
    expect(story.audit.of('passcode.ceiling')).toHaveLength(1);
    await story.profiles.setPasscode(kids, utf8('another'));
    expect(await story.visit(LAPTOP, { id: kids, passcode: 'another' })).toBe('welcome Kids');
  });

  it('rule S5, P2.2: a renewed certificate brings neither new guesses nor another place', async () => {
    const key = new StoryKey();
    const phone = device(7);
    await story.pair(phone, 'Phone', key.spki);
    const kids = await story.make('Kids', { passcode: '4711' });
    await story.make('Phones', { assigned_fingerprints: [phone] });
    await story.visit(phone, { id: kids, passcode: '0000' });

    const renewed = story.viewer(device(8));
    await renewed.connect({ key: key.prove(renewed.socket.of('hello')[0]?.nonce ?? '', device(8)) });
    expect(await story.outcome(renewed, { id: kids, passcode: '4711' })).toBe('LockedOut, 4 s');
    expect(await story.visit(device(8))).toBe('welcome Phones');
    expect(story.profiles.list().map(({ assigned_fingerprints }) => assigned_fingerprints)).toEqual([[], [device(8)]]);
    expect(story.audit.of('device.renewed')).toEqual([{ before: phone }]);
  });

  it('P2.4: is nowhere: not in the log, not in the audit, not in what was sent, and the message is wiped', async () => {
    const kids = await story.make('Kids', { passcode: 'tea-at-4711' });
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    await story.outcome(viewer, { id: kids, passcode: 'hunter2-secret' });
    const everything = story.logged.join('') + JSON.stringify(story.audit.records) + JSON.stringify(viewer.socket.received);
    expect(everything).not.toContain('hunter2');
    expect(everything).not.toContain('tea-at');
  });

  it('P2.1: where too many are being checked, the viewer is asked to come back, and nothing is counted', async () => {
    const kids = await story.make('Kids', { passcode: '4711' });
    story.hasher.isBusy = true;
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe(`SessionUnavailable, detail ${UnavailableDetail.Busy}, 2 s`);
    story.hasher.isBusy = false;
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe('welcome Kids');
  });

  it.each([
    ['a profile that isn’t there', 'unknown'],
    ['the operator’s, which has none', 'operator'],
    ['a profile of others', 'others'],
    ['a profile that asks for it', 'locked'],
  ] as const)('P2.1: for %s costs one evaluation', async (_case, which) => {
    const [others, locked] = [await story.make('Others'), await story.make('Locked', { passcode: '4711' })];
    const id = { unknown: UNKNOWN, operator: OPERATOR, others, locked }[which];
    const before = story.hasher.evaluations;
    await story.visit(LAPTOP, { id, passcode: '0000' });
    expect(story.hasher.evaluations - before).toBe(1);
  });
});

describe('the list of profiles', () => {
  async function listed(who: typeof TABLET) {
    const viewer = story.viewer(who);
    await viewer.connect();
    viewer.control.send(encodeListProfiles());
    return decodeProfileList(await viewer.hears());
  }

  it('P3.4: has a device’s own profile and those that a passcode opens', async () => {
    await story.make('Kids', { assigned_fingerprints: [TABLET] });
    await story.make('Anna', { passcode: '4711', accent: '#aabbcc' });
    await story.make('Secret');
    expect((await listed(TABLET)).map((entry) => [entry.displayName, entry.passcodeRequired, entry.assigned])).toEqual([
      ['Kids', false, true],
      ['Anna', true, false],
    ]);
  });

  it('P3.4: has nothing for a stranger', async () => {
    await story.make('Anna', { passcode: '4711' });
    expect(await listed(device(9))).toEqual([]);
  });

  it('C10: leaves out a picture that doesn’t fit', async () => {
    await story.make('Kids', { assigned_fingerprints: [TABLET], avatar: `data:image/png;base64,${'A'.repeat(200)}` });
    await story.make('Anna', { passcode: '4711', avatar: '🦊' });
    expect((await listed(TABLET)).map((entry) => entry.avatar)).toEqual(['', '🦊']);
  });
});

describe('a profile’s limits', () => {
  it('P5.5: hold at Hello and at every Reconfigure', async () => {
    const limits = { max_width: 1280, max_height: 720, max_refresh_hz: 30, max_bitrate_kbps: 1000 };
    await story.make('Kids', { assigned_fingerprints: [TABLET], session_defaults: limits });
    const viewer = story.viewer(TABLET);
    await viewer.connect();
    const welcome = await viewer.enter({ width: 1920, height: 1080 });
    expect(welcome).toMatchObject({ width: 1280, height: 720, refreshHz: 30 });
    expect(welcome.bitrateKbps).toBeLessThanOrEqual(1000);
    viewer.control.send(encodeReconfigure({ width: 3840, height: 640, refreshHz: 60 }));
    await settled();
    expect(story.workers.latest.of('resize').at(-1)?.mode).toEqual({ width: 1280, height: 640, refreshHz: 30 });
    expect(decodeReconfigured(await viewer.hears())).toMatchObject({ accepted: true, width: 1280, height: 640 });
  });
});

describe('what the operator changes meanwhile', () => {
  it('P1.8: removing a profile ends its sessions, or is refused', async () => {
    const kids = await story.make('Kids', { assigned_fingerprints: [TABLET] });
    const viewer = story.viewer(TABLET);
    await viewer.connect();
    await viewer.enter();
    await settled();
    await expect(story.profiles.remove(kids, 'refuse')).rejects.toMatchObject({ code: 'profile.has-sessions' });
    expect(await story.profiles.remove(kids, 'end')).toBe(true);
    expect(await viewer.farewell()).toBe('session.ended-by-operator');
    expect(await story.visit(TABLET)).toBe('welcome operator');
  });

  it('P1.8: removing a profile while its desktop opens lets nobody in', async () => {
    story.workers.getsReady = false;
    const kids = await story.make('Kids', { assigned_fingerprints: [TABLET] });
    const viewer = story.viewer(TABLET);
    await viewer.connect();
    viewer.hello();
    await settled();
    await story.profiles.remove(kids, 'end');
    story.workers.latest.ready({ width: 1280, height: 720, refreshHz: 60 });
    expect(await viewer.farewell()).toBe('session.ended-by-operator');
    expect(story.sessions.list()).toEqual([]);
  });

  it.each([
    ['unassigned', () => story.profiles.unassign(TABLET)],
    ['assigned to another', async () => story.profiles.assign(await story.make('Anna'), TABLET)],
  ] as const)('P1.8: a device that is %s leaves the profile at once', async (_case, change) => {
    await story.make('Kids', { assigned_fingerprints: [TABLET] });
    const viewer = await story.watching(TABLET);
    await change();
    expect(await viewer.farewell()).toBe('session.ended-by-operator');
  });

  it('P1.7: another account is another desktop: who is in has to come again, and the broker hears of it', async () => {
    story.isolation.opensAll = true;
    const kid = { kind: 'linux', username: 'kid', uid: 1001 } as const;
    const kids = await story.make('Kids', { os_account: kid, assigned_fingerprints: [TABLET] });
    const viewer = await story.watching(TABLET);
    await story.profiles.update(kids, { ...profile({ display_name: 'Renamed' }), os_account: kid, assigned_fingerprints: [TABLET] });
    expect(story.sessions.list()).toHaveLength(1);
    const teen = { kind: 'linux', username: 'teen', uid: 1002 } as const;
    await story.profiles.update(kids, { ...profile({ display_name: 'Teen' }), os_account: teen, assigned_fingerprints: [TABLET] });
    expect(await viewer.farewell()).toBe('session.ended-by-operator');
    await story.profiles.remove(kids, 'end');
    const told = ['bound kid', 'bound kid', 'released', 'bound teen', 'released'].map((word) => word.replace(/^\w+/, `$& ${kids}`));
    expect(story.accounts.told).toEqual(told);
  });

  it.each([
    ['another passcode', (kids: ProfileId) => story.profiles.setPasscode(kids, utf8('another')), { passcode: '4711' }, 'PasscodeRequired'],
    ['no way in', (kids: ProfileId) => story.profiles.remove(kids, 'end'), { passcode: '4711' }, 'NotFound'],
  ])('P3.3: %s, made while a passcode is checked, holds', async (_case, change, wish, expected) => {
    const kids = await story.make('Kids', { passcode: '4711' });
    story.hasher.meanwhile = () => change(kids);
    expect(await story.visit(LAPTOP, { id: kids, ...wish })).toBe(expected);
  });

  it('P3.3: taken from its profile while a passcode that nobody asked for is checked, a device has to answer', async () => {
    const kids = await story.make('Kids', { passcode: '4711', assigned_fingerprints: [TABLET] });
    story.hasher.meanwhile = () => story.profiles.unassign(TABLET);
    expect(await story.visit(TABLET, { id: kids, passcode: '0000' })).toBe('PasscodeRequired');
  });

  it('P1.8: unpairing a device unassigns it', async () => {
    const kids = await story.make('Kids', { assigned_fingerprints: [TABLET] });
    await story.paired.remove(TABLET);
    await settled();
    expect(story.profiles.get(kids)?.assigned_fingerprints).toEqual([]);
  });

  it('P1.2: a file that can’t be read lets nobody in, rather than everybody to the operator’s desktop', async () => {
    story.roster.failure = new CodedError('store.unreadable', 'profiles.json is not JSON');
    const viewer = story.viewer(TABLET);
    await viewer.connect();
    viewer.hello();
    expect(await viewer.farewell()).toBe('store.unreadable');
    expect(story.workers.started).toEqual([]);
  });
});

describe('the audit', () => {
  it('P8.5: has every resolution and every attempt', async () => {
    const kids = await story.make('Kids', { passcode: '4711' });
    await story.visit(LAPTOP, { id: kids, passcode: '0000' });
    await story.visit(LAPTOP, { id: kids, passcode: '4711' });
    await story.clock.advance(4_000);
    await story.visit(LAPTOP, { id: kids, passcode: '4711' });
    await story.visit(LAPTOP, { id: UNKNOWN });
    expect(story.audit.of('profile.resolved')).toEqual([
      { outcome: 'WrongPasscode', via: 'selected', requested: kids },
      { outcome: 'LockedOut', via: 'selected', requested: kids },
      { outcome: 'granted', via: 'selected', requested: kids },
      { outcome: 'NotFound', via: 'none', requested: UNKNOWN },
    ]);
    expect(story.audit.of('passcode.attempt')).toEqual([
      { result: 'wrong', failures: 1 },
      { result: 'locked-device', failures: 1 },
      { result: 'right', failures: 0 },
    ]);
    expect(story.audit.of('session.began')).toHaveLength(1);
  });

  it('P2.4: doesn’t have what a viewer wrote in the place of an id', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    viewer.hello({ profileId: 'my-passcode' });
    decodeProfileReject(await viewer.hears());
    expect(JSON.stringify(story.audit.records)).not.toContain('my-passcode');
    expect(story.audit.of('profile.resolved')[0]).toMatchObject({ requested: 'not-an-id' });
  });

  it('P8.5: has how devices come and go', async () => {
    const viewer = story.viewer(device(9));
    await viewer.connect();
    await viewer.pairs(story.pairing.arm().pin, 'Phone');
    await viewer.enter();
    viewer.peer.leave();
    await viewer.connection.finished;
    const events = story.audit.records.map(({ event }) => event);
    expect(events).toEqual(['pairing.armed', 'pairing.spent', 'device.paired', 'profile.resolved', 'session.began', 'session.ended']);
  });
});
