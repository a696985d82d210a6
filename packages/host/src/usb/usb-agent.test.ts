import {
  decodeClosed,
  decodeFrame,
  decodeProtocolError,
  encodeFrame,
  LOOPBACK_VIEWER,
  MAX_PAYLOAD,
  OPERATOR,
  Op,
  type UsbFrame,
} from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeChild, FakeChildren } from '../../testing/fake-child.ts';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { FakePeer, type FakeViewerChannel } from '../../testing/fake-peer.ts';
import { FakeAuditLog } from '../../testing/fake-profile-services.ts';
import { openPrompt } from '../../testing/fake-services.ts';
import { device } from '../../testing/story.ts';
import type { UsbNews } from '../services.ts';
import { createUsbAgent, type UsbLinks } from './usb-agent.ts';

const LAPTOP = device(1);

let clock: FakeClock;
let agents: FakeChildren;
let audit: FakeAuditLog;
let usb: UsbLinks;

beforeEach(() => {
  clock = new FakeClock();
  agents = new FakeChildren();
  audit = new FakeAuditLog();
});

function start(enabled = true): void {
  usb = createUsbAgent({ clock, log: pino({ level: 'silent' }), startAgent: agents.start, audit, enabled });
}

async function lend(name = 'Laptop'): Promise<FakeViewerChannel> {
  const peer = new FakePeer('bulk');
  peer.onChannel((channel) => usb.attach({ device: LAPTOP, profile: OPERATOR, name }, channel));
  peer.connect(LAPTOP);
  const channel = peer.open('usb');
  await settled();
  return channel;
}

const frame = (op: Op, claim = 0, payload = new Uint8Array()) => encodeFrame({ op, flags: 0, claim, payload });
const LIST = frame(Op.List);
const received = (channel: FakeViewerChannel): readonly UsbFrame[] => channel.received.map(decodeFrame);
const errors = (channel: FakeViewerChannel) =>
  received(channel)
    .filter((one) => one.op === Op.Error)
    .map((one) => decodeProtocolError(one.payload));
const attachedAs = (agent: FakeChild) => agent.heardAsAgent().filter((message) => message.type === 'attach');

describe('the usb-agent', () => {
  it('U3.6: isn’t started while the flag is off', async () => {
    start(false);
    await clock.advance(60_000);
    expect(agents.started).toEqual([]);
    expect(usb.enabled()).toBe(false);
    expect(usb.status()).toEqual({ running: false });
    await expect(usb.request('devices', {})).rejects.toMatchObject({ code: 'usb.backend-unavailable' });
  });

  it('U3.6: starts and ends with the flag', async () => {
    start(false);
    usb.setEnabled(true);
    usb.setEnabled(true);
    expect(agents.started).toHaveLength(1);
    usb.setEnabled(false);
    await settled();
    expect(agents.latest.stopped).toBe(true);
    await clock.advance(60_000);
    expect(agents.started).toHaveLength(1);
  });

  it('U3.6: a flag that goes off and on at once ends the old agent before the new one starts', async () => {
    start();
    agents.latest.stopsAtOnce = false;
    usb.setEnabled(false);
    usb.setEnabled(true);
    await clock.advance(10);
    expect(agents.started).toHaveLength(1);
    agents.latest.end();
    await clock.advance(0);
    expect(agents.started).toHaveLength(2);
  });

  it('U2.6: tells which backend it works with', async () => {
    start();
    expect(usb.status()).toEqual({ running: false });
    agents.latest.sayAsAgent({ type: 'ready', backend: 'sim', problem: 'no udev rule' });
    await settled();
    expect(usb.status()).toEqual({ running: true, backend: 'sim', problem: 'no udev rule' });
  });

  it('issue 2: is started again after a crash, with a growing wait while it keeps crashing', async () => {
    start();
    const starts: number[] = [];
    for (let crash = 0; crash < 4; crash += 1) {
      agents.latest.end('it ended with code 1');
      const before = agents.started.length;
      const beganMs = clock.now();
      while (agents.started.length === before) await clock.advance(100);
      starts.push(clock.now() - beganMs);
    }
    expect(starts).toEqual([100, 1000, 2000, 4000]);
    expect(usb.status()).toEqual({ running: false, problem: 'it ended with code 1' });
  });

  it('issue 2: that is never ready is started again', async () => {
    start();
    await clock.advance(15_000);
    expect(agents.started[0]?.killed).toBe(true);
    expect(agents.started).toHaveLength(2);
  });

  it('design §6: ends with the host', async () => {
    start();
    await usb.stop();
    await clock.advance(60_000);
    expect(agents.started).toHaveLength(1);
    expect(agents.latest.stopped).toBe(true);
    expect(clock.waiting).toBe(0);
  });
});

describe('a question to the agent', () => {
  beforeEach(() => start());

  it('A5: is answered by its number', async () => {
    const [one, other] = [usb.request('devices', {}), usb.request('acl.get', { verbose: true })];
    expect(agents.latest.heardAsAgent()).toEqual([
      { type: 'request', id: 1, method: 'devices', params: {} },
      { type: 'request', id: 2, method: 'acl.get', params: { verbose: true } },
    ]);
    agents.latest.sayAsAgent({ type: 'failed-reply', id: 2, code: 'usb.denied', message: 'no' });
    agents.latest.sayAsAgent({ type: 'reply', id: 1, result: ['key'] });
    agents.latest.sayAsAgent({ type: 'reply', id: 99, result: [] });
    expect(await one).toEqual(['key']);
    await expect(other).rejects.toMatchObject({ code: 'usb.denied' });
  });

  it('A5: fails after ten seconds without an answer, and a late one is ignored', async () => {
    const asked = expect(usb.request('devices', {})).rejects.toMatchObject({ code: 'usb.backend-unavailable' });
    agents.latest.sayAsAgent({ type: 'ready', backend: 'sim' });
    await clock.advance(10_000);
    await asked;
    agents.latest.sayAsAgent({ type: 'reply', id: 1, result: [] });
    await settled();
    expect(agents.latest.killed).toBe(false);
  });

  it('A5: fails when the agent ends', async () => {
    const asked = expect(usb.request('devices', {})).rejects.toMatchObject({ code: 'usb.backend-unavailable' });
    agents.latest.end();
    await asked;
  });

  it('A5: one too many is refused at once', async () => {
    const asked = Array.from({ length: 32 }, () => usb.request('devices', {}).catch(() => 'ended'));
    await expect(usb.request('devices', {})).rejects.toMatchObject({ code: 'api.rate-limited' });
    agents.latest.end();
    expect(await Promise.all(asked)).toEqual(asked.map(() => 'ended'));
  });

  it.each([
    ['noise', Uint8Array.of(0x99, 0, 0, 0, 1)],
    ['a frame that no viewer takes', Uint8Array.of(0x82, 0, 0, 0, 1, ...new Uint8Array(4 + MAX_PAYLOAD + 1))],
  ])('A2: %s from the agent ends it', async (_case, message) => {
    agents.latest.say(message);
    await settled();
    expect(agents.started[0]?.killed).toBe(true);
  });
});

describe('a viewer’s link', () => {
  it('A3: each has a number of its own, which none gets again', async () => {
    start();
    const [one, other] = [await lend('One'), await lend('Other')];
    for (const channel of [one, other]) channel.send(LIST);
    await settled();
    one.close();
    await settled();
    const third = await lend('Third');
    third.send(LIST);
    await settled();
    expect(attachedAs(agents.latest)).toEqual(
      ['One', 'Other', 'Third'].map((viewerName, index) => ({
        type: 'attach',
        link: index + 1,
        device: LAPTOP,
        profile: OPERATOR,
        viewerName,
      })),
    );
    expect(agents.latest.heardAsAgent()).toContainEqual({ type: 'detach', link: 1 });
  });

  it('A4: frames of a link that has gone are dropped', async () => {
    start();
    const channel = await lend();
    channel.send(LIST);
    await settled();
    channel.close();
    await settled();
    agents.latest.sayAsAgent({ type: 'frame', link: 1, frame: LIST });
    agents.latest.sayAsAgent({ type: 'frame', link: 42, frame: LIST });
    await settled();
    expect(channel.received).toEqual([]);
  });

  it('U3.6: with the flag off each frame is refused, fifty a second at most', async () => {
    start(false);
    const channel = await lend();
    for (let count = 0; count < 200; count += 1) channel.send(LIST);
    await settled();
    expect(errors(channel)).toEqual(Array.from({ length: 50 }, () => 'usb passthrough disabled'));
    await clock.advance(1000);
    channel.send(LIST);
    await settled();
    expect(errors(channel)).toHaveLength(51);
  });

  it('U1.1: a frame that is too long is refused and goes nowhere', async () => {
    start();
    const channel = await lend();
    channel.send(new Uint8Array(4 + MAX_PAYLOAD + 1));
    await settled();
    expect(errors(channel)).toEqual(['bad frame: payload 16385 exceeds cap 16384']);
    expect(agents.latest.received).toEqual([]);
  });

  it('U3.6: switching off takes back what is lent, and on again lends under a new number', async () => {
    start();
    const channel = await lend();
    channel.send(LIST);
    await settled();
    for (const claim of [3, 5]) agents.latest.sayAsAgent({ type: 'frame', link: 1, frame: frame(Op.Opened, claim) });
    agents.latest.sayAsAgent({ type: 'frame', link: 1, frame: frame(Op.Closed, 3) });
    await settled();
    usb.setEnabled(false);
    await settled();
    const closed = received(channel).filter((one) => one.op === Op.Closed && one.payload.length > 0);
    expect(closed.map((one) => [one.claim, decodeClosed(one.payload)])).toEqual([[5, { ok: false, error: 'usb passthrough disabled' }]]);
    expect(errors(channel)).toEqual(['usb passthrough disabled']);

    usb.setEnabled(true);
    channel.send(LIST);
    await settled();
    expect(attachedAs(agents.latest)).toMatchObject([{ link: 2 }]);
  });

  it('issue 2: a crash of the agent ends claims, not links', async () => {
    start();
    const channel = await lend();
    channel.send(LIST);
    await settled();
    agents.latest.sayAsAgent({ type: 'frame', link: 1, frame: frame(Op.Opened, 7) });
    await settled();
    agents.latest.end();
    await settled();
    expect(received(channel).map((one) => [one.op, one.claim])).toEqual([
      [Op.Opened, 7],
      [Op.Closed, 7],
      [Op.Error, 0],
    ]);
    expect(channel.host.isClosed).toBe(false);

    await clock.advance(1);
    agents.latest.end();
    await settled();
    expect(received(channel).filter((one) => one.op === Op.Closed)).toHaveLength(1);
  });

  it('issue 2: what a stranger hears of a crash says nothing about the machine', async () => {
    start();
    const channel = await lend();
    agents.latest.end('it could not be started: spawn /secret/path ENOENT');
    await settled();
    expect(errors(channel)).toEqual(['usb backend unavailable: the usb-agent is not running']);
  });

  it('A4: a link that the agent gives up ends with the agent’s reason', async () => {
    start();
    const channel = await lend();
    channel.send(LIST);
    await settled();
    agents.latest.sayAsAgent({ type: 'detached', link: 1, code: 'usb.locked-out', message: 'rate limited; locked out' });
    await settled();
    expect(errors(channel)).toEqual(['rate limited; locked out']);
    expect(channel.host.isClosed).toBe(true);
  });

  it('issue 2: a viewer that doesn’t read loses its link, and nobody else theirs', async () => {
    start();
    const [slow, other] = [await lend('Slow'), await lend('Other')];
    for (const channel of [slow, other]) channel.send(LIST);
    await settled();
    slow.host.buffered = 10 * 1024 * 1024;
    for (const link of [1, 2]) agents.latest.sayAsAgent({ type: 'frame', link, frame: LIST });
    await settled();
    expect(errors(slow)).toEqual([expect.stringMatching(/does not read .* \[session.viewer-too-slow\]$/)]);
    expect(slow.host.isClosed).toBe(true);
    expect(agents.latest.heardAsAgent()).toContainEqual({ type: 'detach', link: 1 });
    expect(other.received).toEqual([LIST]);
  });

  it('U1.6: a viewer that sends more than its credits allow loses its link', async () => {
    start();
    const channel = await lend();
    agents.latest.reads = false;
    const bulk = frame(Op.Bulk, 1, new Uint8Array(MAX_PAYLOAD));
    for (let count = 0; count < 641; count += 1) channel.send(bulk);
    await settled();
    expect(errors(channel)).toEqual([expect.stringMatching(/more than its credits allow/)]);
    expect(agents.latest.heardAsAgent().filter((message) => message.type === 'frame').length).toBeLessThan(641);
  });

  it('U1.6: what the agent has read doesn’t count', async () => {
    start();
    const channel = await lend();
    const bulk = frame(Op.Bulk, 1, new Uint8Array(MAX_PAYLOAD));
    for (let count = 0; count < 700; count += 1) {
      channel.send(bulk);
      await settled();
    }
    expect(errors(channel)).toEqual([]);
  });

  it('issue 2: an agent that doesn’t read is ended', async () => {
    start();
    const channel = await lend();
    agents.latest.queued = 65 * 1024 * 1024;
    channel.send(LIST);
    await settled();
    expect(agents.started[0]?.killed).toBe(true);
    expect(errors(channel)).toHaveLength(1);
  });
});

describe('what the agent tells', () => {
  let news: UsbNews[];
  beforeEach(async () => {
    start();
    news = [];
    usb.onNews((one) => news.push(one));
    agents.latest.sayAsAgent({ type: 'ready', backend: 'sim' });
    await settled();
  });

  it('U5.1: devices that come and go are told to whoever listens', async () => {
    const event = { seq: 1, kind: 'added', device: {} };
    agents.latest.sayAsAgent({ type: 'event', event });
    await settled();
    expect(news).toEqual([
      { kind: 'sharing', enabled: true, running: true },
      { kind: 'hotplug', event },
    ]);
  });

  it('U3.3: a question waits for the operator, and the answer goes to the agent', async () => {
    agents.latest.sayAsAgent({ type: 'prompt', id: 5, prompt: openPrompt().prompt });
    await settled();
    const [open] = usb.prompts();
    expect(open?.prompt).toEqual(openPrompt().prompt);
    expect(usb.answer('0'.repeat(16), { allow: true, remember: true })).toBe(false);
    expect(usb.answer(open?.id ?? '', { allow: true, remember: true })).toBe(true);
    expect(agents.latest.heardAsAgent().at(-1)).toEqual({ type: 'prompt-answer', id: 5, allow: true, remember: true });
    expect([usb.prompts(), usb.answer(open?.id ?? '', { allow: false, remember: false })]).toEqual([[], false]);
  });

  it.each([
    ['the agent ends', () => agents.latest.end()],
    ['sharing is switched off', () => usb.setEnabled(false)],
    ['the viewer leaves', () => agents.latest.sayAsAgent({ type: 'prompt-withdrawn', id: 5, reason: 'viewer-left' })],
  ])('U3.3: a question is over when %s', async (_what, happens) => {
    agents.latest.sayAsAgent({ type: 'prompt', id: 5, prompt: openPrompt().prompt });
    await settled();
    happens();
    await settled();
    expect(usb.prompts()).toEqual([]);
    expect(news.map(({ kind }) => kind)).toContain('prompt-closed');
  });

  it('U3.5: what it decided is in the audit, with viewer and profile', async () => {
    const device = { vendorId: '1050', productId: '0407', serial: 'S-1' };
    const viewer = { viewer: LAPTOP, viewerName: 'Laptop', profile: OPERATOR };
    agents.latest.sayAsAgent({ type: 'audit', row: { event: 'usb_open_denied', ...viewer, ...device, detail: 'rule 2' } });
    agents.latest.sayAsAgent({ type: 'audit', row: { event: 'usb_prompt_answered', ...viewer, ...device } });
    agents.latest.sayAsAgent({ type: 'audit', row: { event: 'usb_open_allowed', viewer: LOOPBACK_VIEWER, profile: OPERATOR, claim: 3 } });
    agents.latest.sayAsAgent({ type: 'audit', row: { event: 'usb_acl_untrusted', detail: 'signature' } });
    await settled();
    const fields = { device: '1050:0407', serial: 'S-1', viewer: LAPTOP, viewer_name: 'Laptop' };
    expect(audit.records).toEqual([
      { event: 'usb.open-denied', principal: `device:${LAPTOP}`, profile: OPERATOR, fields: { ...fields, detail: 'rule 2' } },
      { event: 'usb.prompt-answered', principal: 'operator', profile: OPERATOR, fields },
      { event: 'usb.open-allowed', principal: 'operator', profile: OPERATOR, fields: { claim: 3, viewer: LOOPBACK_VIEWER } },
      { event: 'usb.acl-untrusted', principal: 'host', fields: { detail: 'signature' } },
    ]);
    usb.setEnabled(false);
    expect(audit.records.at(-1)).toEqual({ event: 'usb.sharing', principal: 'operator', fields: { enabled: false } });
  });

  it('A8: a request may be given longer', async () => {
    const asked = expect(usb.request('loopback.open', {}, 45_000)).rejects.toMatchObject({ code: 'usb.backend-unavailable' });
    await clock.advance(44_000);
    const patient = usb.request('devices', {}).catch(() => 'late');
    await clock.advance(1000);
    await asked;
    await clock.advance(9000);
    expect(await patient).toBe('late');
  });
});
