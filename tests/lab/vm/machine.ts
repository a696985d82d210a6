import { setTimeout as after } from 'node:timers/promises';
import { Reader } from '@usher/protocol';
import type { GuestProcess } from './guest-link.ts';
import { GUEST_USER } from './image/guest-system.ts';
import { type PreparedMachine, prepareMachine } from './prepare.ts';
import { Qemu } from './qemu.ts';

/** Where the guest has this repository, read-only. */
export const PROJECT = '/project';
/** Programs of the labs; `node_modules` beside them is the project's. */
const GUEST_PROGRAMS = '/run/usher-lab';
const RUN_WITHIN_MS = 120_000;
const BOOT_WITHIN_MS = 240_000;
const POLL_MS = 10;

export interface RunOptions {
  /** Runs it as the guest's ordinary user; as root where it isn't asked for. */
  readonly asUser?: boolean;
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  readonly withinMs?: number;
}

export interface RunResult {
  /** The exit status, or the signal. */
  readonly ended: number | string;
  readonly output: string;
  readonly complaints: string;
}

/** A virtual machine with a real kernel, this repository, and nobody else in it. */
export class Machine implements AsyncDisposable {
  readonly #qemu: Qemu;

  private constructor(qemu: Qemu) {
    this.#qemu = qemu;
  }

  /** A second after this the guest runs, unless it has to be built first. */
  static async start(): Promise<Machine> {
    const prepared = await prepareMachine((line) => process.stderr.write(`${line}\n`));
    const qemu = await startQemu(prepared);
    const machine = new Machine(qemu);
    try {
      // The restored clock shows when the state was saved; a mounted 9p file system could not have been saved.
      await machine.sh(
        `date -s @${(Date.now() / 1000).toFixed(3)}`,
        `mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro project ${PROJECT}`,
        `mkdir -p ${GUEST_PROGRAMS}`,
        `ln -s ${PROJECT}/node_modules ${GUEST_PROGRAMS}/node_modules`,
      );
      return machine;
    } catch (error) {
      await qemu[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Files and sockets of this machine, on the side of the lab. */
  get directory(): string {
    return this.#qemu.directory;
  }

  /** A command for QEMU: plugging, pulling, keys. */
  qmp(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#qemu.qmp.command(command, args);
  }

  start(command: readonly string[], { asUser = false, directory = '/', environment = {} }: RunOptions = {}): GuestProcess {
    return this.#qemu.guest.start({ command, directory, environment, user: asUser ? GUEST_USER : undefined });
  }

  /** Runs a program to its end. One that takes too long is ended; the error then says what the kernel and the processes were at. */
  async run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const process = this.start(command, options);
    const printed: Uint8Array[] = [];
    process.on('output', (bytes) => printed.push(bytes));
    if (options.input !== undefined) process.write(options.input);
    process.endInput();
    const withinMs = options.withinMs ?? RUN_WITHIN_MS;
    const stop = new AbortController();
    const late = after(withinMs, 'late' as const, { signal: stop.signal }).catch(() => 'late' as const);
    const ended = await Promise.race([process.ended.then((how) => ({ how })), late]);
    stop.abort();
    if (ended === 'late') {
      process.signal('SIGKILL');
      throw new Error(`${command.join(' ')} took longer than ${withinMs} ms in the guest\n${await this.diagnosis()}`);
    }
    return { ended: ended.how, output: Buffer.concat(printed).toString(), complaints: process.complaints };
  }

  /** Shell commands as root, each of which has to succeed; gives back what they print. */
  async sh(...lines: readonly string[]): Promise<string> {
    const { ended, output, complaints } = await this.run(['sh', '-ec', lines.join('\n')]);
    if (ended !== 0) throw new Error(`in the guest, ended with ${ended}: ${lines.join('; ')}\n${output}${complaints}`);
    return output;
  }

  /** Waits until a shell condition holds in the guest. */
  async until(condition: string, withinMs = 60_000): Promise<void> {
    const { ended } = await this.run(['timeout', `${withinMs / 1000}`, 'sh', '-c', `until ${condition}; do sleep 0.02; done`], {
      withinMs: withinMs + RUN_WITHIN_MS,
    });
    if (ended !== 0) throw new Error(`in the guest, after ${withinMs} ms, still not: ${condition}\n${await this.diagnosis()}`);
  }

  /** Puts a program of the labs into the guest; gives back its path there. */
  async install(name: string, program: string): Promise<string> {
    const path = `${GUEST_PROGRAMS}/${name}`;
    const { ended } = await this.run(['sh', '-c', `cat > ${path}`], { input: new TextEncoder().encode(program) });
    if (ended !== 0) throw new Error(`${path} could not be written`);
    return path;
  }

  /** The kernel's last words and what every process waits for. */
  async diagnosis(): Promise<string> {
    const process = this.start(['sh', '-c', 'dmesg | tail -40; ps -eo pid,user,stat,wchan:24,args | tail -40']);
    let printed = '';
    process.on('output', (bytes) => {
      printed += Buffer.from(bytes).toString();
    });
    process.endInput();
    await Promise.race([process.ended, after(5000)]);
    return printed === '' ? `(the guest does not answer)\n${this.#qemu.console}` : printed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#qemu[Symbol.asyncDispose]();
  }
}

async function startQemu({ image, accelerator, saved }: PreparedMachine): Promise<Qemu> {
  const qemu = await Qemu.start({ image, accelerator, ...saved });
  try {
    if (saved === undefined)
      await Promise.race([qemu.guest.ready(), after(BOOT_WITHIN_MS).then(() => Promise.reject(new Error(qemu.console)))]);
    else await goOn(qemu);
    return qemu;
  } catch (error) {
    await qemu[Symbol.asyncDispose]();
    throw error;
  }
}

/** A restored machine comes up paused. */
async function goOn(qemu: Qemu): Promise<void> {
  for (;;) {
    const status = Reader.of(await qemu.qmp.command('query-status'), 'query-status').string('status');
    if (status === 'running') break;
    if (status === 'paused') await qemu.qmp.command('cont');
    else await after(POLL_MS);
  }
  await qemu.guest.ping();
}
