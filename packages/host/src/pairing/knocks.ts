import { randomBytes } from 'node:crypto';
import { cleanDeviceName, KNOCK_LIFETIME_MS, KnockList, type WaitingKnock } from '@usher/domain';
import { CodedError, type Fingerprint, type ProfileId, shortFingerprint } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { AuditLog, Profiles } from '../profile-services.ts';
import type { Approval, Knocks, PairedDevice, PairedDevices } from '../services.ts';

/** A device at the door. */
interface Applicant {
  readonly device: Fingerprint;
  /** Cleaned already. */
  readonly name: string;
  readonly address: string;
  /** The device's long-lived key, proved; kept with the pairing. */
  readonly key?: string;
}

/** How a wait ends. `superseded`: the same device knocked again over another connection. */
export type KnockOutcome = 'approved' | 'denied' | 'expired' | 'superseded';

/** The pending list as the API sees it, and the door as a connection sees it (requirement P9.1). */
export interface KnockDoor extends Knocks {
  /** Waits for the operator. `decided` is called at most once, never from inside this call; `leave` when the viewer goes. */
  knock(applicant: Applicant, decided: (outcome: KnockOutcome) => void): { readonly seconds: number; leave(): void };
  /** The device was paired by PIN meanwhile: its knock is granted. */
  settle(device: Fingerprint): void;
}

export interface KnocksOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly paired: Pick<PairedDevices, 'add'>;
  readonly profiles: Pick<Profiles, 'list' | 'assign' | 'unassign'>;
  readonly audit: Pick<AuditLog, 'append'>;
}

export function createKnocks(options: KnocksOptions): KnockDoor {
  return new Door(options);
}

type Decided = (outcome: KnockOutcome) => void;

class Door implements KnockDoor {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #paired: KnocksOptions['paired'];
  readonly #profiles: KnocksOptions['profiles'];
  readonly #audit: Pick<AuditLog, 'append'>;
  readonly #list = new KnockList<Applicant & { readonly sinceUnix: number }>();
  /** The waiting connection of each knock. */
  readonly #waiting = new Map<string, Decided>();
  /** Knocks whose pairing is being saved: they can't be decided twice. */
  readonly #saving = new Set<string>();
  #cancelExpiry = (): void => {};

  constructor({ clock, log, paired, profiles, audit }: KnocksOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#paired = paired;
    this.#profiles = profiles;
    this.#audit = audit;
  }

  knock(applicant: Applicant, decided: Decided): { readonly seconds: number; leave(): void } {
    this.#expire();
    const who = { ...applicant, sinceUnix: this.#clock.unix() };
    const { knock, evicted } = this.#list.knock(who, randomBytes(8).toString('hex'), this.#clock.now());
    if (evicted !== undefined) this.#decide(evicted.id, 'expired');
    this.#decide(knock.id, 'superseded');
    this.#waiting.set(knock.id, decided);
    this.#scheduleExpiry();
    this.#log.info({ device: shortFingerprint(applicant.device), name: applicant.name, address: applicant.address }, 'a device knocks');
    return { seconds: KNOCK_LIFETIME_MS / 1000, leave: () => this.#leave(knock.id, decided) };
  }

  settle(device: Fingerprint): void {
    for (const knock of this.#list.list()) if (knock.who.device === device) this.#remove(knock, 'approved');
  }

  list() {
    this.#expire();
    return this.#list.list().map(({ id, who, knockedMs }) => ({
      id,
      device: who.device,
      name: who.name,
      address: who.address,
      sinceUnix: who.sinceUnix,
      expiresUnix: this.#clock.unix() + Math.ceil((knockedMs + KNOCK_LIFETIME_MS - this.#clock.now()) / 1000),
    }));
  }

  async approve(id: string, { name, profile }: Approval = {}): Promise<boolean> {
    this.#expire();
    const knock = this.#list.find(id);
    if (knock === undefined || this.#saving.has(id)) return false;
    const { device, key, name: itsName } = knock.who;
    const kept = name === undefined ? itsName : cleanDeviceName(name, device);
    const pairing = { fingerprint: device, name: kept, pairedUnix: this.#clock.unix(), ...(key === undefined ? {} : { key }) };
    this.#saving.add(id);
    try {
      if (profile === undefined) await this.#paired.add(pairing);
      else await this.#pairInto(profile, pairing);
    } finally {
      this.#saving.delete(id);
    }
    this.#log.info({ device: shortFingerprint(device) }, 'the operator let a device in');
    await this.#audit.append({
      ...{ event: 'device.paired', principal: 'operator', fields: { device, name: kept, by: 'knock' } },
      ...(profile === undefined ? {} : { profile }),
    });
    this.settle(device);
    return true;
  }

  /**
   * Two files, and both or none: the place first, which says nothing about a device that isn't paired, so that whatever fails in between
   * leaves a stranger. The other way round it would leave a device that comes to the operator's desktop.
   */
  async #pairInto(profile: ProfileId, pairing: PairedDevice): Promise<void> {
    const { fingerprint: device } = pairing;
    const before = this.#profiles.list().find(({ assigned_fingerprints }) => assigned_fingerprints.includes(device));
    if (!(await this.#profiles.assign(profile, device))) throw new CodedError('api.not-found', 'there is no such profile');
    try {
      await this.#paired.add(pairing);
    } catch (error) {
      await this.#putBack(device, before?.id);
      throw error;
    }
  }

  async #putBack(device: Fingerprint, before: ProfileId | undefined): Promise<void> {
    try {
      await (before === undefined ? this.#profiles.unassign(device) : this.#profiles.assign(before, device));
    } catch (error) {
      // The disk that refused the pairing refuses this too; the place that stays opens nothing to a device that isn't paired.
      this.#log.error({ err: error, device: shortFingerprint(device) }, 'a device that was not let in keeps its place in a profile');
    }
  }

  deny(id: string): boolean {
    this.#expire();
    const knock = this.#list.find(id);
    if (knock === undefined || this.#saving.has(id)) return false;
    this.#log.info({ device: shortFingerprint(knock.who.device) }, 'the operator turned a device away');
    void this.#audit.append({ event: 'device.denied', principal: 'operator', fields: { device: knock.who.device, name: knock.who.name } });
    this.#remove(knock, 'denied');
    return true;
  }

  #leave(id: string, decided: Decided): void {
    if (this.#waiting.get(id) !== decided) return; // decided, or another connection of the device waits now
    this.#waiting.delete(id);
    this.#list.leave(id);
  }

  #remove(knock: WaitingKnock, outcome: KnockOutcome): void {
    this.#list.remove(knock.id);
    this.#decide(knock.id, outcome);
  }

  #decide(id: string, outcome: KnockOutcome): void {
    const decided = this.#waiting.get(id);
    if (decided === undefined) return;
    this.#waiting.delete(id);
    queueMicrotask(() => decided(outcome));
  }

  #expire(): void {
    for (const knock of this.#list.expire(this.#clock.now())) this.#decide(knock.id, 'expired');
  }

  /** One timer, for the knock that expires first. */
  #scheduleExpiry(): void {
    this.#cancelExpiry();
    const knocked = this.#list.list().map((knock) => knock.knockedMs);
    if (knocked.length === 0) return;
    this.#cancelExpiry = this.#clock.after(Math.min(...knocked) + KNOCK_LIFETIME_MS - this.#clock.now(), () => {
      this.#expire();
      this.#scheduleExpiry();
    });
  }
}
