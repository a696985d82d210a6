import { randomBytes } from 'node:crypto';
import type { Profile } from '@usher/domain';
import {
  CodedError,
  type Fingerprint,
  type Mode,
  type ProfileId,
  type SessionId,
  sessionId,
  shortFingerprint,
  VideoCodec,
} from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Launch } from '../library/launchable.ts';
import type { Logger } from '../log.ts';
import type { AuditLog } from '../profile-services.ts';
import type { SessionInfo, Sessions } from '../services.ts';
import type { Desktop, DesktopViewer, Place } from './desktop.ts';
import { Desktops, type DesktopsOptions } from './desktops.ts';

/** Viewers at a time: each costs its own packets and encryption; two cores and a home's uplink end far below. */
export const SESSIONS_MAX = 16;

/** A viewer that is to be placed. */
interface Newcomer extends Omit<DesktopViewer, 'lost'> {
  readonly device: Fingerprint;
  readonly deviceName: string;
  readonly profile: Pick<Profile, 'id' | 'display_name' | 'os_account'>;
  /** Whether the device is the profile's own. */
  readonly assigned: boolean;
  /** Clamped already. */
  readonly wish: Mode;
  /** The session is over: the operator ended it, or its worker has gone. Called at most once, and not after `close`. */
  ended(reason: CodedError): void;
}

/** A session that is open. Nothing reaches the viewer before `begin`. */
export interface OpenSession extends Omit<Place, 'leave'> {
  readonly id: SessionId;
  /** The mode that is really open. */
  readonly mode: Mode;
  /** Starts a title on the desktop. Rejects with `session.title-failed`, or why the worker has gone. */
  launch(launch: Launch): Promise<void>;
  /** Throws why, where the worker has gone meanwhile. */
  begin(): void;
  close(): void;
}

/** Places viewers on the desktop of their profile's account, and tells the API who is in. */
export interface SessionPlaces extends Sessions {
  /** Rejects with `session.limit`, `ProfileRejected`, `session.worker-lost`, `session.host-stopping` or a code `worker.*`. */
  open(newcomer: Newcomer): Promise<OpenSession>;
  /** Everybody in the profile is sent out, or one device; resolves once a desktop in an account of its own has ended with them. */
  empty(profile: ProfileId, reason: CodedError): Promise<void>;
  /** The device has no place in the profile any more. */
  expel(device: Fingerprint, profile: ProfileId, reason: CodedError): void;
  /** Ends the workers. The viewers are told by their connections before. */
  stop(): Promise<void>;
}

export interface SessionsOptions extends DesktopsOptions {
  readonly audit: Pick<AuditLog, 'append'>;
}

export function createSessions(options: SessionsOptions): SessionPlaces {
  return new PlacedSessions(options);
}

class PlacedSessions implements SessionPlaces {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #audit: Pick<AuditLog, 'append'>;
  readonly #desktops: Desktops;
  readonly #placed = new Map<SessionId, PlacedSession>();
  #opening = 0;

  constructor(options: SessionsOptions) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#audit = options.audit;
    this.#desktops = new Desktops(options);
  }

  async open(newcomer: Newcomer): Promise<OpenSession> {
    if (this.#placed.size + this.#opening >= SESSIONS_MAX) {
      throw new CodedError('session.limit', `${SESSIONS_MAX} viewers are connected; that is the most`);
    }
    this.#opening += 1;
    try {
      const { profile, device, assigned, wish } = newcomer;
      const desktop = await this.#desktops.open({ profile, device, assigned, mode: wish });
      await desktop.fit(wish);
      return this.#place(newcomer, desktop);
    } finally {
      this.#opening -= 1;
    }
  }

  list(): readonly SessionInfo[] {
    return [...this.#placed.values()].map((session) => session.info());
  }

  end(id: SessionId): boolean {
    const session = this.#placed.get(id);
    if (session === undefined) return false;
    session.end(new CodedError('session.ended-by-operator', 'the operator ended the session'));
    void this.#desktops.end(session.profile);
    return true;
  }

  async empty(profile: ProfileId, reason: CodedError): Promise<void> {
    for (const session of this.#placed.values()) if (session.profile === profile) session.end(reason);
    await this.#desktops.end(profile);
  }

  expel(device: Fingerprint, profile: ProfileId, reason: CodedError): void {
    for (const session of this.#placed.values()) if (session.profile === profile && session.device === device) session.end(reason);
  }

  async stop(): Promise<void> {
    await this.#desktops.stop();
  }

  #place(newcomer: Newcomer, desktop: Desktop): OpenSession {
    const session = new PlacedSession(newcomer, desktop, this.#clock.unix(), () => {
      this.#placed.delete(session.id);
      if (![...this.#placed.values()].some(({ profile }) => profile === session.profile)) this.#desktops.vacated(session.profile);
      this.#log.info({ session: session.id, device: shortFingerprint(newcomer.device) }, 'a session ended');
      this.#tell('session.ended', session.id, newcomer);
    });
    this.#placed.set(session.id, session);
    this.#desktops.taken(session.profile);
    this.#log.info({ session: session.id, device: shortFingerprint(newcomer.device), name: newcomer.deviceName }, 'a session began');
    this.#tell('session.began', session.id, newcomer);
    return session;
  }

  #tell(event: string, session: SessionId, { device, profile }: Newcomer): void {
    void this.#audit.append({ event, principal: `device:${device}`, profile: profile.id, fields: { session } });
  }
}

class PlacedSession implements OpenSession {
  readonly id = sessionId(randomBytes(8).toString('hex'));
  readonly #newcomer: Newcomer;
  readonly #desktop: Desktop;
  readonly #startedUnix: number;
  readonly #onClosed: () => void;
  #place: Place | undefined;
  #closed = false;

  constructor(newcomer: Newcomer, desktop: Desktop, startedUnix: number, onClosed: () => void) {
    this.#newcomer = newcomer;
    this.#desktop = desktop;
    this.#startedUnix = startedUnix;
    this.#onClosed = onClosed;
  }

  get mode(): Mode {
    return this.#desktop.mode;
  }

  get profile(): ProfileId {
    return this.#newcomer.profile.id;
  }

  get device(): Fingerprint {
    return this.#newcomer.device;
  }

  launch(launch: Launch): Promise<void> {
    return this.#desktop.launch(launch);
  }

  begin(): void {
    if (this.#closed || this.#place !== undefined) return;
    const { codec, audio, media, wishKbps } = this.#newcomer;
    this.#place = this.#desktop.join({
      codec,
      audio,
      media,
      wishKbps,
      showCursor: (cursor) => this.#newcomer.showCursor(cursor),
      modeChanged: (answer) => this.#newcomer.modeChanged(answer),
      lost: (reason) => this.end(reason),
    });
  }

  input(events: Parameters<Place['input']>[0]): void {
    this.#place?.input(events);
  }

  resize(wish: Mode): void {
    this.#place?.resize(wish);
  }

  requestKeyframe(): void {
    this.#place?.requestKeyframe();
  }

  kbps(): number {
    return this.#place?.kbps() ?? 0;
  }

  /** Not by the viewer's own doing. */
  end(reason: CodedError): void {
    if (this.#closed) return;
    this.close();
    this.#newcomer.ended(reason);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#place?.leave();
    this.#onClosed();
  }

  info(): SessionInfo {
    const { device, deviceName, profile, codec, media } = this.#newcomer;
    const { rttMs, lossFraction } = media.stats();
    return {
      id: this.id,
      device,
      deviceName,
      profile: profile.id,
      startedUnix: this.#startedUnix,
      codec: codec === VideoCodec.H264 ? 'h264' : 'vp8',
      width: this.mode.width,
      height: this.mode.height,
      bitrateKbps: this.kbps(),
      ...(rttMs === undefined ? {} : { rttMs }),
      lossFraction,
    };
  }
}
