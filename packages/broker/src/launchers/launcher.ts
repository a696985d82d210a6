import type { Socket } from 'node:net';
import type { AccountName, BrokerRefusal } from '@usher/protocol';

/** An account that may be opened. */
export interface Person {
  readonly account: AccountName;
  readonly uid: number;
  /** The account's own group. */
  readonly gid: number;
  readonly home: string;
}

/** A worker that runs, or was tried, in somebody's account. */
export interface Launch {
  /**
   * Resolves once nothing of it is left, whatever ended it: with a refusal where no worker ever ran, so that nothing has been written to the
   * connection. Never rejects.
   */
  readonly ended: Promise<BrokerRefusal | undefined>;
  /** Ends it, gently for a moment, then by force. */
  stop(): void;
}

export interface Launcher {
  /**
   * Starts a worker as that person, the connection as its stdin and stdout. Synchronous as far as the connection is concerned: from the return
   * on, this process reads nothing more of it.
   */
  launch(person: Person, connection: Socket): Launch;
  /** Ends what a broker before this one has left behind. */
  sweep(): Promise<void>;
}
