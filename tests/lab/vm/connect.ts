import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** QEMU makes its sockets before it does anything else; a machine under load may take its time to start it. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 20;

/** Connects to a socket that another process is about to make. */
export async function connectSoon(path: string): Promise<Socket> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      socket.destroy();
      if (performance.now() > deadline) throw new Error(`nothing listens at ${path}`, { cause: error });
    }
    await after(PAUSE_MS);
  }
}
