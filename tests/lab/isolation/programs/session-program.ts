/**
 * Stands in for the worker where a test wants to know what a session is like, or what is left of a bad one: speaks first, as a worker does,
 * then runs what the test asks for and tells what came of it. Messages are JSON in envelopes.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { EnvelopeDecoder, envelope } from '@usher/protocol';

type Order = { readonly do: 'run'; readonly command: readonly string[] } | { readonly do: 'look' } | { readonly do: 'be-stubborn' };

const MESSAGE_MAX = 1024 * 1024;
const relay = new Socket({ fd: 0, readable: true, writable: true });
const messages = new EnvelopeDecoder(MESSAGE_MAX);
const say = (message: object) => relay.write(envelope(Buffer.from(JSON.stringify(message))));
let stubborn = false;

say({ hello: process.pid });
relay.on('data', (bytes) => {
  for (const message of messages.push(bytes)) obey(JSON.parse(Buffer.from(message).toString()) as Order); // the test's own words
});
relay.on('error', () => undefined); // the end follows
relay.on('close', () => {
  if (!stubborn) process.exit();
});

function obey(order: Order): void {
  switch (order.do) {
    case 'run':
      run(order.command);
      break;
    case 'look':
      say(look());
      break;
    case 'be-stubborn':
      beStubborn();
      break;
  }
}

function run(command: readonly string[]): void {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  child.once('error', (error) => (text = error.message)); // a program that isn't there; 'close' follows
  child.once('close', (status) => say({ status: Math.max(status ?? -1, -1), text }));
}

/** What this process is, by the kernel's word. */
function look(): object {
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim();
  return {
    uid: process.getuid?.(),
    groups: process.getgroups?.(),
    capabilities: ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map(field),
    noNewPrivileges: field('NoNewPrivs'),
    descriptors: readdirSync('/proc/self/fd').map(Number),
    environment: process.env,
    session: readFileSync('/proc/self/cgroup', 'utf8').trim(),
    becomesRoot: attempt(() => process.setuid?.(0)),
  };
}

function attempt(work: () => unknown): string {
  try {
    work();
    return 'it worked';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'refused';
  }
}

/** Ignores what asks it to end, and leaves children behind that ignore it too: in sessions of their own, without a parent. */
function beStubborn(): void {
  stubborn = true;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  setInterval(() => undefined, 60_000);
  const script = `trap '' TERM HUP INT
    setsid sh -c 'trap "" TERM HUP; sleep 1111 & sleep 2222' >/dev/null 2>&1 </dev/null &
    ( ( exec setsid sleep 3333 ) >/dev/null 2>&1 </dev/null & )
    ( ( exec setsid sleep 4444 ) & )`;
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'inherit', 'inherit'] }); // the last one keeps our descriptors
  child.once('close', () => undefined);
  child.once('exit', () => say({ stubborn: true }));
}
