import { decodeProfileReject, RejectReason, UnavailableDetail, utf8 } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { LAPTOP, ProfileStory, TABLET } from '../../testing/profile-story.ts';

let story: ProfileStory;
beforeEach(async () => {
  story = await ProfileStory.begin();
});

describe('a profile in an account of its own (requirement P6.4)', () => {
  const KID = { kind: 'linux', username: 'kid', uid: 1001 } as const;

  it('P3.3, P6.4: is refused without a broker before anything of a session exists', async () => {
    await story.make('Kids', { os_account: KID, assigned_fingerprints: [TABLET] });
    const viewer = story.viewer(TABLET);
    await viewer.connect();
    viewer.hello();
    const reject = decodeProfileReject(await viewer.hears());
    expect(reject).toMatchObject({ reason: RejectReason.SessionUnavailable, detail: UnavailableDetail.NoBroker });
    expect(reject.message).toContain('broker');
    viewer.control.close();
    await viewer.connection.finished;
    expect(story.workers.started).toEqual([]);
    expect(viewer.peer.media?.started).toBe(false);
    expect(story.sessions.list()).toEqual([]);
  });

  it('P3.3: says so only to who got past its passcode', async () => {
    const kids = await story.make('Kids', { os_account: KID, passcode: '4711' });
    expect(await story.visit(LAPTOP, { id: kids })).toBe('PasscodeRequired');
    expect(await story.visit(LAPTOP, { id: kids, passcode: '0000' })).toBe('WrongPasscode, 4 s');
    await story.clock.advance(4_000);
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe(`SessionUnavailable, detail ${UnavailableDetail.NoBroker}`);
  });

  it('P6.4: lands on a desktop of its own, and never on the operator’s', async () => {
    story.isolation.opensAll = true;
    const kids = await story.make('Kids', { os_account: KID, assigned_fingerprints: [TABLET] });
    expect(await story.visit(TABLET)).toBe('welcome Kids');
    expect(await story.visit(LAPTOP)).toBe('welcome operator');
    expect([story.people.started.length, story.workers.started.length]).toEqual([1, 1]);
    expect(story.profiles.occupancy()).toEqual([{ profile: kids, device: TABLET, session: story.sessions.list()[0]?.id }]);
  });

  it('P6.7: is free again when its worker has ended, and its viewer is told', async () => {
    story.isolation.opensAll = true;
    await story.make('Kids', { os_account: KID, assigned_fingerprints: [TABLET] });
    const viewer = await story.watching(TABLET);
    story.people.latest.end();
    expect(await viewer.farewell()).toBe('session.worker-lost');
    expect(story.profiles.occupancy()).toEqual([]);
  });

  it('P7.4: is free again when the operator has taken it back', async () => {
    story.isolation.opensAll = true;
    await story.make('Kids', { os_account: KID, assigned_fingerprints: [TABLET] });
    const viewer = await story.watching(TABLET);
    const [session] = story.sessions.list();
    expect(session !== undefined && story.sessions.end(session.id)).toBe(true);
    expect(await viewer.farewell()).toBe('session.ended-by-operator');
    expect(story.profiles.occupancy()).toEqual([]);
    expect(await story.visit(TABLET)).toBe('welcome Kids');
    expect(story.people.started).toHaveLength(2);
  });

  it('P6.6: of which somebody else sits in the account is occupied, and free once that one has gone', async () => {
    story.isolation.opensAll = true;
    const kids = await story.make('Kids', { os_account: KID, passcode: '4711' });
    const sitting = await story.profiles.enter({
      ...{ device: TABLET, deviceName: 'Tablet', requested: kids, passcode: utf8('4711') },
      takenOver: () => undefined,
    });
    expect(story.profiles.occupancy()).toEqual([{ profile: kids, device: TABLET }]);
    expect(await story.visit(LAPTOP, { id: kids, passcode: '4711' })).toBe('Occupied');
    sitting.leave();
    expect(story.profiles.occupancy()).toEqual([]);
  });

  it('P6.6: goes on in the newer connection of the same device', async () => {
    story.isolation.opensAll = true;
    await story.make('Kids', { os_account: KID, assigned_fingerprints: [TABLET] });
    const ended: string[] = [];
    const wish = { device: TABLET, deviceName: 'Tablet', requested: undefined, passcode: undefined };
    const first = await story.profiles.enter({ ...wish, takenOver: ({ code }) => ended.push(code) });
    const second = await story.profiles.enter({ ...wish, takenOver: ({ code }) => ended.push(`second ${code}`) });
    first.leave();
    expect(ended).toEqual(['session.taken-over']);
    expect(story.profiles.occupancy()).toHaveLength(1);
    second.leave();
  });
});
