import { randomBytes } from 'node:crypto';
import { cleanDeviceName, KNOCK_LIFETIME_MS, KnockList, type WaitingKnock } from '@usher/domain';
import { type Fingerprint, shortFingerprint } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { AuditLog } from '../profile-services.ts';
import type { Knocks, PairedDevices } from '../services.ts';

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
  readonly audit: Pick<AuditLog, 'append'>;
}

export function createKnocks(options: KnocksOptions): KnockDoor {
  return new Door(options);
}

type Decided = (outcome: KnockOutcome) => void;

class Door implements KnockDoor {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #paired: Pick<PairedDevices, 'add'>;
  readonly #audit: Pick<AuditLog, 'append'>;
  readonly #list = new KnockList<Applicant & { readonly sinceUnix: number }>();
  /** The waiting connection of each knock. */
  readonly #waiting = new Map<string, Decided>();
  /** Knocks whose pairing is being saved: they can't be decided twice. */
  readonly #saving = new Set<string>();
  #cancelExpiry = (): void => {};

  constructor({ clock, log, paired, audit }: KnocksOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#paired = paired;
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

  async approve(id: string, name?: string): Promise<boolean> {
    this.#expire();
    const knock = this.#list.find(id);
    if (knock === undefined || this.#saving.has(id)) return false;
    const { device, key, name: itsName } = knock.who;
    const kept = name === undefined ? itsName : cleanDeviceName(name, device);
    this.#saving.add(id);
    try {
      await this.#paired.add({
        fingerprint: device,
        name: kept,
        pairedUnix: this.#clock.unix(),
        ...(key === undefined ? {} : { key }),
      });
    } finally {
      this.#saving.delete(id);
    }
    this.#log.info({ device: shortFingerprint(device) }, 'the operator let a device in');
    await this.#audit.append({ event: 'device.paired', principal: 'operator', fields: { device, name: kept, by: 'knock' } });
    this.settle(device);
    return true;
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
