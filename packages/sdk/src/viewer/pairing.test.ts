import { CEREMONY_SPACING_MS } from '@usher/domain';
import {
  decodePairProof,
  decodePairRequest,
  ERRORS,
  encodePairChallenge,
  encodePairResult,
  encodeSessionEnded,
  type PairingIdentities,
  Spake2Side,
} from '@usher/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Conversation, DEVICE, FakeHost, fakeIdentity, HOST, ORIGIN, STRANGER } from '../../testing/fake-host.ts';
import { letIn, options, PIN } from '../../testing/way-in.ts';
import { place } from './place.ts';
import { spake2Suite } from './spake2-suite.ts';

const IDENTITIES: PairingIdentities = { device: DEVICE, host: HOST };

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
