/**
 * A program in the container that opens unix sockets for a test outside: lines of JSON in, lines of JSON out. It is what a compromised host
 * is to the broker: the right uid, and any bytes.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

type Order =
  | { readonly do: 'connect'; readonly id: number; readonly path: string }
  | { readonly do: 'write'; readonly id: number; readonly bytes: string }
  | { readonly do: 'end'; readonly id: number };

const sockets = new Map<number, Socket>();
const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);

say({ event: 'ready', pid: process.pid });
createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line) as Order; // the test's own words
  switch (order.do) {
    case 'connect':
      open(order.id, order.path);
      break;
    case 'write':
      sockets.get(order.id)?.write(Buffer.from(order.bytes, 'base64'));
      break;
    case 'end':
      sockets.get(order.id)?.destroy();
      break;
  }
});
process.stdin.on('end', () => process.exit());

function open(id: number, path: string): void {
  const socket = connect(path, () => say({ event: 'open', id }));
  sockets.set(id, socket);
  socket.on('data', (bytes) => say({ event: 'data', id, bytes: bytes.toString('base64') }));
  socket.on('error', (error) => say({ event: 'error', id, problem: 'code' in error ? String(error.code) : error.message }));
  socket.on('close', () => say({ event: 'close', id }));
}
