import { decodeHello, ERRORS, encodeSessionEnded, isCoded } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../protocol/testing/vectors.ts';
import { FakeHost, fakeIdentity, ORIGIN } from '../../testing/fake-host.ts';
import { place, profilesOf } from './place.ts';

/**
 * The back-compat matrix of the profiles design (§5.8): this viewer at a host from before profiles, by its recorded bytes. The other half is
 * `packages/host/src/connection/back-compat.test.ts`.
 */

const { exact, accepted } = readVectors('control');
const OLD_WELCOMES = [...exact, ...accepted].filter(
  ({ message, name }) => message === 'Welcome' && /old host|without a profile/.test(name),
);
const options = { url: ORIGIN, identity: fakeIdentity(), deviceName: 'Laptop', mode: { width: 1280, height: 720, refreshHz: 60 } };

describe('a host from before profiles', () => {
  it('P5.4: there are recorded ones of each length', () => {
    expect(OLD_WELCOMES.map(({ bytes }) => bytes.length).sort((one, other) => one - other)).toEqual([53, 59, 64, 64]);
  });

  it.each(OLD_WELCOMES)('P5.4: $name: it is entered, and there is one profile', async ({ bytes }) => {
    let launchAndProfile: unknown;
    const host = new FakeHost({
      talk: async (conversation) => {
        const { profileId, launch } = decodeHello(await conversation.hear());
        launchAndProfile = [profileId, launch];
        conversation.say(new Uint8Array(bytes));
      },
    });
    const placed = await place(host, options);
    expect([placed.profile, launchAndProfile]).toEqual(['operator', [undefined, undefined]]);
  });

  it('P5.4: a Hello without a profile is what an old viewer says, byte for byte', async () => {
    const [recorded] = exact.filter(({ name }) => name.startsWith('an old viewer with a name only'));
    const heard: Uint8Array[] = [];
    const host = new FakeHost({
      talk: async (conversation) => {
        heard.push(await conversation.hear());
        conversation.say(new Uint8Array(OLD_WELCOMES[0]?.bytes ?? []));
      },
    });
    const old = new Uint8Array(recorded?.bytes ?? []);
    const { width, height, refreshHz, name = '' } = decodeHello(old);
    await place(host, { ...options, deviceName: name, mode: { width, height, refreshHz } });
    // This viewer leaves compositor, pad and bitrate to the host: those six bytes are zero.
    expect(heard).toEqual([old.fill(0, 20, 26)]);
  });

  it('P5.4: one that doesn’t know ListProfiles ends it with a code, and is entered without', async () => {
    const ending = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.say(encodeSessionEnded({ wire: ERRORS['message.unexpected'].wire, message: 'no Hello' }));
      },
    });
    await expect(profilesOf(ending, options)).rejects.toSatisfy(isCoded);
    const silent = new FakeHost({
      talk: async (conversation) => {
        await conversation.hear();
        conversation.hangUp();
      },
    });
    await expect(profilesOf(silent, options)).rejects.toSatisfy(isCoded);
  });
});
