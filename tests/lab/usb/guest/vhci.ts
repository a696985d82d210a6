import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeDirectorySync } from '../../../harness/temporary-directory.ts';

/** The kernel's virtual host controller: whoever writes a socket into it has plugged a device in. */
const CONTROLLER = '/sys/devices/platform/vhci_hcd.0';
export const UsbSpeed = { full: 2, high: 3, super: 5 } as const;
export type UsbSpeed = keyof typeof UsbSpeed;
/** Another device may take the port that was just seen free. */
const ATTEMPTS = 20;

/** Plugs a device in. The socket returned is the cable: the kernel talks USB/IP over it, and closing it pulls it. */
export async function plugIn(speed: UsbSpeed): Promise<Socket> {
  const [device, kernel] = await socketPair();
  try {
    attach(descriptorOf(kernel), speed);
  } finally {
    kernel.destroy(); // the kernel has its own reference now
  }
  return device;
}

function attach(descriptor: number, speed: UsbSpeed): void {
  let problem: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = freePort(speed);
    const number = 0x1_0000 + port + 2; // bus and device number on the exporting side, which there is none of
    try {
      writeFileSync(join(CONTROLLER, 'attach'), `${port} ${descriptor} ${number} ${UsbSpeed[speed]}`);
      return;
    } catch (error) {
      problem = error;
    }
  }
  throw new Error('no port of the virtual host controller took the device', { cause: problem });
}

function freePort(speed: UsbSpeed): number {
  const hub = speed === 'super' ? 'ss' : 'hs';
  const FREE = '004';
  for (const line of readFileSync(join(CONTROLLER, 'status'), 'utf8').split('\n')) {
    const [kind, port, status] = line.trim().split(/\s+/);
    if (kind === hub && status === FREE) return Number(port);
  }
  throw new Error('every port of the virtual host controller is taken');
}

/** Two connected sockets. The kernel's end is paused before it connects: what the kernel is to read must not be read here. */
async function socketPair(): Promise<readonly [Socket, Socket]> {
  const directory = mkdtempSync(join(tmpdir(), 'vhci-'));
  const path = join(directory, 'cable');
  const server = createServer();
  try {
    server.listen(path);
    await once(server, 'listening');
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const kernel = connect({ path });
    kernel.pause();
    const [device] = await Promise.all([accepted, once(kernel, 'connect')]);
    return [device, kernel];
  } finally {
    server.close();
    removeDirectorySync(directory);
  }
}

/** Node hides a socket's descriptor behind its private handle; there is no other way to it. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const descriptor: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  if (typeof descriptor !== 'number' || descriptor < 0) throw new Error('this Node shows no descriptor of a socket');
  return descriptor;
}
