import type { ProfileInput } from '@usher/domain';
import {
  decodeProfileReject,
  encodeProfileUnlock,
  HelloCaps,
  OPERATOR,
  type ProfileId,
  profileId,
  RejectReason,
  utf8,
} from '@usher/protocol';
import { profile } from '../../domain/testing/profiles.ts';
import { device, Story, type StoryViewer } from './story.ts';

export const TABLET = device(1);
export const LAPTOP = device(2);

interface Made extends Partial<ProfileInput> {
  readonly passcode?: string;
}

interface Wish {
  readonly id?: ProfileId;
  readonly passcode?: string;
}

/** A house of profiles with two paired devices, and their visits in words. */
export class ProfileStory extends Story {
  static async begin(): Promise<ProfileStory> {
    const story = new ProfileStory();
    await story.pair(TABLET, 'Tablet');
    await story.pair(LAPTOP, 'Laptop');
    return story;
  }

  async make(name: string, { passcode, ...input }: Made = {}): Promise<ProfileId> {
    const { id: _id, created_unix: _created, updated_unix: _updated, ...least } = profile({ display_name: name });
    const { id } = await this.profiles.create({ ...least, ...input });
    if (passcode !== undefined) await this.profiles.setPasscode(id, utf8(passcode));
    return id;
  }

  /** One visit from Hello on: where it ends. */
  async visit(who: typeof TABLET, wish: Wish = {}): Promise<string> {
    const viewer = this.viewer(who);
    await viewer.connect();
    return this.outcome(viewer, wish);
  }

  async outcome(viewer: StoryViewer, { id, passcode }: Wish): Promise<string> {
    viewer.hello({ ...(id === undefined ? {} : { profileId: id }), caps: passcode === undefined ? 0 : HelloCaps.UnlockFollows });
    if (passcode !== undefined) viewer.control.send(encodeProfileUnlock(utf8(passcode)));
    const answer = await viewer.hears();
    if (answer[3] === 0x31) return `welcome ${this.#nameOf(answer)}`; // PKF1
    const { reason, detail, retrySeconds } = decodeProfileReject(answer);
    viewer.control.close();
    await viewer.connection.finished;
    const word = Object.entries(RejectReason).find(([, byte]) => byte === reason)?.[0];
    return [word, ...(detail === 0 ? [] : [`detail ${detail}`]), ...(retrySeconds === 0 ? [] : [`${retrySeconds} s`])].join(', ');
  }

  #nameOf(welcome: Uint8Array): string {
    const id = Buffer.from(welcome.subarray(65)).toString();
    return id === OPERATOR ? 'operator' : (this.profiles.get(profileId(id))?.display_name ?? id);
  }
}
