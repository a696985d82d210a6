import { OPERATOR_PROFILE, type Profile } from '@usher/domain';
import { CodedError, profileId, RejectReason, sessionId, VideoCodec } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { FakeMediaSender } from '../../testing/fake-peer.ts';
import { RecordedAudit } from '../../testing/fake-profiles.ts';
import { FakeWorkers } from '../../testing/fake-worker.ts';
import { device } from '../../testing/story.ts';
import { noIsolation } from '../broker/refusals.ts';
import { ProfileRejected } from '../profile-rejected.ts';
import { LINGERS_MS } from './desktops.ts';
import { createSessions, type OpenSession, SESSIONS_MAX, type SessionPlaces } from './sessions.ts';

let clock: FakeClock;
let workers: FakeWorkers;
let people: Map<string, FakeWorkers>;
let sessions: SessionPlaces;
let ended: string[];
let audit: RecordedAudit;

beforeEach(() => {
  clock = new FakeClock();
  workers = new FakeWorkers();
  people = new Map();
  ended = [];
  audit = new RecordedAudit();
  sessions = createSessions({
    ...{ clock, log: pino({ level: 'silent' }), display: { kind: 'existing', name: ':0' }, audit },
    startWorker: workers.start,
    startPerson: ({ account }) => workersOf(account).start,
  });
});

/** The workers in somebody's account. */
function workersOf(account: string): FakeWorkers {
  const started = people.get(account) ?? new FakeWorkers();
  people.set(account, started);
  return started;
}

const KID: Profile = {
  ...OPERATOR_PROFILE,
  id: profileId('0123456789ab'),
  display_name: 'Kid',
  os_account: { kind: 'linux', username: 'kid' },
};
const ZOE: Profile = { ...KID, id: profileId('0123456789ac'), display_name: 'Zoë', os_account: { kind: 'linux', username: 'zoe' } };

function open(
  number: number,
  codec: VideoCodec = VideoCodec.H264,
  profile: Profile = OPERATOR_PROFILE,
  assigned = false,
): Promise<OpenSession> {
  return sessions.open({
    device: device(number),
    deviceName: `device ${number}`,
    profile,
    assigned,
    wish: { width: 1280, height: 720, refreshHz: 60 },
    wishKbps: 0,
    codec,
    audio: true,
    media: new FakeMediaSender(codec),
    showCursor: () => {},
    modeChanged: () => {},
    ended: (reason) => ended.push(`${number} ${reason.code}`),
  });
}

describe('the sessions', () => {
  it('P8.5: begin and end in the audit', async () => {
    const session = await open(1);
    session.close();
    expect(audit.records.map(({ event, fields }) => [event, fields])).toEqual([
      ['session.began', { session: session.id }],
      ['session.ended', { session: session.id }],
    ]);
  });

  it('P7.4: are listed with what the console shows', async () => {
    const session = await open(1, VideoCodec.Vp8);
    session.begin();
    session.begin();
    expect(sessions.list()).toEqual([
      {
        id: session.id,
        device: device(1),
        deviceName: 'device 1',
        profile: 'operator',
        startedUnix: clock.unix(),
        codec: 'vp8',
        width: 1280,
        height: 720,
        bitrateKbps: 2500,
        lossFraction: 0,
      },
    ]);
    expect(workers.latest.of('start-stream')).toHaveLength(1);
  });

  it('P7.4: end one by one, once', async () => {
    const [one, other] = [await open(1), await open(2)];
    for (const session of [one, other]) session.begin();
    expect(sessions.end(one.id)).toBe(true);
    expect(sessions.end(one.id)).toBe(false);
    expect(sessions.end(sessionId('0123456789abcdef'))).toBe(false);
    expect(ended).toEqual(['1 session.ended-by-operator']);
    expect(sessions.list().map((session) => session.id)).toEqual([other.id]);
  });

  it('design §1: one that its viewer closed isn’t told about its end', async () => {
    const session = await open(1);
    session.begin();
    session.close();
    session.close();
    session.begin();
    workers.latest.end();
    await settled();
    expect(ended).toEqual([]);
    expect(sessions.list()).toEqual([]);
  });

  it('issue 2: one whose worker went before it began says so', async () => {
    const session = await open(1);
    workers.latest.end();
    await settled();
    expect(() => session.begin()).toThrow(expect.objectContaining({ code: 'session.worker-lost' }));
  });

  it('design §4: one too many is refused, also while others are opening', async () => {
    const opening = Array.from({ length: SESSIONS_MAX }, (_, number) => open(number));
    await expect(open(99)).rejects.toMatchObject({ code: 'session.limit' });
    const [first] = await Promise.all(opening);
    await expect(open(99)).rejects.toMatchObject({ code: 'session.limit' });
    first?.close();
    await open(99);
  });
});

describe('a person’s desktop', () => {
  const enter = (number: number, profile: Profile, assigned = false) => open(number, VideoCodec.H264, profile, assigned);

  it('P6.4: is never the operator’s: it has a worker of its own, with a virtual display', async () => {
    await enter(1, KID);
    expect(workers.started).toEqual([]);
    expect(workersOf('kid').latest.of('start')).toMatchObject([{ display: { kind: 'virtual' } }]);
  });

  it('P6.6: is one for each person', async () => {
    await Promise.all([enter(1, KID), enter(2, ZOE), open(3)]);
    expect([workersOf('kid').started.length, workersOf('zoe').started.length, workers.started.length]).toEqual([1, 1, 1]);
  });

  it.each([
    ['a Windows account', { kind: 'windows', account_name: '.\\kid', credential: { source: 'none' } }],
    ['a name that no line of the broker carries', { kind: 'linux', username: 'kid@example.com' }],
  ] as const)('P6.4: with %s is refused before anything is started', async (_case, os_account) => {
    await expect(enter(1, { ...KID, os_account })).rejects.toMatchObject({ reject: { reason: RejectReason.NeedsIsolation } });
    expect([workers.started.length, people.size]).toEqual([0, 0]);
  });

  it('P6.6: waits for its device, which may have lost the network, and ends when it stays away', async () => {
    const session = await enter(1, KID);
    session.close();
    await clock.advance(LINGERS_MS - 1);
    const again = await enter(1, KID);
    await clock.advance(LINGERS_MS * 2);
    expect(workersOf('kid').started).toHaveLength(1);
    again.close();
    await clock.advance(LINGERS_MS);
    await enter(1, KID);
    expect(workersOf('kid').started).toHaveLength(2);
  });

  it('SEC: is not found by another device, which gets one that begins anew', async () => {
    (await enter(1, KID)).close();
    await enter(2, KID);
    expect(workersOf('kid').started).toHaveLength(2);
  });

  it('gap G13: goes on for another device of the same person', async () => {
    (await enter(1, KID, true)).close();
    await enter(2, KID, true);
    expect(workersOf('kid').started).toHaveLength(1);
  });

  it('P7.4: ends when the operator takes it back, with its login', async () => {
    const session = await enter(1, KID);
    expect(sessions.end(session.id)).toBe(true);
    await settled();
    expect(ended).toEqual(['1 session.ended-by-operator']);
    await enter(1, KID);
    expect(workersOf('kid').started).toHaveLength(2);
  });

  it('P1.8: ends with its profile, whether anybody looks at it or not', async () => {
    const reason = new CodedError('session.ended-by-operator', 'gone');
    await enter(1, KID);
    (await enter(2, ZOE)).close();
    await Promise.all([sessions.empty(KID.id, reason), sessions.empty(ZOE.id, reason)]);
    expect(ended).toEqual(['1 session.ended-by-operator']);
    expect(clock.waiting).toBe(0);
    await Promise.all([enter(1, KID), enter(2, ZOE)]);
    expect([workersOf('kid').started.length, workersOf('zoe').started.length]).toEqual([2, 2]);
  });

  it('P1.8: sends out one device, and leaves the others', async () => {
    await open(1);
    await open(2);
    sessions.expel(device(1), OPERATOR_PROFILE.id, new CodedError('session.ended-by-operator', 'moved'));
    expect(ended).toEqual(['1 session.ended-by-operator']);
    expect(sessions.list()).toHaveLength(1);
  });

  it('P6.7: tells its viewer when its worker ends, and the next visit gets another', async () => {
    (await enter(1, KID)).begin();
    workersOf('kid').latest.end();
    await settled();
    expect(ended).toEqual(['1 session.worker-lost']);
    await enter(1, KID);
    expect(workersOf('kid').started).toHaveLength(2);
  });

  it('P6.4: that was refused says why, as often as it is asked for', async () => {
    workersOf('kid').getsReady = false;
    const refusal = new ProfileRejected(noIsolation('Kid', 'no reason'));
    for (let visit = 0; visit < 4; visit += 1) {
      const opening = expect(enter(1, KID)).rejects.toBe(refusal);
      await settled();
      workersOf('kid').latest.end('refused', refusal);
      await opening;
    }
  });

  it('design §6: ends with the host', async () => {
    await enter(1, KID);
    await sessions.stop();
    await expect(enter(2, ZOE)).rejects.toMatchObject({ code: 'session.host-stopping' });
  });
});
