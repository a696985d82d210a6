import { CEREMONY_SPACING_MS } from '@usher/domain';
import {
  ABI_VERSION,
  decodeHello,
  decodePairProof,
  decodePairRequest,
  decodeProfileUnlock,
  deviceKeyStatement,
  ERRORS,
  type ErrorCode,
  encodeKnockPending,
  encodePairChallenge,
  encodePairResult,
  encodeProfileList,
  encodeProfileReject,
  encodeSessionEnded,
  encodeWelcome,
  HelloCaps,
  type PairingIdentities,
  RejectReason,
  Spake2Side,
  type StatusName,
  tryUtf8,
  UnavailableDetail,
  utf8,
} from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Conversation, DEVICE, FakeHost, fakeIdentity, HOST, ORIGIN, STRANGER } from '../../testing/fake-host.ts';
import { provesPasscode } from './connect-error.ts';
import type { PinnedHost } from './identity.ts';
import type { ConnectOptions } from './options.ts';
import { place, profilesOf } from './place.ts';
import { spake2Suite } from './spake2-suite.ts';

const MODE = { width: 1280, height: 720, refreshHz: 60 };
const PIN = '042917';
const IDENTITIES: PairingIdentities = { device: DEVICE, host: HOST };

function options(overrides: Partial<ConnectOptions<string>> = {}): ConnectOptions<string> {
  return { url: `${ORIGIN}/`, identity: fakeIdentity(), deviceName: 'Ada’s laptop', mode: MODE, ...overrides };
}

function knownHost(overrides: Partial<PinnedHost> = {}): PinnedHost {
  return { origin: ORIGIN, fingerprint: HOST, name: 'Living room', lastUsedUnix: 1, ...overrides };
}

/** What the host says to a Hello that it lets in. */
function welcome(overrides: { width?: number; height?: number } = {}) {
  return encodeWelcome({
    abiVersion: ABI_VERSION,
    ...MODE,
    ...overrides,
    compositor: 0,
    gamepad: 0,
    bitrateKbps: 0,
    resolvedProfile: 'operator',
  });
}

function refusal(reason: RejectReason, detail: UnavailableDetail = UnavailableDetail.None) {
  return { reason, detail, retrySeconds: 0, message: 'Ask the operator' };
}

async function letIn(host: Conversation): Promise<void> {
  await host.hear();
  host.say(welcome());
}

describe('the way in', () => {
  it('P5.3: a paired device says Hello and is placed', async () => {
    let hello: ReturnType<typeof decodeHello> | undefined;
    const host = new FakeHost({
      talk: async (conversation) => {
        hello = decodeHello(await conversation.hear());
        conversation.say(welcome({ width: 1024, height: 768 }));
      },
    });
    const stages: string[] = [];
    const placed = await place(host, options({ profile: 'operator', onProgress: (stage) => stages.push(stage) }));
    expect(hello).toMatchObject({ ...MODE, name: 'Ada’s laptop', profileId: 'operator', caps: 0 });
    expect(placed).toMatchObject({ profile: 'operator', codec: 'h264', hostFingerprint: HOST, mode: { width: 1024, height: 768 } });
    expect(stages).toEqual(['signalling', 'connecting', 'starting']);
  });

  it('P9.1: the offer carries the device key’s signature over nonce, host and certificate', async () => {
    const identity = fakeIdentity();
    const host = new FakeHost({ talk: letIn });
    await place(host, options({ identity }));
    expect(identity.signed).toEqual([deviceKeyStatement('bm9uY2U=', HOST, DEVICE)]);
    expect(host.signals[0]).toMatchObject({ type: 'offer', peer: 'session', key: { spki: 'AQID' } });
  });

  it('P5.3: candidates wait for the description that they belong to, both ways', async () => {
    const host = new FakeHost({ talk: letIn });
    await place(host, options());
    expect(host.signals.map((signal) => signal.type)).toEqual(['offer', 'candidate']);
    expect(host.peers[0]?.candidates).toEqual(['candidate:host']);
  });

  it('P2.4: a passcode is announced in Hello and follows it, and appears nowhere else', async () => {
    const heard: Uint8Array[] = [];
    const host = new FakeHost({
      talk: async (conversation) => {
        heard.push(await conversation.hear(), await conversation.hear());
        conversation.say(welcome());
      },
    });
    const passcode = utf8('open sesame');
    await place(host, options({ profile: 'a1b2c3d4e5f6', passcode }));
    expect(tryUtf8(passcode)).toBe('open sesame'); // its owner wipes it
    const [hello = new Uint8Array(), unlock = new Uint8Array()] = heard;
    expect(decodeHello(hello).caps).toBe(HelloCaps.UnlockFollows);
    expect(tryUtf8(decodeProfileUnlock(unlock))).toBe('open sesame');
    expect(Buffer.from(hello).includes('sesame')).toBe(false);
  });

  it('facts/media §1.4: a connection that fails is tried again from the start', async () => {
    const host = new FakeHost({ talk: letIn, failingPeers: 2 });
    await place(host, options());
    expect(host.sockets).toBe(3);
    expect(host.openSockets).toBe(1);
    expect(host.peers.map((peer) => peer.closed)).toEqual([true, true, false]);
  });

  it('facts/media §1.4: three failures are the end', async () => {
    const host = new FakeHost({ failingPeers: 9 });
    await expect(place(host, options())).rejects.toMatchObject({ code: 'session.transport', status: 'Io', statusNumber: -7 });
    expect(host.sockets).toBe(3);
    expect(host.openSockets).toBe(0);
  });

  it('P9.1: an unknown device waits for the operator and is then let in', async () => {
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeKnockPending(600));
        await Promise.resolve();
        conversation.say(welcome());
      },
    });
    const stages: string[] = [];
    const knocks: number[] = [];
    const identity = fakeIdentity();
    await place(host, options({ identity, onProgress: (stage) => stages.push(stage), onKnock: (seconds) => knocks.push(seconds) }));
    expect(stages).toEqual(['signalling', 'connecting', 'starting', 'waiting-for-approval']);
    expect(knocks).toEqual([600]);
    expect(identity.hosts.find(ORIGIN)?.fingerprint).toBe(HOST);
  });

  it('P5.2: the list of profiles comes without a session, and everything is closed', async () => {
    const entry = { id: 'operator', displayName: 'Ada', accent: '', avatar: '', passcodeRequired: false, assigned: true };
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeProfileList([entry]));
      },
    });
    await expect(profilesOf(host, options())).resolves.toEqual([entry]);
    expect(host.openSockets).toBe(0);
    expect(host.peers[0]?.closed).toBe(true);
  });
});

describe('pairing by PIN', () => {
  /** A host that pairs with `pin`, then lets in. */
  const pairing =
    (pin: string, heard: string[] = []) =>
    async (host: Conversation) => {
      const request = decodePairRequest(await host.hear());
      heard.push(request.name);
      const side = new Spake2Side(spake2Suite, 'host', pin, IDENTITIES);
      const keys = side.finish(request.share);
      host.say(encodePairChallenge({ share: side.share, confirmation: keys.hostConfirmation }));
      const proof = decodePairProof(await host.hear());
      host.say(encodePairResult(side.matches(keys.deviceConfirmation, proof)));
      await letIn(host);
    };

  it('P9.1: the right PIN pairs, pins the host, and the same connection goes on', async () => {
    const identity = fakeIdentity();
    const heard: string[] = [];
    const stages: string[] = [];
    const host = new FakeHost({ talk: pairing(PIN, heard) });
    await place(host, options({ identity, pin: PIN, onProgress: (stage) => stages.push(stage) }));
    expect(heard).toEqual(['Ada’s laptop']);
    expect(stages).toEqual(['signalling', 'connecting', 'pairing', 'starting']);
    expect(identity.hosts.find(ORIGIN)).toMatchObject({ fingerprint: HOST, name: 'host.test:9939' });
    expect(host.sockets).toBe(1);
  });

  describe('a host in its cool-down', () => {
    beforeEach(() => vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());

    /** A host that turns away so many ceremonies before it takes one. */
    const coolingDown = (times: number) => {
      let turnedAway = 0;
      return async (host: Conversation) => {
        if (turnedAway === times) return pairing(PIN)(host);
        turnedAway += 1;
        await host.hear();
        host.say(encodeSessionEnded({ wire: ERRORS['pairing.cooling-down'].wire, message: 'another device has just tried to pair' }));
      };
    };

    it('P9.1: is asked again when it is over, because the PIN was not spent', async () => {
      const host = new FakeHost({ talk: coolingDown(2) });
      const placed = place(host, options({ pin: PIN }));
      await vi.advanceTimersByTimeAsync(2 * CEREMONY_SPACING_MS);
      await expect(placed).resolves.toMatchObject({ profile: 'operator' });
      expect([host.sockets, host.openSockets]).toEqual([3, 1]);
    });

    it('P9.1: that goes on and on is told', async () => {
      const host = new FakeHost({ talk: coolingDown(9) });
      const refused = expect(place(host, options({ pin: PIN }))).rejects.toMatchObject({ code: 'pairing.cooling-down' });
      await vi.advanceTimersByTimeAsync(2 * CEREMONY_SPACING_MS);
      await refused;
      expect([host.sockets, host.openSockets]).toEqual([3, 0]);
    });

    it('P9.1: is left at once when the person gives up', async () => {
      const host = new FakeHost({ talk: coolingDown(9) });
      const givenUp = new AbortController();
      const refused = expect(place(host, options({ pin: PIN, signal: givenUp.signal }))).rejects.toThrow('enough');
      await vi.advanceTimersByTimeAsync(CEREMONY_SPACING_MS / 2);
      givenUp.abort(new Error('enough'));
      await refused;
      expect([host.sockets, host.openSockets]).toEqual([1, 0]);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it('P9.1: a host that doesn’t know the PIN gets no proof from which it could be guessed', async () => {
    const identity = fakeIdentity();
    let proofs = 0;
    const host = new FakeHost({
      talk: async (conversation) => {
        const request = decodePairRequest(await conversation.hear());
        const side = new Spake2Side(spake2Suite, 'host', '999999', IDENTITIES);
        conversation.say(encodePairChallenge({ share: side.share, confirmation: side.finish(request.share).hostConfirmation }));
        await conversation.hear();
        proofs += 1;
      },
    });
    await expect(place(host, options({ identity, pin: PIN }))).rejects.toMatchObject({
      code: 'pairing.wrong-pin',
      status: 'Crypto',
      statusNumber: -3,
    });
    expect(proofs).toBe(0);
    expect(identity.hosts.list()).toEqual([]);
    expect(host.openSockets).toBe(0);
  });

  it('P9.1: certificates that were exchanged on the way make the PIN useless to whoever did it', async () => {
    const host = new FakeHost({
      talk: async (conversation) => {
        const request = decodePairRequest(await conversation.hear());
        const side = new Spake2Side(spake2Suite, 'host', PIN, { device: STRANGER, host: HOST });
        conversation.say(encodePairChallenge({ share: side.share, confirmation: side.finish(request.share).hostConfirmation }));
      },
    });
    await expect(place(host, options({ pin: PIN }))).rejects.toMatchObject({ code: 'pairing.wrong-pin' });
  });

  it('P9.1: a refused proof is a wrong PIN', async () => {
    const host = new FakeHost({
      talk: async (conversation) => {
        const request = decodePairRequest(await conversation.hear());
        const side = new Spake2Side(spake2Suite, 'host', PIN, IDENTITIES);
        conversation.say(encodePairChallenge({ share: side.share, confirmation: side.finish(request.share).hostConfirmation }));
        await conversation.hear();
        conversation.say(encodePairResult(false));
      },
    });
    await expect(place(host, options({ pin: PIN }))).rejects.toMatchObject({ code: 'pairing.wrong-pin' });
  });

  it.each(['', '12345', '1234567', '12a456', ' 123456'])('P9.1: %j is no PIN, and the host isn’t asked', async (pin) => {
    const host = new FakeHost();
    const attempt = place(host, options({ pin }));
    await expect(attempt).rejects.toMatchObject({ code: 'config.invalid', status: 'InvalidArg' });
    if (pin !== '') await expect(attempt).rejects.not.toThrow(pin);
    expect(host.sockets).toBe(0);
  });
});

describe('who the host is', () => {
  it.each([
    ['hello', { helloFingerprint: STRANGER, answerFingerprint: STRANGER, dtlsFingerprint: STRANGER }],
    ['answer', { answerFingerprint: STRANGER }],
    ['DTLS', { dtlsFingerprint: STRANGER }],
  ] as const)('P9.1: another fingerprint in %s than the pinned one ends it, with what to do', async (_where, fingerprints) => {
    let talked = false;
    const host = new FakeHost({
      ...fingerprints,
      talk: async (conversation) => {
        await conversation.hear();
        talked = true;
      },
    });
    const identity = fakeIdentity([knownHost()]);
    const attempt = place(host, options({ identity, pin: PIN }));
    await expect(attempt).rejects.toMatchObject({ code: 'pairing.host-changed', status: 'Crypto', statusNumber: -3 });
    await expect(attempt).rejects.toThrow(/forget the host/);
    expect(talked).toBe(false);
    expect(identity.hosts.find(ORIGIN)?.fingerprint).toBe(HOST);
    expect(host.openSockets).toBe(0);
  });

  it('P9.1: a fingerprint that a person compared stands in for the pinned one, and replaces it', async () => {
    const host = new FakeHost({ talk: letIn });
    const identity = fakeIdentity([knownHost({ fingerprint: STRANGER })]);
    await place(host, options({ identity, hostFingerprint: HOST }));
    expect(identity.hosts.find(ORIGIN)).toMatchObject({ fingerprint: HOST, name: 'Living room' });
  });

  it('P9.1: a given fingerprint that doesn’t hold ends it', async () => {
    const host = new FakeHost({ talk: letIn });
    await expect(place(host, options({ hostFingerprint: STRANGER }))).rejects.toMatchObject({ code: 'pairing.host-changed' });
  });

  it('P9.1: a platform that can’t read the DTLS certificate relies on the answer, which it enforces', async () => {
    const host = new FakeHost({ talk: letIn, dtlsFingerprint: null });
    await expect(place(host, options())).resolves.toMatchObject({ hostFingerprint: HOST });
  });

  it('P9.2: a host remembers where it placed this device, and one tap leads there again', async () => {
    const identity = fakeIdentity([knownHost()]);
    await place(new FakeHost({ talk: letIn }), options({ identity }));
    expect(identity.hosts.find(ORIGIN)?.lastProfile).toBe('operator');
    await identity.hosts.pin({ origin: ORIGIN, fingerprint: HOST, lastUsedUnix: 2 });
    expect(identity.hosts.find(ORIGIN)?.lastProfile).toBe('operator');
    await identity.hosts.pin({ origin: ORIGIN, fingerprint: STRANGER, lastUsedUnix: 3 });
    expect(identity.hosts.find(ORIGIN)).not.toHaveProperty('lastProfile');
  });

  it('P9.1: a host that refuses the profile has let the device in, so it is known from then on', async () => {
    const identity = fakeIdentity();
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeKnockPending(600));
        conversation.say(encodeProfileReject(refusal(RejectReason.PasscodeRequired)));
      },
    });
    await expect(place(host, options({ identity }))).rejects.toMatchObject({ status: 'AuthRequired' });
    expect(identity.hosts.find(ORIGIN)).toMatchObject({ fingerprint: HOST });
    expect(identity.hosts.find(ORIGIN)).not.toHaveProperty('lastProfile');
  });

  it('P9.1: a known host keeps its name and is used just now', async () => {
    const identity = fakeIdentity([knownHost()]);
    await place(new FakeHost({ talk: letIn }), options({ identity }));
    const known = identity.hosts.find(ORIGIN);
    expect(known?.name).toBe('Living room');
    expect(known?.lastUsedUnix).toBeGreaterThan(1_700_000_000);
  });
});

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

describe('giving up', () => {
  it('P5.3: an abort rejects with the signal’s own reason and closes everything', async () => {
    const controller = new AbortController();
    const host = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeKnockPending(600));
      },
    });
    const attempt = place(host, options({ signal: controller.signal, onKnock: () => controller.abort() }));
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
    expect(host.openSockets).toBe(0);
    expect(host.peers[0]?.closed).toBe(true);
  });

  it('P5.3: an abort beforehand asks nobody', async () => {
    const host = new FakeHost();
    await expect(place(host, options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ name: 'AbortError' });
    expect(host.sockets).toBe(0);
  });
});
