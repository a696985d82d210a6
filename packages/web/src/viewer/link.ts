import type { ConnectStage, Mode, Session } from '@usher/sdk';

/** What the pages need of a session; the SDK's has it. */
export type DesktopSession = Pick<
  Session,
  'profile' | 'codec' | 'mode' | 'video' | 'audio' | 'on' | 'sendInput' | 'sendPointer' | 'resize' | 'ping' | 'stats' | 'usb' | 'close'
>;

export interface EnterOptions {
  readonly deviceName: string;
  /** Six digits: pairs before it enters. */
  readonly pin?: string;
  readonly mode: Mode;
  readonly signal: AbortSignal;
  onProgress(stage: ConnectStage): void;
  /** The device waits for the operator's word, this many seconds at most. */
  onKnock(secondsLeft: number): void;
}

/** This browser as a device, and the one host that this page came from. */
export interface Device {
  /** Of the certificate that it shows: what the console lists. */
  readonly fingerprint: string;
  /** The host's, if this device has been let in before. */
  knownHost(): string | undefined;
  forgetHost(): Promise<void>;
  /** Rejects with a coded error, or with the signal's reason. */
  enter(options: EnterOptions): Promise<DesktopSession>;
}

/** The need that the SDK fills in the page, and a fake where a page is looked at without a host. */
export interface ViewerLink {
  /** The host as a person knows it: its name or address. */
  readonly hostName: string;
  /** Makes or finds this device's keys; rejects where the browser keeps nothing. */
  openDevice(): Promise<Device>;
  /** The fingerprint that the host shows right now; undefined where it doesn't answer. */
  presentedHost(signal: AbortSignal): Promise<string | undefined>;
}
