import { isCoded, toWire } from '@usher/protocol';
import type { UsbBackend, UsbDeviceHandle } from '@usher/usb';
import type { RemoteAnswer, RemoteCall, RemoteMessage } from './remote-backend.ts';

/** The far end of a `RemoteBackend`: performs its calls on a real one. Returns what takes its messages. */
export function serveBackend(backend: UsbBackend, say: (answer: RemoteAnswer) => void): (message: RemoteMessage) => void {
  const handles = new Map<number, UsbDeviceHandle>();
  const running = new Map<number, AbortController>();
  let lastHandle = 0;

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
  say({ kind: 'ready' });
  return (message) => {
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
  };
}
