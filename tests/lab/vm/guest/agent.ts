import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, read, writeSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { EnvelopeDecoder, envelope } from '@usher/protocol';
import { decodeToGuest, encodeFromGuest, type FromGuest, type GuestProgram, MAX_GUEST_MESSAGE, type ToGuest } from './guest-messages.ts';

// Runs in the guest as root, from boot to power-off: starts what the lab asks for and carries its input and output over a virtio port.

const PORT = '/dev/virtio-ports/usher.lab';
/** The port has no other end while the machine's state is saved and restored: it then reads as nothing. */
const RETRY_MS = 20;
/** A child that was orphaned may hold the output open after its parent's end; what comes later than this isn't waited for. */
const OUTPUT_AFTER_EXIT_MS = 500;

const processes = new Map<number, ChildProcess>();

while (!existsSync(PORT)) await after(RETRY_MS);
const port = openSync(PORT, 'r+');

function say(message: FromGuest): void {
  const bytes = envelope(encodeFromGuest(message));
  for (let at = 0; at < bytes.length; ) at += writeSync(port, bytes, at);
}

function obey(message: ToGuest): void {
  switch (message.type) {
    case 'ping':
      say({ type: 'pong' });
      return;
    case 'start':
      start(message.process, message.program);
      return;
    case 'input':
      processes.get(message.process)?.stdin?.write(message.bytes);
      return;
    case 'end-input':
      processes.get(message.process)?.stdin?.end();
      return;
    case 'signal': {
      const pid = processes.get(message.process)?.pid;
      if (pid !== undefined) signalGroup(pid, message.signal);
      return;
    }
  }
}

function signalGroup(pid: number, signal: string): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended just now; its exit is on the way.
  }
}

function start(number: number, { command, directory, environment, user }: GuestProgram): void {
  const asUser = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--reset-env', '--'];
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const [program = '', ...args] = [...asUser, 'env', ...variables, ...command];
  const child = spawn(program, args, { cwd: directory, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  processes.set(number, child);
  child.stdin.on('error', () => undefined); // a program that ends without reading everything is no failure of the agent
  child.stdout.on('data', (bytes: Buffer) => say({ type: 'output', process: number, bytes }));
  child.stderr.on('data', (bytes: Buffer) => say({ type: 'complaint', process: number, bytes }));

  let told = false;
  const tell = (code: number | undefined, signal: string | undefined) => {
    if (told) return;
    told = true;
    processes.delete(number);
    say({ type: 'exit', process: number, code, signal });
  };
  child.once('error', () => tell(127, undefined));
  child.once('exit', (code, signal) => {
    const end = () => tell(code ?? undefined, signal ?? undefined);
    const timer = setTimeout(end, OUTPUT_AFTER_EXIT_MS);
    child.once('close', () => {
      clearTimeout(timer);
      end();
    });
  });
}

const decoder = new EnvelopeDecoder(MAX_GUEST_MESSAGE);
const buffer = Buffer.alloc(64 * 1024);

function listen(): void {
  read(port, buffer, 0, buffer.length, null, (error, length) => {
    if (error !== null || length === 0) {
      setTimeout(listen, RETRY_MS);
      return;
    }
    for (const message of decoder.push(buffer.subarray(0, length))) obey(decodeToGuest(message));
    listen();
  });
}

say({ type: 'ready' });
listen();
