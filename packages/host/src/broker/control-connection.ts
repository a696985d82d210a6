import { connect, type Socket } from 'node:net';
import {
  BROKER_VERSION,
  BrokerLines,
  type BrokerReply,
  type BrokerRequest,
  type BrokerToken,
  CodedError,
  decodeBrokerReply,
  encodeBrokerRequest,
  isCoded,
} from '@usher/protocol';
import type { Clock } from '../clock.ts';

/** Lines that may wait for their answer (rule B4). */
const WAITING_MAX = 16;
/** A CLOSE waits for a login to end, which takes two seconds at most (rule B7); a directory service may need a few to know an account. */
const ANSWERS_WITHIN_MS = 10_000;

interface Question {
  readonly resolve: (reply: BrokerReply) => void;
  readonly reject: (reason: CodedError) => void;
  readonly cancel: () => void;
}

export interface ControlEvents {
  /** The broker has said its token. */
  welcomed(token: BrokerToken): void;
  /** Called once; nothing is called after it. */
  ended(problem: string): void;
}

/** One control connection (rule B2): the lifeline of every session that is opened with its token. */
export class ControlConnection {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #events: ControlEvents;
  readonly #lines = new BrokerLines();
  readonly #questions: Question[] = [];
  #problem: string | undefined;

  constructor(socketPath: string, clock: Clock, events: ControlEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#socket = connect({ path: socketPath });
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.once('error', (error) => this.#giveUp(error.message));
    this.#socket.once('close', () => this.#ended());
    this.ask({ type: 'hello', version: BROKER_VERSION }).then(
      (reply) => {
        if (reply.type === 'welcome') events.welcomed(reply.token);
        else this.#giveUp(reply.type === 'refused' ? `it refuses this host: ${reply.refusal}` : 'it says no token');
      },
      () => undefined, // the connection has ended, which is told by `ended`
    );
  }

  /** Asks in turn; the answers come in the order of the questions. Rejects with `broker.unavailable`. */
  ask(request: BrokerRequest): Promise<BrokerReply> {
    return new Promise((resolve, reject) => {
      if (this.#problem !== undefined || this.#questions.length >= WAITING_MAX) {
        reject(unavailable(this.#problem ?? 'it has too much to do'));
        return;
      }
      const cancel = this.#clock.after(ANSWERS_WITHIN_MS, () => this.#giveUp('it did not answer in time'));
      this.#questions.push({ resolve, reject, cancel });
      this.#socket.write(encodeBrokerRequest(request));
    });
  }

  /** Ends every session that was opened over it (rule B2). */
  end(): void {
    this.#giveUp('the host let go of it');
  }

  #read(chunk: Uint8Array): void {
    if (this.#problem !== undefined) return;
    try {
      for (const line of this.#lines.push(chunk)) this.#answer(decodeBrokerReply(line));
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#giveUp(`it says what no broker says: ${error.message}`);
    }
  }

  #answer(reply: BrokerReply): void {
    const question = this.#questions.shift();
    if (question === undefined) {
      this.#giveUp('it answers what nobody asked');
      return;
    }
    question.cancel();
    question.resolve(reply);
  }

  #giveUp(problem: string): void {
    this.#problem ??= problem;
    this.#socket.destroy();
  }

  #ended(): void {
    this.#problem ??= 'it closed the connection';
    const reason = unavailable(this.#problem);
    for (const { cancel, reject } of this.#questions.splice(0)) {
      cancel();
      reject(reason);
    }
    this.#events.ended(this.#problem);
  }
}

function unavailable(problem: string): CodedError {
  return new CodedError('broker.unavailable', `the broker can't be asked: ${problem}`);
}
