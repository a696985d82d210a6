import { OPERATOR_PROFILE, type Profile } from '@usher/domain';
import { sessionId, VideoCodec } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { FakeMediaSender } from '../../testing/fake-peer.ts';
import { RecordedAudit } from '../../testing/fake-profiles.ts';
import { FakeWorkers } from '../../testing/fake-worker.ts';
import { device } from '../../testing/story.ts';
import { createSessions, type OpenSession, SESSIONS_MAX, type SessionPlaces } from './sessions.ts';

let clock: FakeClock;
let workers: FakeWorkers;
let sessions: SessionPlaces;
let ended: string[];
let audit: RecordedAudit;

beforeEach(() => {
  clock = new FakeClock();
  workers = new FakeWorkers();
  ended = [];
  audit = new RecordedAudit();
  sessions = createSessions({ clock, log: pino({ level: 'silent' }), startWorker: workers.start, display: { kind: 'virtual' }, audit });
});

function open(number: number, codec: VideoCodec = VideoCodec.H264, profile: Profile = OPERATOR_PROFILE): Promise<OpenSession> {
  return sessions.open({
    device: device(number),
    deviceName: `device ${number}`,
    profile,
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
  it('P6.4: of another account are never opened on the operator’s desktop', async () => {
    const kid: Profile = { ...OPERATOR_PROFILE, os_account: { kind: 'linux', username: 'kid' } };
    await expect(open(1, VideoCodec.H264, kid)).rejects.toMatchObject({ code: 'broker.unavailable' });
    expect(workers.started).toEqual([]);
  });

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
