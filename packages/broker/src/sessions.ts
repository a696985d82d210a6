import type { Socket } from 'node:net';
import { type BrokerRefusal, encodeBrokerReply, type Fingerprint, type ProfileId } from '@usher/protocol';
import type { Launch, Launcher, Person } from './launchers/launcher.ts';

/** One desktop costs some 200 MB: a machine for more people than this at once is another kind of machine. */
const SESSIONS_MAX = 64;

/** Who opened it: the control connection whose end ends it. Compared by identity. */
export type Owner = object;

export interface Opening extends Person {
  readonly profile: ProfileId;
  readonly device: Fingerprint;
  readonly owner: Owner;
}

interface Session extends Opening {
  readonly launch: Launch;
  /** It was told to end. */
  isEnding: boolean;
  /** Resolves once nothing of it is left. */
  readonly ended: Promise<void>;
}

/** Told for the audit. */
export interface SessionWitness {
  /** @throws StateUnusable, and then the session isn't opened. */
  opening(opening: Opening): void;
  /** Never throws. */
  ended(opening: Opening, refusal: BrokerRefusal | undefined, milliseconds: number): void;
}

/** The sessions that are open: one per account, each somebody's. */
export class Sessions {
  readonly #launcher: Launcher;
  readonly #witness: SessionWitness;
  readonly #open = new Map<number, Session>();

  constructor(launcher: Launcher, witness: SessionWitness) {
    this.#launcher = launcher;
    this.#witness = witness;
  }

  /** Whether an account or a profile is in use. */
  has(wanted: { readonly uid: number } | { readonly profile: ProfileId }): boolean {
    return 'uid' in wanted ? this.#open.has(wanted.uid) : this.#find(wanted.profile) !== undefined;
  }

  /** Waits for a session of the account that was told to end: whoever comes next need not come again. */
  async whileEnding(uid: number): Promise<void> {
    const session = this.#open.get(uid);
    if (session?.isEnding === true) await session.ended;
  }

  get isFull(): boolean {
    return this.#open.size >= SESSIONS_MAX;
  }

  /**
   * Hands the connection over: from the return on its other end is the worker, which speaks first (rule B5). The caller has seen that the
   * account is free.
   * @throws StateUnusable
   */
  open(opening: Opening, connection: Socket): void {
    if (this.#open.has(opening.uid)) throw new RangeError('the account has a session');
    this.#witness.opening(opening);
    const { account, uid, gid, home } = opening;
    const launch = this.#launcher.launch({ account, uid, gid, home }, connection);
    this.#open.set(opening.uid, { ...opening, launch, isEnding: false, ended: this.#until(launch, opening, connection) });
  }

  /** Resolves to whether there was such a session of that owner, once it is gone. */
  async close(profile: ProfileId, owner: Owner): Promise<boolean> {
    const session = this.#find(profile);
    if (session?.owner !== owner) return false;
    stop(session);
    await session.ended;
    return true;
  }

  /** Of one owner, or of everybody. Resolves once they are gone. */
  async closeAll(owner?: Owner): Promise<void> {
    const sessions = [...this.#open.values()].filter((session) => owner === undefined || session.owner === owner);
    for (const session of sessions) stop(session);
    await Promise.all(sessions.map((session) => session.ended));
  }

  async #until(launch: Launch, opening: Opening, connection: Socket): Promise<void> {
    const started = performance.now();
    const refusal = await launch.ended;
    this.#open.delete(opening.uid);
    if (refusal === undefined) connection.destroy();
    else connection.end(encodeBrokerReply({ type: 'refused', refusal }));
    this.#witness.ended(opening, refusal, Math.round(performance.now() - started));
  }

  #find(profile: ProfileId): Session | undefined {
    return [...this.#open.values()].find((session) => session.profile === profile);
  }
}

function stop(session: Session): void {
  session.isEnding = true;
  session.launch.stop();
}
