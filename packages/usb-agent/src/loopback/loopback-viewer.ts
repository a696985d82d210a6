import { CodedError, LOOPBACK_VIEWER, OPERATOR, type UsbAuditRow, type UsbDeviceInfo, type UsbDeviceQuery } from '@usher/protocol';
import { AbuseMeter, type ClaimTable, type Clock, type Loopback, openLoopback, type UsbBackend, type UsbClaimHandle } from '@usher/usb';
import { accessOf, LOOPBACK_APPLICANT } from '../access.ts';
import type { AclStore } from '../acl-store.ts';
import { entryRow } from '../audit-rows.ts';
import type { Prompts } from '../prompts.ts';

/** A claim that nothing is asked of for so long is closed (rule A8): who asks over HTTP may never say that they are done. */
const IDLE_MS = 5 * 60_000;

export interface LoopbackParts {
  readonly backend: UsbBackend;
  readonly claims: ClaimTable;
  readonly store: AclStore;
  readonly clock: Clock;
  readonly prompts: Prompts;
  readonly audit: (row: UsbAuditRow) => void;
}

interface Held {
  readonly handle: UsbClaimHandle;
  readonly query: UsbDeviceQuery;
  stopIdle: () => void;
}

/** A viewer inside the agent (U4.4, rule A8): what the API asks of local devices goes the whole way, by frames, rules, questions and records. */
export class LoopbackViewer {
  readonly #clock: Clock;
  readonly #loopback: Loopback;
  readonly #held = new Map<number, Held>();

  constructor({ backend, claims, store, clock, prompts, audit }: LoopbackParts) {
    this.#clock = clock;
    const applicant = { ...LOOPBACK_APPLICANT, profile: OPERATOR };
    this.#loopback = openLoopback({
      ...{ viewer: LOOPBACK_VIEWER, backend, claims, abuse: new AbuseMeter(clock) },
      policy: accessOf({ store, applicant, prompts, audit }),
      audit: (entry) => audit({ ...applicant, ...entryRow(entry) }),
    });
  }

  list(): Promise<readonly UsbDeviceInfo[]> {
    return this.#loopback.client.list();
  }

  async open(query: UsbDeviceQuery): Promise<UsbClaimHandle> {
    const handle = await this.#loopback.client.open(query);
    const held: Held = { handle, query, stopIdle: () => undefined };
    this.#held.set(handle.claim, held);
    this.#restartIdle(held);
    void handle.closed.then(() => {
      held.stopIdle();
      if (this.#held.get(handle.claim) === held) this.#held.delete(handle.claim);
    });
    return handle;
  }

  /** Opens, lets `use` have the device, and closes it whatever comes of that. */
  async withDevice<Result>(query: UsbDeviceQuery, use: (handle: UsbClaimHandle) => Promise<Result>): Promise<Result> {
    const handle = await this.open(query);
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  }

  /** `usb.closed` where there is no such claim. */
  held(claim: number): UsbClaimHandle {
    const held = this.#held.get(claim);
    if (held === undefined) throw new CodedError('usb.closed', `unknown claim_id ${claim}`);
    this.#restartIdle(held);
    return held.handle;
  }

  #restartIdle(held: Held): void {
    held.stopIdle();
    held.stopIdle = this.#clock.after(IDLE_MS, () => void held.handle.close());
  }
}
