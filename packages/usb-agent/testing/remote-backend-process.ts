import { fileURLToPath } from 'node:url';
import { openLibusb } from '../src/backends/libusb/libusb-backend.ts';
import { startOwn } from '../src/own-process.ts';
import type { RemoteMessage } from './remote-backend.ts';
import { serveBackend } from './serve-backend.ts';

// The process in which libusb runs while a test in another process plays the devices: see remote-backend.ts.

const nothing = () => undefined;
const backend = await openLibusb({
  guard: { stand: nothing, detaching: nothing, restored: nothing, giveBack: nothing },
  startDevice: () =>
    startOwn('device', { isDetached: false, output: 'pipe', entry: fileURLToPath(new URL('../src/main.ts', import.meta.url)) }),
});
const take = serveBackend(backend, (answer) => process.send?.(answer));
process.on('message', (message: RemoteMessage) => take(message));
