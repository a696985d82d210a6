import type { AgentMethod, Fingerprint, ProfileId, PromptEnd, SessionId, UsbPrompt } from '@usher/protocol';

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
  /** Share of packets that the viewer missed in its last report, 0…1. */
  readonly lossFraction?: number;
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
  /** Rejects with `usb.backend-unavailable` while no agent runs, and where no answer comes in time (10 s unless said otherwise). */
  request(method: AgentMethod, params: unknown, withinMs?: number): Promise<unknown>;
  /** Questions that wait for the operator (requirement U3.3), oldest first. */
  prompts(): readonly OpenPrompt[];
  /** False where the question isn't open any more: the first answer counted, or its time is over. */
  answer(id: string, answer: PromptAnswer): boolean;
  /** Calls with everything that happens from now on; the function returned ends it. */
  onNews(listener: (news: UsbNews) => void): () => void;
}

/** A question of the agent (rule A6) under a name that is never used again. */
export interface OpenPrompt {
  readonly id: string;
  readonly prompt: UsbPrompt;
  readonly sinceUnix: number;
  /** Unanswered, the device is denied then. */
  readonly expiresUnix: number;
}

export interface PromptAnswer {
  readonly allow: boolean;
  /** Makes a rule of it, in place of the one that asked. */
  readonly remember: boolean;
}

export type UsbNews =
  /** A device came or went; as the agent tells it, so it has to be read. */
  | { readonly kind: 'hotplug'; readonly event: unknown }
  | { readonly kind: 'prompt'; readonly open: OpenPrompt }
  /** `agent-ended`: whoever asked has gone, and nothing was lent. */
  | { readonly kind: 'prompt-closed'; readonly id: string; readonly reason: PromptEnd | 'agent-ended' }
  /** Sharing was switched, or the agent became ready or ended: everything that was lent before has been taken back. */
  | { readonly kind: 'sharing'; readonly enabled: boolean; readonly running: boolean };
