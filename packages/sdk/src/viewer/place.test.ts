import {
  decodeHello,
  decodeProfileUnlock,
  deviceKeyStatement,
  encodeKnockPending,
  encodeProfileList,
  encodeProfileReject,
  HelloCaps,
  RejectReason,
  tryUtf8,
  utf8,
} from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { DEVICE, FakeHost, fakeIdentity, HOST, ORIGIN, STRANGER } from '../../testing/fake-host.ts';
import { knownHost, letIn, MODE, options, PIN, refusal, welcome } from '../../testing/way-in.ts';
import { place, profilesOf } from './place.ts';

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
