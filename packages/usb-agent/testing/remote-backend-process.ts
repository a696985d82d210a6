import { fileURLToPath } from 'node:url';
import { isCoded, toWire } from '@usher/protocol';
import type { UsbDeviceHandle } from '@usher/usb';
import { openLibusb } from '../src/backends/libusb/libusb-backend.ts';
import { startOwn } from '../src/own-process.ts';
import type { RemoteAnswer, RemoteCall } from './remote-backend.ts';

// The process in which libusb runs while a test in another process plays the devices: see remote-backend.ts.

const nothing = () => undefined;
const backend = await openLibusb({
  guard: { stand: nothing, detaching: nothing, restored: nothing, giveBack: nothing },
  startDevice: () =>
    startOwn('device', { isDetached: false, output: 'pipe', entry: fileURLToPath(new URL('../src/main.ts', import.meta.url)) }),
});
const handles = new Map<number, UsbDeviceHandle>();
const running = new Map<number, AbortController>();
let lastHandle = 0;

function say(answer: RemoteAnswer): void {
  process.send?.(answer);
}

async function perform(call: RemoteCall, signal: AbortSignal): Promise<unknown> {
  if (call.method === 'list') return backend.list();
  if (call.method === 'open') {
    const handle = await backend.open(call.query);
    lastHandle += 1;
    const number = lastHandle;
    handles.set(number, handle);
    handle.onGone(() => say({ kind: 'gone', handle: number }));
    return { handle: number, device: handle.device, configuration: handle.configuration };
  }
  const handle = handles.get(call.handle);
  if (handle === undefined) throw new Error('no such handle');
  switch (call.method) {
    case 'control':
      return handle.control(call.request, signal);
    case 'bulk':
      return handle.bulk(call.request, signal);
    case 'interrupt':
      return handle.interrupt(call.request, signal);
    case 'configure':
      return handle.configure(call.change, call.timeoutMs);
    case 'take':
      return handle.take();
    case 'close':
      return handle.close();
    default:
      return call satisfies never;
  }
}

backend.onHotplug((event) => say({ kind: 'hotplug', event }));
process.on('message', (message: { readonly id: number; readonly call: RemoteCall } | { readonly cancel: number }) => {
  if ('cancel' in message) {
    running.get(message.cancel)?.abort();
    return;
  }
  const { id, call } = message;
  const stop = new AbortController();
  running.set(id, stop);
  perform(call, stop.signal)
    .then(
      (value) => say({ kind: 'done', id, value }),
      (error: unknown) => {
        if (!isCoded(error)) process.stderr.write(`${String(error)}\n`);
        say({ kind: 'failed', id, ...toWire(error) });
      },
    )
    .finally(() => running.delete(id));
});
say({ kind: 'ready' });
