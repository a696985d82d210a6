import {
  ERRORS,
  type ErrorCode,
  encodeProfileList,
  encodeProfileReject,
  encodeSessionEnded,
  RejectReason,
  type StatusName,
  UnavailableDetail,
  utf8,
} from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { FakeHost } from '../../testing/fake-host.ts';
import { options, PIN, refusal } from '../../testing/way-in.ts';
import { provesPasscode } from './connect-error.ts';
import { place } from './place.ts';

describe('refusals', () => {
  const goodbyes: readonly (readonly [ErrorCode, StatusName, number])[] = [
    ['pairing.not-armed', 'NotArmed', -20],
    ['pairing.wrong-pin', 'Crypto', -3],
    ['pairing.cooling-down', 'RateLimited', -22],
    ['device.not-paired', 'IdentityRequired', -23],
    ['device.removed', 'IdentityRequired', -23],
    ['device.denied', 'Denied', -24],
    ['device.knock-expired', 'ApprovalTimeout', -25],
    ['device.knock-limit', 'Busy', -28],
    ['session.limit', 'Busy', -28],
    ['session.handshake-timeout', 'Timeout', -9],
    ['session.no-codec', 'Unsupported', -6],
    ['session.worker-lost', 'SessionUnavailable', -14],
    ['session.host-stopping', 'Closed', -10],
    ['session.ended-by-operator', 'Closed', -10],
    ['worker.no-display', 'SessionUnavailable', -14],
    ['worker.missing-program', 'SessionUnavailable', -14],
    ['message.malformed', 'BadPacket', -4],
    ['config.invalid', 'InvalidArg', -1],
    ['internal', 'Panic', -99],
  ];

  it.each(goodbyes)('P5.2: a goodbye of %s is %s (%d)', async (code, status, statusNumber) => {
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeSessionEnded({ wire: ERRORS[code].wire, message: 'what to do' }));
        conversation.hangUp();
      },
    });
    const attempt = place(host, options());
    await expect(attempt).rejects.toMatchObject({ name: 'ConnectError', code, status, statusNumber, message: 'what to do' });
    expect(host.openSockets).toBe(0);
    expect(host.peers[0]?.closed).toBe(true);
  });

  const rejects: readonly (readonly [keyof typeof RejectReason, StatusName, number])[] = [
    ['PasscodeRequired', 'AuthRequired', -11],
    ['WrongPasscode', 'AuthRequired', -11],
    ['LockedOut', 'AuthRequired', -11],
    ['NotFound', 'NotFound', -12],
    ['NotPermitted', 'NotFound', -12],
    ['NeedsSelection', 'NotFound', -12],
    ['Occupied', 'Occupied', -13],
    ['SessionUnavailable', 'SessionUnavailable', -14],
    ['NeedsIsolation', 'NeedsIsolation', -15],
  ];

  it.each(rejects)('P5.2: a reject of %s is %s (%d), and the reason can be told', async (name, status, statusNumber) => {
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        const reject = { reason: RejectReason[name], detail: UnavailableDetail.None, retrySeconds: 7, message: 'Ask the operator' };
        conversation.say(encodeProfileReject(reject));
      },
    });
    await expect(place(host, options())).rejects.toMatchObject({
      code: 'profile.rejected',
      status,
      statusNumber,
      reject: RejectReason[name],
      retrySeconds: 7,
      message: 'Ask the operator',
    });
  });

  it.each([
    ['PasscodeRequired', 'None', false],
    ['WrongPasscode', 'None', false],
    ['LockedOut', 'None', false],
    ['NotFound', 'None', false],
    ['Occupied', 'None', true],
    ['NeedsIsolation', 'None', true],
    ['SessionUnavailable', 'NoBroker', true],
    ['SessionUnavailable', 'LoginFailed', true],
    ['SessionUnavailable', 'NeedsConsoleSwitch', true],
    ['SessionUnavailable', 'Busy', false],
    ['SessionUnavailable', 'None', false],
  ] as const)('P9.3: %s with %s tells that the passcode was right: %s', async (reason, detail, proves) => {
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeProfileReject(refusal(RejectReason[reason], UnavailableDetail[detail])));
      },
    });
    const error = await place(host, options()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ detail: UnavailableDetail[detail] });
    expect(provesPasscode(error)).toBe(proves);
  });

  it('P2.4: a passcode that is too long is refused before anybody is asked, and not quoted', async () => {
    const host = new FakeHost();
    const attempt = place(host, options({ passcode: utf8('sesame'.repeat(11)) }));
    await expect(attempt).rejects.toMatchObject({ code: 'config.invalid', message: 'a passcode has at most 64 bytes' });
    expect(host.sockets).toBe(0);
  });

  it('P5.3: a refusal by signalling keeps its code and its wait', async () => {
    const refusal = { type: 'refused', peer: 'session', code: 'api.rate-limited', message: 'slowly', retrySeconds: 30 } as const;
    const host = new FakeHost({ refusal });
    await expect(place(host, options())).rejects.toMatchObject({ code: 'api.rate-limited', statusNumber: -22, retrySeconds: 30 });
  });

  it('P5.3: a refusal isn’t tried again', async () => {
    const host = new FakeHost({ refusal: { type: 'refused', code: 'session.limit', message: 'full' } });
    await expect(place(host, options())).rejects.toMatchObject({ code: 'session.limit' });
    expect(host.sockets).toBe(1);
  });

  it.each([
    ['a host that isn’t there', { unreachable: true }, 'host.unreachable', -7],
    ['a socket that closes', { closesOnOffer: true }, 'session.transport', -7],
    ['a hello that isn’t JSON', { rawHello: 'hello' }, 'message.malformed', -4],
    ['a hello without a fingerprint', { rawHello: '{"type":"hello","version":1}' }, 'message.malformed', -4],
    ['a later version of signalling', { version: 2 }, 'message.unexpected', -4],
    ['a codec that nobody here decodes', { codec: 'AV1' }, 'session.no-codec', -6],
  ] as const)('P5.3: %s is %s', async (_what, host, code, statusNumber) => {
    await expect(place(new FakeHost(host), options())).rejects.toMatchObject({ code, statusNumber });
  });

  it('P5.1: an answer to Hello that isn’t Welcome is refused', async () => {
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeProfileList([]));
      },
    });
    await expect(place(host, options())).rejects.toMatchObject({ code: 'message.unexpected' });
  });

  it('P5.3: a connection that is lost before Welcome is a typed end', async () => {
    const host: FakeHost = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        host.peers[0]?.lose();
      },
    });
    await expect(place(host, options())).rejects.toMatchObject({ code: 'session.transport', statusNumber: -7 });
  });

  it.each(['http://host.test:9939/', 'host.test', '', 'wss://host.test/'])('P9.1: %j is no address of a host', async (url) => {
    await expect(place(new FakeHost(), options({ url }))).rejects.toMatchObject({ code: 'config.invalid' });
  });

  it('P2.4: no error carries the passcode or the PIN', async () => {
    const host = new FakeHost({ talk: (conversation) => Promise.resolve(conversation.hangUp()) });
    const error = await place(host, options({ pin: PIN, passcode: utf8('open sesame') })).catch((caught: unknown) => caught);
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error);
    expect(told).not.toMatch(/sesame|042917/);
  });
});
