import type { Fingerprint, Mode } from '@usher/protocol';
import type { DeviceIdentity } from './identity.ts';

/** How far a connection has come; what a page shows while it waits. */
export type ConnectStage = 'signalling' | 'connecting' | 'pairing' | 'waiting-for-approval' | 'starting';

/** Which host, and who asks. */
export interface HostOptions<Certificate = unknown> {
  /** The host's address: `https://192.168.1.5:9939/`. */
  readonly url: string;
  readonly identity: DeviceIdentity<Certificate>;
  /** What the operator sees: at most 64 bytes of UTF-8 are sent. */
  readonly deviceName: string;
  /** Six digits; pairs this device before anything else. */
  readonly pin?: string;
  /** The fingerprint that a person has compared; stands in for the pinned one, and is pinned once the host has let the device in. */
  readonly hostFingerprint?: Fingerprint;
  /** Gives up; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  onProgress?(stage: ConnectStage): void;
}

export interface ConnectOptions<Certificate = unknown> extends HostOptions<Certificate> {
  /** The picture that the viewer wants; the host answers with what it could open. */
  readonly mode: Mode;
  /** Whose desktop; the host's choice where absent. */
  readonly profile?: string;
  /**
   * The profile's passcode in UTF-8, at most 64 bytes (requirement P2.4): sent after Hello, never stored, never part of an error. It is
   * the caller's to wipe once the promise has settled; until then it must stay as it is.
   */
  readonly passcode?: Uint8Array;
  /** A title of the library that the session begins with, by its id (`steam:570`); an unknown one is `session.title-not-found`. */
  readonly launch?: string;
  /** The device isn't paired: its knock waits this many seconds at most for the operator. */
  onKnock?(secondsLeft: number): void;
}
