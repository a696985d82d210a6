import type { ConnectStage, Mode, PinnedHost, ProfileEntry, Session } from '@usher/sdk';

/** What the pages need of a session; the SDK's has it. */
export type DesktopSession = Pick<
  Session,
  'profile' | 'codec' | 'mode' | 'video' | 'audio' | 'on' | 'sendInput' | 'sendPointer' | 'resize' | 'ping' | 'stats' | 'usb' | 'close'
>;

export interface EnterOptions {
  readonly deviceName: string;
  /** Six digits: pairs before it enters. */
  readonly pin?: string;
  /** The host's choice where absent. */
  readonly profile?: string;
  /** In UTF-8. The caller wipes it once the promise has settled. */
  readonly passcode?: Uint8Array;
  readonly mode: Mode;
  readonly signal: AbortSignal;
  onProgress(stage: ConnectStage): void;
  /** The device waits for the operator's word, this many seconds at most. */
  onKnock(secondsLeft: number): void;
}

/** The passcodes of this page's host that the device remembers (requirement P9.3). */
export interface PasscodeMemory {
  /** The profiles whose passcode is remembered. */
  profiles(): Promise<readonly string[]>;
  /** The caller's to wipe. */
  recall(profile: string): Promise<Uint8Array | undefined>;
  remember(profile: string, passcode: Uint8Array): Promise<void>;
  forget(profile: string): Promise<void>;
}

/** This browser as a device, and the one host that this page came from. */
export interface Device {
  /** Of the certificate that it shows: what the console lists. */
  readonly fingerprint: string;
  /** Undefined on a television, which keeps no passcode (requirement P9.5). */
  readonly passcodes: PasscodeMemory | undefined;
  /** This page's host, if it has let this device in before. */
  knownHost(): PinnedHost | undefined;
  /** Every host that this device knows, the last used first. */
  knownHosts(): readonly PinnedHost[];
  /** What this device's person calls a host that it knows; an empty name is its address again. */
  renameHost(origin: string, name: string): Promise<void>;
  /** Forgets the host and its passcodes. */
  forgetHost(origin: string): Promise<void>;
  /** Rejects as `enter` does. */
  listProfiles(options: Pick<EnterOptions, 'deviceName' | 'signal'>): Promise<readonly ProfileEntry[]>;
  /** Rejects with a coded error, or with the signal's reason. */
  enter(options: EnterOptions): Promise<DesktopSession>;
}

/** The need that the SDK fills in the page, and a fake where a page is looked at without a host. */
export interface ViewerLink {
  /** The host as a person knows it: its name or address. */
  readonly hostName: string;
  /** The host's address as hosts are known by. */
  readonly origin: string;
  /** Makes or finds this device's keys; rejects where the browser keeps nothing. */
  openDevice(): Promise<Device>;
  /** The fingerprint that the host shows right now; undefined where it doesn't answer. */
  presentedHost(signal: AbortSignal): Promise<string | undefined>;
  /** Leaves this page for another host's. */
  visit(origin: string): void;
}
