import { CodedError, isCoded, toHex, type UsbAuditEvent } from '@usher/protocol';
import type { UsbDeviceHandle } from './backend.ts';
import { Claim, type ClaimHolder } from './claim.ts';
import { ClaimIds } from './claim-ids.ts';
import type { Clock } from './clock.ts';
import type { AccessPolicy, UsbAuditEntry } from './policy.ts';

const TOKEN_BYTES = 16;

export interface ClaimTableOptions {
  readonly clock: Clock;
  /** Bytes that nobody can guess, for resume tokens. */
  readonly random: (length: number) => Uint8Array;
  /** Claims of one viewer at a time (U1.11). */
  readonly maxPerViewer?: number;
  /** Claims of all viewers together: each holds a device, a few buffers and a queue. */
  readonly maxTotal?: number;
  /** How long a claim waits for its viewer after the channel dropped, in milliseconds (design §5). */
  readonly graceMs?: number;
}

/** What becomes a claim: the device, whose it is now, by which rules, and where that is recorded. */
interface Opened {
  readonly handle: UsbDeviceHandle;
  readonly holder: ClaimHolder;
  readonly policy: AccessPolicy;
  readonly audit: (entry: UsbAuditEntry) => void;
}

/** A place in the table that is taken while a device is being opened, so that concurrent OPENs can't pass the limit together. */
export interface Reservation {
  fill(opened: Opened): Claim;
  release(): void;
}

/** Every claim of the device's side, over all viewers and channels (U1.4, U1.8). Ids are unique here, so a resumed claim keeps its own. */
export class ClaimTable {
  readonly #clock: Clock;
  readonly #random: (length: number) => Uint8Array;
  readonly #maxPerViewer: number;
  readonly #maxTotal: number;
  readonly #graceMs: number;
  readonly #claims = new Map<number, Claim>();
  readonly #byToken = new Map<string, Claim>();
  readonly #reserved = new Set<{ readonly viewer: string }>();
  readonly #graceTimers = new Map<Claim, () => void>();
  readonly #ids = new ClaimIds();

  constructor(options: ClaimTableOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#maxPerViewer = options.maxPerViewer ?? 4;
    this.#maxTotal = options.maxTotal ?? 32;
    this.#graceMs = options.graceMs ?? 30_000;
  }

  all(): readonly Claim[] {
    return [...this.#claims.values()];
  }

  /** The claim with this id, if `holder` holds it: ids of other viewers don't exist for it. */
  held(id: number, holder: ClaimHolder): Claim | undefined {
    const claim = this.#claims.get(id);
    return claim?.holder === holder ? claim : undefined;
  }

  /** `usb.claim-limit` where the viewer or the host has as many as it may. */
  reserve(viewer: string): Reservation {
    const taken = [...this.#claims.values(), ...this.#reserved];
    const own = taken.filter((place) => place.viewer === viewer).length;
    if (own >= this.#maxPerViewer) throw new CodedError('usb.claim-limit', `max concurrent claims reached (${this.#maxPerViewer})`);
    if (taken.length >= this.#maxTotal)
      throw new CodedError('usb.claim-limit', `max concurrent claims reached (${this.#maxTotal} on this host)`);

    const place = { viewer };
    this.#reserved.add(place);
    const release = () => void this.#reserved.delete(place);
    return {
      release,
      fill: (opened) => {
        release();
        const id = this.#ids.next((taken) => this.#claims.has(taken));
        return this.#add(new Claim({ id, viewer, clock: this.#clock, ...opened }));
      },
    };
  }

  /**
   * Binds a live claim to another channel of the same viewer and gives it a new token: the one shown is used up (U1.8).
   * A wrong token, another viewer's token and an expired one look alike.
   */
  resume(token: string, viewer: string, holder: ClaimHolder): Claim {
    const claim = this.#byToken.get(token);
    if (claim === undefined || claim.viewer !== viewer) throw new CodedError('usb.closed', 'unknown or expired resume token');
    this.#stopGrace(claim);
    const before = claim.holder;
    claim.hold(holder);
    this.#giveToken(claim);
    if (before !== undefined && before !== holder) {
      before.claimEnded(claim, new CodedError('usb.closed', 'the claim was resumed on another connection'));
    }
    return claim;
  }

  /** The holder's channel is gone: its claims wait for a RESUME until the grace time is over (design §5). */
  abandon(holder: ClaimHolder): void {
    for (const claim of this.all().filter((one) => one.holder === holder)) {
      claim.hold(undefined);
      this.#graceTimers.set(
        claim,
        this.#clock.after(this.#graceMs, () => {
          // Whether giving the device back worked, nobody is left to be told: the viewer is gone.
          this.end(claim, new CodedError('usb.closed', 'nobody resumed the claim in time')).catch(() => undefined);
        }),
      );
    }
  }

  /** A viewer that comes back without its token (a page that was reloaded) opens its own device again: the waiting claim makes room. */
  async endAbandoned(viewer: string, busLocation: string): Promise<void> {
    const waiting = this.all().filter(
      (claim) => claim.viewer === viewer && claim.holder === undefined && claim.handle.device.busLocation === busLocation,
    );
    for (const claim of waiting) await this.end(claim, new CodedError('usb.closed', 'the device was opened again'));
  }

  /**
   * Forgets the claim at once, then ends its transfers and gives the device back. Rejects where the backend failed to. The one place where
   * a claim ends, and so the one that records it.
   */
  async end(claim: Claim, reason: CodedError): Promise<void> {
    if (this.#claims.get(claim.id) !== claim) return;
    this.#claims.delete(claim.id);
    this.#byToken.delete(claim.resumeToken);
    this.#stopGrace(claim);
    claim.audit({ event: endEvent(reason), ...claim.subject, detail: reason.message });
    await claim.end(reason);
  }

  /** Ends a claim that its holder didn't ask to end, and tells the holder (U1.7): a device that left, a right that was taken back. */
  async revoke(claim: Claim, reason: CodedError): Promise<void> {
    const { holder } = claim;
    try {
      await this.end(claim, reason);
    } finally {
      await claim.replied(); // the pending reply first, then CLOSED (usb-wire §0, row 6)
      holder?.claimEnded(claim, reason);
    }
  }

  /** Ends every claim of one viewer, or of all; each gets its chance even where another's device fails to close. */
  async endOf(viewer?: string): Promise<void> {
    const ending = this.all().filter((claim) => viewer === undefined || claim.viewer === viewer);
    await Promise.allSettled(ending.map((claim) => this.end(claim, new CodedError('usb.closed', 'handle is closed'))));
  }

  /** Takes back every claim whose rules now deny it (design §5: a revocation counts at once). */
  async revokeDenied(): Promise<void> {
    const denied = this.all().filter((claim) => !claim.policy.shows(claim.handle.device));
    await Promise.allSettled(denied.map((claim) => this.revoke(claim, new CodedError('usb.denied', 'denied by ACL policy'))));
  }

  #add(claim: Claim): Claim {
    this.#claims.set(claim.id, claim);
    this.#giveToken(claim);
    claim.handle.onGone(() => {
      // A device that is gone has nothing left to give back, so closing it can only fail in ways that don't matter any more.
      this.revoke(claim, new CodedError('usb.device-gone', 'the device was unplugged')).catch(() => undefined);
    });
    return claim;
  }

  #giveToken(claim: Claim): void {
    this.#byToken.delete(claim.resumeToken);
    claim.resumeToken = toHex(this.#random(TOKEN_BYTES));
    this.#byToken.set(claim.resumeToken, claim);
  }

  #stopGrace(claim: Claim): void {
    this.#graceTimers.get(claim)?.();
    this.#graceTimers.delete(claim);
  }
}

function endEvent(reason: CodedError): UsbAuditEvent {
  if (isCoded(reason, 'usb.device-gone')) return 'usb_device_gone';
  return isCoded(reason, 'usb.denied') ? 'usb_revoked' : 'usb_close';
}
