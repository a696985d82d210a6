import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeDirectorySync } from '../../harness/temporary-directory.ts';
import type { Accelerator } from './accelerator.ts';
import { GuestLink } from './guest-link.ts';
import { ImageFile } from './image/build-image.ts';
import { Qmp } from './qmp.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const QUIT_WITHIN_MS = 3000;
const CONSOLE_TAIL = 4000;

/** Kernel options: what costs time under emulation is left out; the clock is emulated, so it may be trusted. */
const KERNEL_OPTIONS = [
  ...['console=ttyS0', 'quiet', 'loglevel=4', 'panic=-1', 'mitigations=off', 'nokaslr', 'audit=0', 'apparmor=0', 'tsc=reliable'],
  ...['random.trust_cpu=on', 'systemd.show_status=no', 'net.ifnames=0'],
];

export interface QemuOptions {
  /** The image's directory. */
  readonly image: string;
  readonly accelerator: Accelerator;
  /** Another disk than the image's own, which it is a layer on. */
  readonly disk?: string;
  /** Writes stay in the disk; otherwise they are forgotten at the end. */
  readonly keepsWrites?: boolean;
  /** The state that it goes on from instead of booting; it comes up paused. */
  readonly state?: string;
}

/** What decides whether a saved state fits: everything about the machine that isn't a path. */
export function machineArguments(accelerator: Accelerator): readonly string[] {
  return [
    ...['-M', 'q35', '-smp', '2', '-m', '1536', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-accel', accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi,tb-size=512', '-cpu', accelerator === 'kvm' ? 'host' : 'max,la57=off'],
    ...['-append', KERNEL_OPTIONS.join(' ')],
    ...['-device', 'virtio-blk-pci,drive=root', '-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=lab,name=usher.lab'],
    ...['-device', 'virtio-rng-pci', '-device', 'virtio-9p-pci,fsdev=project,mount_tag=project'],
    // With fewer ports QEMU puts a full-speed hub of its own between, once eight devices are plugged in.
    ...['-device', 'qemu-xhci,id=xhci,p2=15,p3=15'],
  ];
}

/** One QEMU, an ordinary process without rights of its own, and the two sockets that it is held by. */
export class Qemu implements AsyncDisposable {
  /** Sockets, and whatever else belongs to this machine alone. */
  readonly directory: string;
  readonly qmp: Qmp;
  readonly guest: GuestLink;
  readonly #process: ChildProcess;
  readonly #removeDirectory: () => void;

  private constructor(process: ChildProcess, directory: string, removeDirectory: () => void, qmp: Qmp, guest: GuestLink) {
    this.#process = process;
    this.directory = directory;
    this.#removeDirectory = removeDirectory;
    this.qmp = qmp;
    this.guest = guest;
  }

  static async start(options: QemuOptions): Promise<Qemu> {
    const directory = mkdtempSync(join(tmpdir(), 'vm-'));
    const removeDirectory = () => removeDirectorySync(directory);
    process.once('exit', removeDirectory);
    process.once('disconnect', endWithRunner);
    const child = spawn('setpriv', ['--pdeathsig=KILL', 'qemu-system-x86_64', ...argumentsOf(options, directory)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: directory },
    });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-CONSOLE_TAIL);
    });
    const failed = Promise.race([once(child, 'exit'), once(child, 'error')]).then(() =>
      Promise.reject(new Error(`QEMU ended: ${complaints}`)),
    );
    failed.catch(() => undefined); // only while it starts is its end a failure of the start
    try {
      const qmp = await Promise.race([Qmp.connect(join(directory, 'qmp')), failed]);
      const guest = await Promise.race([GuestLink.connect(join(directory, 'lab')), failed]);
      return new Qemu(child, directory, removeDirectory, qmp, guest);
    } catch (error) {
      child.kill('SIGKILL');
      removeDirectory();
      throw error;
    }
  }

  /** The end of what the kernel printed on its serial console. */
  get console(): string {
    return readFileSync(join(this.directory, 'console.log'), 'utf8').slice(-CONSOLE_TAIL);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      const timer = setTimeout(() => this.#process.kill('SIGKILL'), QUIT_WITHIN_MS);
      this.qmp.command('quit').catch(() => undefined); // its answer is its end
      await ended;
      clearTimeout(timer);
    }
    this.guest.close();
    await this.qmp.close();
    this.#removeDirectory();
    process.removeListener('exit', this.#removeDirectory);
    process.removeListener('disconnect', endWithRunner);
  }
}

/** A test runner that is interrupted leaves its workers to themselves; they, and with them QEMU, end when they lose it. */
function endWithRunner(): never {
  process.exit(1);
}

function argumentsOf({ image, accelerator, disk, keepsWrites = false, state }: QemuOptions, directory: string): readonly string[] {
  const [file, format] = disk === undefined ? [join(image, ImageFile.Disk), 'raw'] : [disk, 'qcow2'];
  return [
    ...machineArguments(accelerator),
    ...['-kernel', join(image, ImageFile.Kernel), '-initrd', join(image, ImageFile.Initramfs)],
    ...['-drive', `file=${file},format=${format},if=none,id=root,cache=unsafe,snapshot=${keepsWrites ? 'off' : 'on'}`],
    ...['-chardev', `socket,id=lab,path=${directory}/lab,server=on,wait=off`, '-qmp', `unix:${directory}/qmp,server=on,wait=off`],
    ...['-serial', `file:${directory}/console.log`],
    ...['-fsdev', `local,id=project,path=${REPOSITORY},security_model=none,multidevs=remap,readonly=on`],
    ...(state === undefined ? [] : ['-incoming', `exec:zstd -q -dc '${state}'`]),
  ];
}
