import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CodedError, type ErrorCode, type UsbConfigChange, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import type { HotplugEvent, UsbBackend, UsbDeviceDescription, UsbDeviceHandle, UsbOpenQuery } from '@usher/usb';

export type RemoteCall =
  | { readonly method: 'list' }
  | { readonly method: 'open'; readonly query: UsbOpenQuery }
  | { readonly method: 'control'; readonly handle: number; readonly request: UsbControlRequest }
  | { readonly method: 'bulk' | 'interrupt'; readonly handle: number; readonly request: UsbEndpointRequest }
  | { readonly method: 'configure'; readonly handle: number; readonly change: UsbConfigChange; readonly timeoutMs: number }
  | { readonly method: 'take' | 'close'; readonly handle: number };

export type RemoteAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'gone'; readonly handle: number }
  | { readonly kind: 'hotplug'; readonly event: HotplugEvent };

export type RemoteMessage = { readonly id: number; readonly call: RemoteCall } | { readonly cancel: number };

/** The way to the process in which libusb runs.. */
export interface RemoteLink {
  send(message: RemoteMessage): void;
  onAnswer(listener: (answer: RemoteAnswer) => void): void;
  /** Ends the process. May be called again. */
  end(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CodedError) => void;
}

/** The libusb backend in a process of its own, so that this one can play the devices: libusb waits for answers that come from here. */
export class RemoteBackend implements UsbBackend {
  readonly name = 'libusb';
  readonly #link: RemoteLink;
  readonly #waiting = new Map<number, Waiting>();
  readonly #handles = new Map<number, RemoteHandle>();
  readonly #listeners = new Set<(event: HotplugEvent) => void>();
  #lastId = 0;

  /** Over a link whose other end serves already. */
  constructor(link: RemoteLink) {
    this.#link = link;
    link.onAnswer((answer) => this.#take(answer));
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<RemoteBackend> {
    const child = fork(fileURLToPath(new URL('./remote-backend-process.ts', import.meta.url)), {
      execArgv: ['--conditions=@usher/source', '--import', 'tsx'],
      env: { ...process.env, ...environment },
      serialization: 'advanced',
    });
    await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error('libusb did not start')))]);
    return new RemoteBackend(childLink(child));
  }

  async list(): Promise<readonly UsbDeviceDescription[]> {
    return (await this.call({ method: 'list' })) as readonly UsbDeviceDescription[]; // what the other side's list() gave
  }

  async open(query: UsbOpenQuery): Promise<UsbDeviceHandle> {
    const opened = (await this.call({ method: 'open', query })) as OpenedRemotely; // what the other side sends for `open`
    const handle = new RemoteHandle(this, opened);
    this.#handles.set(opened.handle, handle);
    return handle;
  }

  onHotplug(listener: (event: HotplugEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#link.end();
  }

  call(call: RemoteCall, signal?: AbortSignal): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const cancel = () => this.#link.send({ cancel: id });
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#link.send({ id, call });
    signal?.addEventListener('abort', cancel, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', cancel));
  }

  #take(answer: RemoteAnswer): void {
    switch (answer.kind) {
      case 'ready':
        return;
      case 'done':
        this.#waiting.get(answer.id)?.resolve(answer.value);
        this.#waiting.delete(answer.id);
        return;
      case 'failed':
        this.#waiting.get(answer.id)?.reject(new CodedError(answer.code, answer.message));
        this.#waiting.delete(answer.id);
        return;
      case 'gone':
        this.#handles.get(answer.handle)?.unplugged();
        return;
      case 'hotplug':
        for (const listener of this.#listeners) listener(answer.event);
        return;
      default:
        answer satisfies never;
    }
  }
}

function childLink(child: ChildProcess): RemoteLink {
  return {
    send: (message) => child.send(message),
    onAnswer: (listener) => child.on('message', listener),
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

interface OpenedRemotely {
  readonly handle: number;
  readonly device: UsbDeviceDescription;
  readonly configuration: Uint8Array;
}

class RemoteHandle implements UsbDeviceHandle {
  readonly device: UsbDeviceDescription;
  readonly configuration: Uint8Array;
  readonly #backend: RemoteBackend;
  readonly #handle: number;
  readonly #goneListeners: (() => void)[] = [];
  #gone = false;

  constructor(backend: RemoteBackend, opened: OpenedRemotely) {
    this.#backend = backend;
    this.#handle = opened.handle;
    this.device = opened.device;
    this.configuration = opened.configuration;
  }

  async take(): Promise<void> {
    await this.#backend.call({ method: 'take', handle: this.#handle });
  }

  async configure(change: UsbConfigChange, timeoutMs: number): Promise<void> {
    await this.#backend.call({ method: 'configure', handle: this.#handle, change, timeoutMs });
  }

  control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#bytes({ method: 'control', handle: this.#handle, request }, signal);
  }

  bulk(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#bytes({ method: 'bulk', handle: this.#handle, request }, signal);
  }

  interrupt(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#bytes({ method: 'interrupt', handle: this.#handle, request }, signal);
  }

  onGone(listener: () => void): void {
    if (this.#gone) queueMicrotask(listener);
    else this.#goneListeners.push(listener);
  }

  async close(): Promise<void> {
    await this.#backend.call({ method: 'close', handle: this.#handle });
  }

  unplugged(): void {
    this.#gone = true;
    for (const listener of this.#goneListeners) listener();
  }

  async #bytes(call: RemoteCall, signal: AbortSignal): Promise<Uint8Array> {
    return (await this.#backend.call(call, signal)) as Uint8Array; // a transfer of the other side gives bytes
  }
}
