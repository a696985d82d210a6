import type { Profile } from '@usher/domain';
import { CodedError, type DisplayChoice, type Fingerprint, type Mode, type ProfileId } from '@usher/protocol';
import { type Person, personOf } from '../broker/person.ts';
import { noIsolation } from '../broker/refusals.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { ProfileRejected } from '../profile-rejected.ts';
import type { Desktop } from './desktop.ts';
import { KeptDesktop } from './kept-desktop.ts';
import type { StartWorker } from './worker-link.ts';

/** A person's desktop without a viewer: time to come back after the network was gone, or in another room; then the login ends. */
export const LINGERS_MS = 15 * 60_000;

/** Whose desktop is wanted, and by which device. */
export interface DesktopWish {
  readonly profile: Pick<Profile, 'id' | 'display_name' | 'os_account'>;
  readonly device: Fingerprint;
  /** Whether the device is the profile's own: then it may go on with what another of them left. */
  readonly assigned: boolean;
  readonly mode: Mode;
}

export interface DesktopsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** The operator's. */
  readonly display: DisplayChoice;
  /** A worker in the host's own account. */
  readonly startWorker: StartWorker;
  /** A worker in a person's account. */
  readonly startPerson: (person: Person, device: Fingerprint) => StartWorker;
}

interface PersonDesktop {
  readonly kept: KeptDesktop;
  /** The device that was in last. */
  device: Fingerprint;
  cancelLingering: () => void;
  ending: Promise<void> | undefined;
}

/**
 * The desktops of this host: the operator's, which is there as long as the host is, and one for each person who is in. The two kinds never
 * meet: what decides is the profile's account, and there is no way from one to the other (requirement P6.4).
 */
export class Desktops {
  readonly #options: DesktopsOptions;
  readonly #operator: KeptDesktop;
  readonly #people = new Map<ProfileId, PersonDesktop>();
  #stopped = false;

  constructor(options: DesktopsOptions) {
    this.#options = options;
    this.#operator = new KeptDesktop(options);
  }

  /** Rejects with `ProfileRejected`, `session.worker-lost`, `session.host-stopping` or a code `worker.*`. */
  async open({ profile, device, assigned, mode }: DesktopWish): Promise<Desktop> {
    if (profile.os_account.kind === 'operator') return this.#operator.open(mode);
    if (this.#stopped) throw new CodedError('session.host-stopping', 'the host is stopping');
    const person = personOf(profile);
    if (person === undefined) throw new ProfileRejected(noIsolation(profile.display_name, 'this host opens no such account'));
    const desktop = await this.#of(person, device, assigned);
    desktop.cancelLingering();
    return desktop.kept.open(mode);
  }

  /** Somebody looks at it. */
  taken(profile: ProfileId): void {
    this.#people.get(profile)?.cancelLingering();
  }

  /** Nobody looks at the profile's desktop any more. */
  vacated(profile: ProfileId): void {
    const desktop = this.#people.get(profile);
    if (desktop === undefined) return; // the operator's stays
    desktop.cancelLingering();
    desktop.cancelLingering = this.#options.clock.after(LINGERS_MS, () => void this.end(profile));
  }

  /** Ends a person's desktop, and the login with it; resolves once it is gone. The operator's isn't ended so. */
  async end(profile: ProfileId): Promise<void> {
    const desktop = this.#people.get(profile);
    if (desktop === undefined) return;
    desktop.cancelLingering();
    desktop.ending ??= desktop.kept
      .stop(new CodedError('session.ended-by-operator', 'the desktop was ended'))
      .finally(() => this.#people.delete(profile));
    await desktop.ending;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#operator.stop(), ...[...this.#people.keys()].map((profile) => this.end(profile))]);
  }

  /** What somebody else has left open is nobody's to find: it ends before another one begins. */
  async #of(person: Person, device: Fingerprint, assigned: boolean): Promise<PersonDesktop> {
    for (let found = this.#people.get(person.id); found !== undefined; found = this.#people.get(person.id)) {
      if (found.ending === undefined && (found.device === device || assigned)) {
        found.device = device;
        return found;
      }
      await this.end(person.id);
    }
    const { clock, log, startPerson } = this.#options;
    const kept = new KeptDesktop({ clock, log, display: { kind: 'virtual' }, startWorker: startPerson(person, device) });
    const desktop: PersonDesktop = { kept, device, cancelLingering: () => {}, ending: undefined };
    this.#people.set(person.id, desktop);
    return desktop;
  }
}
