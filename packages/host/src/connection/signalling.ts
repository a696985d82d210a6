import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CodedError, toWire } from '@usher/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { Admission } from './admission.ts';
import { Connection, type ConnectionServices } from './connection.ts';
import { type SignalSocket, SOCKET_PAYLOAD_MAX, signalSocket } from './signal-socket.ts';

/** The viewers' way in: WebSockets of `/signal`, and the connections that begin with them. */
export interface SignallingService {
  /** Takes over an upgrade of `/signal` whose Host and Origin have been checked (rule S1). */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every viewer that the host is stopping, and resolves once they have gone; at most a second. Nobody is let in afterwards. */
  stop(): Promise<void>;
}

export function createSignalling(services: ConnectionServices): SignallingService {
  return new Signalling(services);
}

class Signalling implements SignallingService {
  readonly #services: ConnectionServices;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: SOCKET_PAYLOAD_MAX,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #admission: Admission;
  readonly #connections = new Set<Connection>();
  #stopped = false;

  constructor(services: ConnectionServices) {
    this.#services = services;
    this.#admission = new Admission(services.clock);
    services.paired.onRemoved(() => {
      for (const connection of this.#connections) connection.deviceRemoved();
    });
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = plainAddress(request.socket.remoteAddress);
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#meet(webSocket, address));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#admission.close();
    const reason = new CodedError('session.host-stopping', 'the host is stopping');
    const connections = [...this.#connections];
    for (const connection of connections) connection.end(reason);
    await Promise.all(connections.map((connection) => connection.finished));
  }

  #meet(webSocket: WebSocket, address: string): void {
    const socket = signalSocket(webSocket, this.#services.clock);
    if (this.#stopped) this.#refuse(socket);
    else {
      const giveUp = this.#admission.enter(address, (ticket) => {
        if (ticket === undefined) this.#refuse(socket);
        else this.#begin(new Connection(socket, address, ticket, this.#services));
      });
      socket.onClosed(giveUp);
    }
  }

  #begin(connection: Connection): void {
    this.#connections.add(connection);
    void connection.finished.then(() => this.#connections.delete(connection));
  }

  #refuse(socket: SignalSocket): void {
    const code = this.#stopped ? 'session.host-stopping' : 'session.limit';
    socket.send({ type: 'refused', ...toWire(new CodedError(code, 'the host takes no more connections now', { retrySeconds: 10 })) });
    socket.close();
  }
}

/** IPv4 addresses as they are known, also where the host listens on both families. */
function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'unknown';
}
