import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** TCP connections at a time, each with a TLS state of some 50 KiB; one more is closed at once. */
const MAX_CONNECTIONS = 512;
/** A page opens half a dozen and a viewer keeps one; a proxy in front keeps a pool. Nobody takes them all. */
const MAX_PER_ADDRESS = 128;

export function limitConnections(server: Server): void {
  server.maxConnections = MAX_CONNECTIONS;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? 'gone already';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > MAX_PER_ADDRESS) socket.destroy();
  });
}
