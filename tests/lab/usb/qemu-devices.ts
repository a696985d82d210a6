import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Machine } from '../vm/machine.ts';

/** Devices that QEMU emulates, on its xHCI controller: plugged and pulled by its control socket. */

/** An FTDI serial adapter whose line ends at the socket returned. */
export async function plugFtdi(machine: Machine): Promise<Socket> {
  const path = join(machine.directory, 'ftdi');
  const address = { type: 'unix', data: { path } };
  await machine.qmp('chardev-add', { id: 'line', backend: { type: 'socket', data: { addr: address, server: true, wait: false } } });
  await machine.qmp('device_add', { driver: 'usb-serial', id: 'ftdi', chardev: 'line', bus: 'xhci.0', port: '3', 'always-plugged': true });
  const line = connect(path);
  await once(line, 'connect');
  return line;
}

/** A USB 3 stick with these sectors. */
export async function plugStick(machine: Machine, content: Uint8Array): Promise<void> {
  const filename = join(machine.directory, 'stick.img');
  writeFileSync(filename, content);
  await machine.qmp('blockdev-add', { driver: 'raw', 'node-name': 'sectors', file: { driver: 'file', filename } });
  await machine.qmp('device_add', { driver: 'usb-storage', id: 'stick', drive: 'sectors', bus: 'xhci.0', port: '4', removable: true });
}

export async function plugKeyboard(machine: Machine): Promise<void> {
  await machine.qmp('device_add', { driver: 'usb-kbd', id: 'keyboard', bus: 'xhci.0', port: '5' });
}

export async function pressKey(machine: Machine, key: string): Promise<void> {
  await machine.qmp('send-key', { keys: [{ type: 'qcode', data: key }] });
}

/** The cable is pulled, also in the middle of a transfer. */
export async function pull(machine: Machine, id: 'ftdi' | 'stick' | 'keyboard'): Promise<void> {
  await machine.qmp('device_del', { id });
}
