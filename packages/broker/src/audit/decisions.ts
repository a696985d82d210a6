import type { AuditRecord, BrokerRefusal, BrokerRequest, Fingerprint, ProfileId } from '@usher/protocol';
import type { Log } from '../log.ts';
import type { Opening, SessionWitness } from '../sessions.ts';
import type { AuditTrail } from './audit-trail.ts';

/** Refusals that are written down at once; a host in a stranger's hands must not be able to push the past out of the chain. */
const REFUSALS_AT_ONCE = 100;
/** After them one in this time; those between are counted. */
const REFUSAL_EVERY_S = 10;

export interface DecisionsOptions {
  readonly trail: Pick<AuditTrail, 'append' | 'confirm'>;
  readonly unix: () => number;
  readonly log: Log;
}

/** What zone 0 decided, put into words for its audit (rule B8). Methods that don't say otherwise throw `StateUnusable`. */
export class Decisions implements SessionWitness {
  readonly #options: DecisionsOptions;
  #refusalsLeft = REFUSALS_AT_ONCE;
  #refilledUnix = 0;
  #leftOut = 0;

  constructor(options: DecisionsOptions) {
    this.#options = options;
  }

  begun(version: string): void {
    this.#append({ event: 'broker.begun', principal: 'host', fields: { version } });
  }

  connected(pid: number): void {
    this.#append({ event: 'broker.host-connected', principal: 'host', fields: { pid } });
  }

  bound(profile: ProfileId, account: string, uid: number): void {
    this.#append({ event: 'broker.bound', principal: 'host', profile, fields: { account, uid } });
  }

  unbound(profile: ProfileId): void {
    this.#append({ event: 'broker.unbound', principal: 'host', profile });
  }

  opening({ profile, account, uid, device }: Opening): void {
    this.#append({ event: 'session.opening', principal: `device:${device}`, profile, fields: { account, uid } });
  }

  /** Never throws: the session is over, whatever the disk says. */
  ended({ profile, account, uid, device }: Opening, refusal: BrokerRefusal | undefined, milliseconds: number): void {
    const fields = { account, uid, milliseconds, ...(refusal === undefined ? {} : { refusal }) };
    this.#try({ event: refusal === undefined ? 'session.ended' : 'session.refused', principal: `device:${device}`, profile, fields });
  }

  /** Never throws: what is refused stays refused. */
  refused(refusal: BrokerRefusal, request: BrokerRequest | undefined): void {
    const profile = request !== undefined && 'profile' in request ? request.profile : undefined;
    const device: Fingerprint | undefined = request?.type === 'open' ? request.device : undefined;
    this.#refusal({
      event: 'broker.refused',
      principal: device === undefined ? 'host' : `device:${device}`,
      ...(profile === undefined ? {} : { profile }),
      fields: { refusal, request: request?.type ?? 'none' },
    });
  }

  /** Never throws. */
  strangerRefused(uid: number | undefined): void {
    this.#refusal({ event: 'broker.stranger-refused', principal: 'host', fields: uid === undefined ? {} : { uid } });
  }

  #refusal(record: AuditRecord): void {
    this.#refill();
    if (this.#refusalsLeft === 0) {
      this.#leftOut += 1;
      return;
    }
    this.#refusalsLeft -= 1;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    this.#try(leftOut === 0 ? record : { ...record, fields: { ...record.fields, left_out: leftOut } });
  }

  #refill(): void {
    const unix = this.#options.unix();
    const fresh = Math.floor((unix - this.#refilledUnix) / REFUSAL_EVERY_S);
    if (fresh <= 0) return;
    this.#refusalsLeft = Math.min(REFUSALS_AT_ONCE, this.#refusalsLeft + fresh);
    this.#refilledUnix = unix;
  }

  #append(record: AuditRecord): void {
    const { trail, log } = this.#options;
    trail.append(record);
    try {
      trail.confirm();
    } catch (error) {
      log.error('where the audit ends could not be confirmed', { problem: String(error) }); // the entry is on disk
    }
  }

  #try(record: AuditRecord): void {
    try {
      this.#append(record);
    } catch (error) {
      this.#options.log.error('an entry of the audit could not be written', { event: record.event, problem: String(error) });
    }
  }
}
