import type { ChildProcess } from 'node:child_process';
import { CodedError, EnvelopeDecoder, type UsbConfigChange, type UsbControlRequest, type UsbEndpointRequest } from '@usher/protocol';
import type { UsbDeviceDescription, UsbDeviceHandle } from '@usher/usb';
import { writeEnvelope } from '../envelope-output.ts';
import { type DevicePlace, decodeFromDevice, encodeToDevice, type FromDevice, MAX_DEVICE_MESSAGE, type ToDevice } from './device-link.ts';

/** Opening reads a handful of descriptors, each of which may take two seconds; before it, the process may have to start on a busy machine. */
const OPEN_MS = 20_000;
const TAKE_MS = 5000;
const CLOSE_MS = 2000;
/** What the process may take beyond a transfer's own time, or to end one that was cancelled; then the kernel is stuck in the device. */
const LATE_MS = 1000;
/** How long an end by force is waited for; a process that hangs in the kernel ends when the kernel lets it. */
const KILL_MS = 500;
/** Answers that are waited for: far more than a claim's window and its subscriptions come to. */
const CALLS_MAX = 1024;
const LAST_ID = 0xffff_ffff;

/** What is told of a device while its process runs, and afterwards. */
export interface DeviceKeeper {
  /** The driver of an interface is about to be detached. */
  detaching(interfaceNumber: number): void;
  /** Nothing of this device is owed any more. */
  restored(): void;
  /** The device is closed, and its process ready for another. */
  closed(child: ChildProcess): void;
  /** The process has ended; `owed` says that it left drivers detached. */
  ended(owed: boolean): void;
}

interface Call {
  readonly resolve: (data: Uint8Array) => void;
  readonly reject: (error: CodedError) => void;
}

/**
 * One device, opened in a process of its own. Whatever the kernel does to that process, everything asked here ends in its time, and the agent
 * goes on. A process that dies is a device that is gone.
 */
export class DeviceProcess implements UsbDeviceHandle {
  readonly #child: ChildProcess;
  readonly #keeper: DeviceKeeper;
  readonly #decoder = new EnvelopeDecoder(MAX_DEVICE_MESSAGE);
  readonly #listen = (chunk: Uint8Array) => this.#read(chunk);
  readonly #calls = new Map<number, Call>();
  readonly #goneListeners: (() => void)[] = [];
  readonly #ended: Promise<void>;
  readonly #extra: UsbDeviceDescription['extra'];
  #lastId = 0;
  #device: UsbDeviceDescription;
  #configuration: Uint8Array = new Uint8Array();
  /** Interfaces whose drivers were detached and not given back yet. */
  #owed = false;
  #over: CodedError | undefined;
  #gone = false;
  #closing: Promise<void> | undefined;
  /** The call that closes; the end of everything else doesn't end it. */
  #closeId: number | undefined;
  #hasEnded = false;
  #unlisten: () => void = () => undefined;

  private constructor(child: ChildProcess, { listed }: DevicePlace, keeper: DeviceKeeper) {
    this.#child = child;
    this.#keeper = keeper;
    this.#device = listed;
    this.#extra = listed.extra;
    child.stdout?.on('data', this.#listen);
    this.#ended = new Promise((resolve) => {
      const ended = () => resolve();
      child.once('error', ended);
      child.once('exit', ended);
      this.#unlisten = () => {
        child.off('error', ended);
        child.off('exit', ended);
        child.stdout?.off('data', this.#listen);
      };
      if (child.exitCode !== null || child.signalCode !== null) resolve();
    });
    void this.#ended.then(() => this.#processEnded());
  }

  /** On any failure the process is ended. */
  static async open(child: ChildProcess, place: DevicePlace, keeper: DeviceKeeper): Promise<DeviceProcess> {
    const opened = new DeviceProcess(child, place, keeper);
    try {
      await opened.#call((id) => ({ type: 'open', id, place }), OPEN_MS);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  get device(): UsbDeviceDescription {
    return this.#device;
  }

  get configuration(): Uint8Array {
    return this.#configuration;
  }

  async take(): Promise<void> {
    await this.#call((id) => ({ type: 'take', id }), TAKE_MS);
  }

  async configure(change: UsbConfigChange, timeoutMs: number): Promise<void> {
    this.#configuration = await this.#call((id) => ({ type: 'config', id, change, timeoutMs }), timeoutMs + LATE_MS);
  }

  control(request: UsbControlRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#call((id) => ({ type: 'control', id, request }), request.timeoutMs + LATE_MS, signal);
  }

  bulk(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#call((id) => ({ type: 'bulk', id, request }), request.timeoutMs + LATE_MS, signal);
  }

  interrupt(request: UsbEndpointRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.#call((id) => ({ type: 'interrupt', id, request }), request.timeoutMs + LATE_MS, signal);
  }

  onGone(listener: () => void): void {
    if (this.#gone) queueMicrotask(listener);
    else this.#goneListeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The device has left: by the word of the backend, of a transfer, or because its process died. */
  unplugged(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#end(new CodedError('usb.device-gone', 'the device was unplugged'));
    for (const listener of this.#goneListeners) listener();
  }

  async #call(message: (id: number) => ToDevice, patienceMs: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#over !== undefined) throw this.#over;
    if (this.#calls.size >= CALLS_MAX) throw new CodedError('usb.transfer-failed', `more than ${CALLS_MAX} transfers are under way`);
    return this.#ask(message, patienceMs, signal);
  }

  async #ask(message: (id: number) => ToDevice, patienceMs: number, signal?: AbortSignal): Promise<Uint8Array> {
    const id = this.#nextId();
    const late = () =>
      this.#settle(id)?.reject(new CodedError('usb.timeout', 'the operating system waits for the device, and does not answer'));
    let timer = setTimeout(late, patienceMs);
    const cancel = () => {
      this.#say({ type: 'cancel', id });
      clearTimeout(timer);
      timer = setTimeout(() => this.#settle(id)?.reject(new CodedError('usb.cancelled', 'the transfer was cancelled')), LATE_MS);
    };
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        this.#calls.set(id, { resolve, reject });
        this.#say(message(id));
        if (signal?.aborted === true) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** By asking; a process that is stuck in the kernel is killed, and what it owes is then the guard's to give back. */
  async #close(): Promise<void> {
    this.#end(new CodedError('usb.closed', 'handle is closed'));
    if (await this.#isClosed()) {
      this.#unlisten();
      this.#keeper.closed(this.#child);
      return;
    }
    this.#child.kill('SIGKILL');
    await within(KILL_MS, this.#ended);
  }

  /** Whether the process said so in time. */
  async #isClosed(): Promise<boolean> {
    if (this.#hasEnded) return false;
    try {
      await this.#ask((id) => {
        this.#closeId = id;
        return { type: 'close', id };
      }, CLOSE_MS);
      return !this.#owed;
    } catch {
      return false; // it failed, ended, or is stuck: the process is of no more use
    }
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const message of this.#decoder.push(chunk)) this.#take(decodeFromDevice(message));
    } catch {
      this.#child.kill('SIGKILL'); // noise of our own program: there is no way to find its next message
    }
  }

  #take(message: FromDevice): void {
    switch (message.type) {
      case 'opened':
        this.#device = { ...message.device, extra: this.#extra };
        this.#configuration = message.configuration;
        this.#settle(message.id)?.resolve(message.configuration);
        return;
      case 'done': {
        const { reply } = message;
        const call = this.#settle(reply.transfer);
        if (reply.ok) call?.resolve(reply.data);
        else call?.reject(new CodedError(reply.code, reply.message));
        return;
      }
      case 'detaching':
        this.#owed = true;
        this.#keeper.detaching(message.interfaceNumber);
        this.#say({ type: 'guarded', id: message.id });
        return;
      case 'restored':
        this.#owed = false;
        this.#keeper.restored();
        return;
      case 'gone':
        this.unplugged();
        return;
    }
  }

  #processEnded(): void {
    this.#hasEnded = true;
    this.#closeId = undefined;
    this.unplugged();
    this.#end(new CodedError('usb.device-gone', 'the process of the device ended'));
    this.#keeper.ended(this.#owed);
  }

  /** Everything ends with `reason`, now and from now on. */
  #end(reason: CodedError): void {
    this.#over ??= reason;
    for (const id of [...this.#calls.keys()]) if (id !== this.#closeId) this.#settle(id)?.reject(this.#over);
  }

  #settle(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  #say(message: ToDevice): void {
    const { stdin } = this.#child;
    if (stdin !== null) writeEnvelope(stdin, encodeToDevice(message));
  }

  #nextId(): number {
    do {
      this.#lastId = this.#lastId === LAST_ID ? 1 : this.#lastId + 1;
    } while (this.#calls.has(this.#lastId));
    return this.#lastId;
  }
}

/** Whether `work` settled in time. */
async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
