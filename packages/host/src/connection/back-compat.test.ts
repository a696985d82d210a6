import { decodeHello, decodeProfileReject, decodeWelcome, OPERATOR, RejectReason, utf8 } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { profile } from '../../../domain/testing/profiles.ts';
import { readVectors } from '../../../protocol/testing/vectors.ts';
import { device, Story } from '../../testing/story.ts';

/**
 * The back-compat matrix of the profiles design (§5.8): a viewer from before profiles, by its recorded bytes, at a host that has them. The
 * other half is `packages/sdk/src/viewer/back-compat.test.ts`.
 */

const TABLET = device(1);
const OLD_HELLOS = readVectors('control').exact.filter(({ message, name }) => message === 'Hello' && name.startsWith('an old viewer'));
/** Where Welcome ended before there were profiles. */
const OLD_WELCOME = 64;

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.pair(TABLET, 'Tablet');
});

/** What the host answers to these bytes. */
async function answer(hello: Uint8Array): Promise<Uint8Array> {
  const viewer = story.viewer(TABLET);
  await viewer.connect();
  viewer.control.send(new Uint8Array(hello));
  return viewer.hears();
}

async function make(fields: object, passcode?: string) {
  const { id: _id, created_unix: _created, updated_unix: _updated, ...input } = profile({ display_name: 'Kids' });
  const { id } = await story.profiles.create({ ...input, ...fields });
  if (passcode !== undefined) await story.profiles.setPasscode(id, utf8(passcode));
  return id;
}

describe('a viewer from before profiles', () => {
  /** Those that don't name a title, which this host would have to have. */
  const plain = OLD_HELLOS.filter(({ bytes }) => decodeHello(bytes).launch === undefined);

  it('P5.4: there are recorded ones, with and without each field', () => {
    expect(plain.map(({ bytes }) => bytes.length).sort((one, other) => one - other)[0]).toBe(26);
    expect(OLD_HELLOS.length).toBeGreaterThanOrEqual(4);
  });

  it.each(plain)('P5.4: $name: it comes to the operator’s desktop, and what it can read of Welcome is as before', async ({ bytes }) => {
    const welcome = await answer(bytes);
    expect(decodeWelcome(welcome)).toMatchObject({ resolvedProfile: OPERATOR });
    // Its decoder ends here: the rest doesn't move what it knows.
    const old = decodeWelcome(welcome.subarray(0, OLD_WELCOME));
    expect(old.resolvedProfile).toBeUndefined();
    expect(old).toMatchObject({ width: decodeWelcome(welcome).width, height: decodeWelcome(welcome).height });
  });

  it.each(plain)('P5.4: $name: assigned, it is in its profile without a word', async ({ bytes }) => {
    const kids = await make({ assigned_fingerprints: [TABLET] }, '4711');
    expect(decodeWelcome(await answer(bytes)).resolvedProfile).toBe(kids);
  });

  it.each(plain)('P5.4: $name: a default with a passcode is out of its reach, and it isn’t waited for', async ({ bytes }) => {
    await story.profiles.setDefault(await make({}, '4711'));
    expect(decodeProfileReject(await answer(bytes)).reason).toBe(RejectReason.PasscodeRequired);
  });
});
