import type { Socket } from 'node:net';
import { type BrokerRefusal, type BrokerRequest, type BrokerToken, decodeBrokerRequest, encodeBrokerReply, isCoded } from '@usher/protocol';
import type { Decisions } from './audit/decisions.ts';
import { ControlConnection } from './control-connection.ts';
import { firstLine } from './first-line.ts';
import type { Log } from './log.ts';
import type { AskForPeer } from './peer.ts';
import type { People } from './people.ts';
import type { Sessions } from './sessions.ts';
import { StateUnusable } from './state-directory.ts';

/** Connections whose first line hasn't been answered; a host opens one after the other. */
const WAITING_MAX = 32;
/** Control connections: a host has one; another may begin while the last one's end isn't seen yet. */
const CONTROLS_MAX = 4;
/** Time for a refused peer to read why. */
const GOODBYE_MS = 2000;

export interface BrokerOptions {
  readonly hostUid: number;
  readonly askForPeer: AskForPeer;
  readonly people: People;
  readonly sessions: Sessions;
  readonly decisions: Decisions;
  readonly makeToken: () => BrokerToken;
  readonly log: Log;
}

/** Zone 0: what it answers on each connection of the host (rules B). */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #controls = new Map<BrokerToken, ControlConnection>();
  #waiting = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  /** Takes a connection that isn't read yet, and serves it to its end. */
  accept(connection: Socket): void {
    connection.on('error', () => undefined); // 'close' follows, and is what counts
    if (this.#waiting >= WAITING_MAX) {
      connection.destroy();
      return;
    }
    this.#waiting += 1;
    this.#serve(connection)
      .catch((error: unknown) => {
        this.#options.log.error('a connection ended by a mistake of ours', { problem: error instanceof Error ? (error.stack ?? '') : '' });
        connection.destroy();
      })
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Ends every session; resolves once they are gone. */
  async close(): Promise<void> {
    for (const control of this.#controls.values()) control.end();
    await this.#options.sessions.closeAll();
  }

  async #serve(connection: Socket): Promise<void> {
    const { askForPeer, hostUid, decisions } = this.#options;
    const peer = await askForPeer(connection);
    if (peer?.uid !== hostUid) {
      decisions.strangerRefused(peer?.uid);
      connection.destroy();
      return;
    }
    const line = await firstLine(connection);
    if (connection.destroyed) return;
    const request = line === undefined ? undefined : readRequest(line);
    const refusal = await this.#answer(request, connection, peer.pid);
    if (refusal === undefined) return;
    decisions.refused(refusal, request);
    refuse(connection, refusal);
  }

  async #answer(request: BrokerRequest | undefined, connection: Socket, pid: number): Promise<BrokerRefusal | undefined> {
    try {
      if (request?.type === 'hello' && request.version === 1) return this.#control(connection, pid);
      if (request?.type === 'open') return await this.#open(request, connection);
      return 'BadRequest';
    } catch (error) {
      if (!(error instanceof StateUnusable)) throw error;
      this.#options.log.error(error.message);
      return 'StateUnusable';
    }
  }

  #control(connection: Socket, pid: number): BrokerRefusal | undefined {
    if (this.#controls.size >= CONTROLS_MAX) return 'TooMany';
    const { people, sessions, decisions, makeToken, log } = this.#options;
    decisions.connected(pid);
    const token = makeToken();
    const control = new ControlConnection({ connection, people, sessions, decisions, log });
    this.#controls.set(token, control);
    connection.once('close', () => {
      this.#controls.delete(token);
      void sessions.closeAll(control);
    });
    control.begin(token);
    return undefined;
  }

  async #open(request: BrokerRequest & { readonly type: 'open' }, connection: Socket): Promise<BrokerRefusal | undefined> {
    const { people, sessions } = this.#options;
    if (!this.#controls.has(request.token)) return 'UnknownToken';
    const person = await people.of(request.profile);
    if (typeof person === 'string') return person;
    await sessions.whileEnding(person.uid);
    // Looked at after everything that waits: from here to the launch nothing else runs.
    const owner = this.#controls.get(request.token);
    if (owner === undefined) return 'UnknownToken';
    if (sessions.has({ uid: person.uid })) return 'Occupied';
    if (sessions.isFull) return 'TooMany';
    if (connection.readableLength > 0) return 'BadRequest';
    const { profile, device } = request;
    sessions.open({ ...person, profile, device, owner }, connection);
    return undefined;
  }
}

function readRequest(line: Uint8Array): BrokerRequest | undefined {
  try {
    return decodeBrokerRequest(line);
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}

function refuse(connection: Socket, refusal: BrokerRefusal): void {
  connection.end(encodeBrokerReply({ type: 'refused', refusal }));
  const timer = setTimeout(() => connection.destroy(), GOODBYE_MS);
  connection.once('close', () => clearTimeout(timer)).resume();
}
