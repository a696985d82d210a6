import type { AgentMethod, Fingerprint, ProfileId, SessionId } from '@usher/protocol';

/** What the parts of the host offer each other and the API. Only `main.ts` builds the real ones. */

/** A device that may connect, as `paired.json` keeps it. Times are Unix seconds. */
export interface PairedDevice {
  readonly fingerprint: Fingerprint;
  readonly name: string;
  /** The device's long-lived key (SubjectPublicKeyInfo, base64); with it a renewed certificate is recognised. */
  readonly key?: string;
  readonly pairedUnix: number;
}

export interface PairedDevices {
  list(): readonly PairedDevice[];
  find(device: Fingerprint): PairedDevice | undefined;
  findByKey(spki: string): PairedDevice | undefined;
  /** A failed save is a failed pairing: it rejects, and nothing has changed (requirement P1.2). */
  add(device: PairedDevice): Promise<void>;
  /** The same device with a new certificate. */
  renew(before: Fingerprint, after: Fingerprint): Promise<void>;
  /** False where no such device was paired. */
  remove(device: Fingerprint): Promise<boolean>;
  /** Called after a device was removed; its connections end at once. */
  onRemoved(listener: (device: Fingerprint) => void): void;
}

/** The armed PIN (requirement P9.1): two minutes, one guess. */
export interface PairingWindow {
  arm(): { readonly pin: string; readonly expiresUnix: number };
  disarm(): void;
  /** When the armed PIN expires, or undefined where none is armed. Never the PIN. */
  expiresUnix(): number | undefined;
}

/** A device that waits for the operator's word. */
export interface Knock {
  readonly id: string;
  readonly device: Fingerprint;
  /** Cleaned of control and bidi characters. */
  readonly name: string;
  readonly address: string;
  readonly sinceUnix: number;
  readonly expiresUnix: number;
}

/** What the operator says of a device that is let in. */
export interface Approval {
  /** Instead of the name that the device gave itself. */
  readonly name?: string;
  /** The profile that it is assigned to; without one it keeps the place that it has, or comes to the default. */
  readonly profile?: ProfileId;
}

export interface Knocks {
  list(): readonly Knock[];
  /**
   * Pairs the device and lets its waiting connection in. False where the knock is gone. It rejects, and nothing has changed, where a save
   * fails (requirement P1.2), and with `api.not-found` where there is no such profile.
   */
  approve(id: string, as?: Approval): Promise<boolean>;
  deny(id: string): boolean;
}

/** One viewer placed in one profile. */
export interface SessionInfo {
  readonly id: SessionId;
  readonly device: Fingerprint;
  readonly deviceName: string;
  readonly profile: ProfileId;
  readonly startedUnix: number;
  readonly codec: 'h264' | 'vp8';
  readonly width: number;
  readonly height: number;
  readonly bitrateKbps: number;
  /** Smoothed round trip in milliseconds; undefined until measured. */
  readonly rttMs?: number;
}

export interface Sessions {
  list(): readonly SessionInfo[];
  /** Ends one session with `session.ended-by-operator`. False where it is gone. */
  end(id: SessionId): boolean;
}

/** The host's side of the usb-agent. */
export interface UsbAgent {
  /** Whether viewers get more than a typed refusal on `usb` (requirement U3.6). */
  enabled(): boolean;
  setEnabled(enabled: boolean): void;
  status(): { readonly running: boolean; readonly backend?: string; readonly problem?: string };
  /** Rejects with `usb.backend-unavailable` while no agent runs, and after 10 s without an answer. */
  request(method: AgentMethod, params: unknown): Promise<unknown>;
}
