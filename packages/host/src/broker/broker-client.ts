import { lstat } from 'node:fs/promises';
import { type AccountName, type BrokerRefusal, type BrokerRequest, type BrokerToken, CodedError, type ProfileId } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { errorWord } from '../store/state-directory.ts';
import type { Broker } from './broker.ts';
import { ControlConnection } from './control-connection.ts';

/** The first and the longest wait before it is looked for again: long enough to cost nothing, short enough for somebody who waits. */
const RETRY_MS = { first: 250, longest: 5_000 } as const;

export interface BrokerClientOptions {
  readonly socketPath: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Nobody's socket but root's and one's own is spoken to. */
  readonly ownUid: number | undefined;
}

/**
 * The host's side of the broker: keeps one control connection as the lifeline of its sessions, and looks for a broker that isn't there until
 * it is.
 */
export class BrokerClient implements Broker {
  readonly #options: BrokerClientOptions;
  readonly #listeners: (() => void)[] = [];
  #control: ControlConnection | undefined;
  #token: BrokerToken | undefined;
  #problem: string | undefined = 'it has not been asked yet';
  #failures = 0;
  #cancelRetry = (): void => {};
  #stopped = false;

  constructor(options: BrokerClientOptions) {
    this.#options = options;
    void this.#connect();
  }

  get isThere(): boolean {
    return this.#token !== undefined;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get token(): BrokerToken | undefined {
    return this.#token;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  check(account: AccountName): Promise<BrokerRefusal | undefined> {
    return this.#ask({ type: 'check', account });
  }

  bind(profile: ProfileId, account: AccountName): Promise<BrokerRefusal | undefined> {
    return this.#ask({ type: 'bind', profile, account });
  }

  unbind(profile: ProfileId): Promise<BrokerRefusal | undefined> {
    return this.#ask({ type: 'unbind', profile });
  }

  close(profile: ProfileId): Promise<BrokerRefusal | undefined> {
    return this.#ask({ type: 'close', profile });
  }

  /** Lets go of the lifeline: the broker ends what is left of this host's sessions. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
    this.#control?.end();
  }

  async #ask(request: BrokerRequest): Promise<BrokerRefusal | undefined> {
    const control = this.isThere ? this.#control : undefined;
    if (control === undefined)
      throw new CodedError('broker.unavailable', `the broker can't be asked: ${this.#problem ?? 'it is starting'}`);
    const reply = await control.ask(request);
    if (reply.type === 'welcome') throw new CodedError('broker.unavailable', 'the broker answers another question than was asked');
    return reply.type === 'refused' ? reply.refusal : undefined;
  }

  async #connect(): Promise<void> {
    const { socketPath, clock } = this.#options;
    const problem = await this.#socketProblem();
    if (this.#stopped) return;
    if (problem !== undefined) {
      this.#lost(problem);
      return;
    }
    const control: ControlConnection = new ControlConnection(socketPath, clock, {
      welcomed: (token) => this.#found(token),
      ended: (reason) => this.#lost(reason),
    });
    this.#control = control;
  }

  /** Who may have made it answers for it: another account's socket would get our people's desktops to look at. */
  async #socketProblem(): Promise<string | undefined> {
    const { socketPath, ownUid } = this.#options;
    try {
      const { uid } = await lstat(socketPath);
      return uid === 0 || uid === ownUid ? undefined : `${socketPath} belongs to uid ${uid}, and is not spoken to`;
    } catch (error) {
      const word = errorWord(error);
      return word === 'ENOENT' ? `there is no ${socketPath}` : `${socketPath} can't be looked at (${word})`;
    }
  }

  #found(token: BrokerToken): void {
    this.#token = token;
    this.#problem = undefined;
    this.#failures = 0;
    this.#options.log.info('the broker answers: profiles get desktops of their own');
    this.#changed();
  }

  #lost(problem: string): void {
    const { clock, log } = this.#options;
    const wasThere = this.isThere;
    this.#control = undefined;
    this.#token = undefined;
    if (this.#stopped) return;
    // Once for each reason: it is looked for again every few seconds.
    if (wasThere) log.warn({ problem }, 'the broker has gone: its sessions end, and no profile gets a desktop of its own');
    else if (problem !== this.#problem) log.info({ problem }, 'no broker: no profile gets a desktop of its own');
    this.#problem = problem;
    const waitMs = Math.min(RETRY_MS.first * 2 ** this.#failures, RETRY_MS.longest);
    this.#failures += 1;
    this.#cancelRetry = clock.after(waitMs, () => void this.#connect());
    if (wasThere) this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
