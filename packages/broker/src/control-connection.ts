import type { Socket } from 'node:net';
import {
  BrokerLines,
  type BrokerRefusal,
  type BrokerReply,
  type BrokerRequest,
  type BrokerToken,
  decodeBrokerRequest,
  encodeBrokerReply,
  isCoded,
} from '@usher/protocol';
import type { Decisions } from './audit/decisions.ts';
import type { Log } from './log.ts';
import type { People } from './people.ts';
import type { Sessions } from './sessions.ts';
import { StateUnusable } from './state-directory.ts';

/** Lines that may wait for their turn (rule B4). */
const LINES_MAX = 16;
/** Bytes of answers that the host hasn't read: a few for every line that may wait. */
const UNREAD_MAX = 4096;

export interface ControlConnectionOptions {
  readonly connection: Socket;
  readonly people: People;
  readonly sessions: Sessions;
  readonly decisions: Decisions;
  readonly log: Log;
}

/** The lifeline of a host: answers its lines in their order (rule B4); its end is the end of the sessions that it owns (rule B2). */
export class ControlConnection {
  readonly #options: ControlConnectionOptions;
  readonly #lines = new BrokerLines();
  readonly #waiting: Uint8Array[] = [];
  #isWorking = false;

  constructor(options: ControlConnectionOptions) {
    this.#options = options;
  }

  begin(token: BrokerToken): void {
    const { connection } = this.#options;
    connection.on('data', (chunk: Uint8Array) => this.#read(chunk));
    this.#reply({ type: 'welcome', token });
    connection.resume();
  }

  end(): void {
    this.#options.connection.destroy();
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#waiting.push(line);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#giveUp(undefined);
      return;
    }
    if (this.#waiting.length > LINES_MAX) this.#giveUp(undefined);
    else if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) await this.#answer(line);
    } catch (error) {
      this.#options.log.error('a control connection ended by a mistake of ours', {
        problem: error instanceof Error ? (error.stack ?? '') : '',
      });
      this.end();
    }
    this.#isWorking = false;
  }

  async #answer(line: Uint8Array): Promise<void> {
    let request: BrokerRequest;
    try {
      request = decodeBrokerRequest(line);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#giveUp(undefined);
      return;
    }
    if (request.type === 'hello' || request.type === 'open') {
      this.#giveUp(request);
      return;
    }
    const refusal = await this.#perform(request);
    // CHECK is a question, and asked for every account that the console shows: its answer is no decision.
    if (refusal !== undefined && request.type !== 'check') this.#options.decisions.refused(refusal, request);
    this.#reply(refusal === undefined ? { type: 'ok' } : { type: 'refused', refusal });
  }

  async #perform(request: Exclude<BrokerRequest, { type: 'hello' | 'open' }>): Promise<BrokerRefusal | undefined> {
    const { people, sessions, decisions, log } = this.#options;
    try {
      switch (request.type) {
        case 'check': {
          const account = await people.check(request.account);
          return typeof account === 'string' ? account : undefined;
        }
        case 'bind': {
          const { profile, account } = request;
          if (sessions.has({ profile })) return 'StillOpen';
          return await people.bind(profile, account, ({ uid }) => decisions.bound(profile, account, uid));
        }
        case 'unbind': {
          const { profile } = request;
          if (sessions.has({ profile })) return 'StillOpen';
          people.unbind(profile, () => decisions.unbound(profile));
          return undefined;
        }
        case 'close':
          return (await sessions.close(request.profile, this)) ? undefined : 'NotOpen';
      }
    } catch (error) {
      if (!(error instanceof StateUnusable)) throw error;
      log.error(error.message);
      return 'StateUnusable';
    }
  }

  /** A host that says what no host says isn't listened to any longer. */
  #giveUp(request: BrokerRequest | undefined): void {
    const { connection, decisions } = this.#options;
    this.#waiting.length = 0;
    if (connection.destroyed || connection.writableEnded) return;
    decisions.refused('BadRequest', request);
    connection.removeAllListeners('data').end(encodeBrokerReply({ type: 'refused', refusal: 'BadRequest' }), () => connection.destroy());
  }

  #reply(reply: BrokerReply): void {
    const { connection } = this.#options;
    if (connection.destroyed || connection.writableEnded) return;
    connection.write(encodeBrokerReply(reply));
    if (connection.writableLength > UNREAD_MAX) this.end();
  }
}
