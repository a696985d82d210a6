import { usbId } from '@usher/domain';
import { asksForV2, CodedError, decodeOpen, toWire, type UsbDeviceQuery } from '@usher/protocol';
import type { UsbBackend, UsbDeviceHandle } from './backend.ts';
import { chooseDevice } from './choose-device.ts';
import type { Claim, ClaimHolder } from './claim.ts';
import type { ClaimTable, Reservation } from './claims.ts';
import { shownDevices } from './device-news.ts';
import type { AccessDecision, AccessPolicy, UsbAuditEntry } from './policy.ts';

/** Why a decision is of no use any more, where it isn't because the viewer left: the reason of the policy's signal. */
export const DEVICE_GONE = 'the device is gone';

interface OpenerOptions {
  readonly viewer: string;
  readonly backend: UsbBackend;
  readonly claims: ClaimTable;
  readonly policy: AccessPolicy;
  readonly audit: (entry: UsbAuditEntry) => void;
  /** Who holds what is opened. */
  readonly holder: ClaimHolder;
  /** Aborts when the viewer's channel is gone. */
  readonly leaving: AbortSignal;
}

/** What an OPEN goes through (usb-wire §5.3, design §5): asked, counted, opened, judged, taken. A refusal at any step leaves nothing open. */
export class DeviceOpener {
  readonly #options: OpenerOptions;

  constructor(options: OpenerOptions) {
    this.#options = options;
  }

  /** Rejects with what the viewer is told. */
  async open(payload: Uint8Array): Promise<Claim> {
    const query = readOpen(payload);
    const { policy, claims, viewer, holder, audit } = this.#options;
    if (!policy.mayOpen(query)) throw this.#denied(query);

    let place: Reservation;
    try {
      place = claims.reserve(viewer);
    } catch (error) {
      audit({ event: 'usb_open_rejected_max_claims', ...query });
      throw error;
    }
    try {
      const handle = await this.#openDevice(query);
      const because = await this.#judge(handle, query, asksForV2(payload));
      await this.#takeDevice(handle, query);
      const claim = place.fill({ handle, holder, policy, audit });
      audit({ event: 'usb_open_allowed', ...claim.subject, ...(because === undefined ? {} : { detail: because }) });
      return claim;
    } finally {
      place.release();
    }
  }

  async #openDevice(query: UsbDeviceQuery): Promise<UsbDeviceHandle> {
    const { backend, policy, claims, viewer } = this.#options;
    try {
      const candidates = await shownDevices({ backend, policy });
      const { busLocation } = chooseDevice(candidates, query);
      await claims.endAbandoned(viewer, busLocation);
      return await backend.open({ ...query, busLocation });
    } catch (error) {
      this.#options.audit({ event: 'usb_open_backend_error', ...query, detail: toWire(error).code });
      throw error;
    }
  }

  /**
   * Judges what was opened, not what was asked: the device may have changed in between, or lie in its listing (usb-field §8.1). Says what
   * allowed it; closes it otherwise.
   */
  async #judge(handle: UsbDeviceHandle, query: UsbDeviceQuery, isPatient: boolean): Promise<string | undefined> {
    const { device } = handle;
    const fits = device.vendorId === query.vendorId && device.productId === query.productId;
    const sameUnit = query.serial === undefined || device.serial === query.serial;
    const decision: AccessDecision = fits && sameUnit ? await this.#decide(handle, isPatient) : { allow: false };
    if (decision.allow && !this.#options.leaving.aborted) return decision.because;
    await handle.close();
    if (!fits || !sameUnit) throw new CodedError('usb.not-found', `no USB device matches ${query.vendorId}:${query.productId}`);
    if (decision.allow) throw new CodedError('usb.closed', 'the channel closed while the device was being opened');
    throw this.#denied(device, decision);
  }

  async #decide(handle: UsbDeviceHandle, isPatient: boolean): Promise<AccessDecision> {
    const stop = new AbortController();
    const left = () => stop.abort();
    const { leaving, policy } = this.#options;
    leaving.addEventListener('abort', left, { once: true });
    handle.onGone(() => stop.abort(DEVICE_GONE));
    try {
      return await policy.decide({ device: handle.device, configuration: handle.configuration, isPatient }, stop.signal);
    } catch {
      return { allow: false }; // a policy that can't decide refuses (U3.3)
    } finally {
      leaving.removeEventListener('abort', left);
    }
  }

  async #takeDevice(handle: UsbDeviceHandle, query: UsbDeviceQuery): Promise<void> {
    try {
      await handle.take();
    } catch (error) {
      this.#options.audit({ event: 'usb_open_backend_error', ...query, detail: toWire(error).code });
      await handle.close();
      throw error;
    }
    if (!this.#options.leaving.aborted) return;
    await handle.close();
    throw new CodedError('usb.closed', 'the channel closed while the device was being opened');
  }

  #denied(
    { vendorId, productId, serial }: UsbDeviceQuery,
    { reason, because = reason }: { readonly reason?: string; readonly because?: string } = {},
  ): CodedError {
    this.#options.audit({ event: 'usb_open_denied', vendorId, productId, serial, ...(because === undefined ? {} : { detail: because }) });
    return new CodedError('usb.denied', reason === undefined ? 'denied by ACL policy' : `denied by ACL policy: ${reason}`);
  }
}

/** Reads what is asked for, with ids in one spelling: whoever writes `0x1050` is judged like whoever writes `1050` (usb-field §7, row 29). */
function readOpen(payload: Uint8Array): UsbDeviceQuery {
  try {
    const query = decodeOpen(payload);
    return { ...query, vendorId: usbId(query.vendorId), productId: usbId(query.productId) };
  } catch (error) {
    throw new CodedError('message.malformed', `bad OPEN payload: ${toWire(error).message}`);
  }
}
