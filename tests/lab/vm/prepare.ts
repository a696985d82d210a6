import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Reader } from '@usher/protocol';
import { type Accelerator, chooseAccelerator } from './accelerator.ts';
import { bundle } from './bundle.ts';
import { cached } from './cache.ts';
import { readAptSettings } from './image/apt-settings.ts';
import { buildImage, ImageFile } from './image/build-image.ts';
import { runTool } from './image/run-tool.ts';
import { machineArguments, Qemu } from './qemu.ts';

/** Emulated, on a machine that is busy besides; seen were 14 to 21 seconds. */
const BOOT_MS = 240_000;
/** What a lab would load first anyway. */
const MODULES = [
  'vhci_hcd',
  'usbip_host',
  'sd_mod',
  'usb_storage',
  'usbhid',
  'hid_generic',
  'ftdi_sio',
  'cdc_acm',
  'usblp',
  '9p',
  'dummy',
  'sch_netem',
];
const POLL_MS = 30;
/** A file of the image that names this build of it. */
const BUILD = 'build';

/** A machine ready to start: the image, and the state that it goes on from. */
export interface PreparedMachine {
  readonly image: string;
  readonly accelerator: Accelerator;
  /** Undefined under KVM, where a boot takes as long, and a state would only fit the processor that it was saved on. */
  readonly saved: { readonly disk: string; readonly state: string } | undefined;
}

/** Builds what isn't in the cache yet. `say` is told of everything that takes longer than a few seconds. */
export async function prepareMachine(say: (line: string) => void): Promise<PreparedMachine> {
  const image = await cached(`image-${await imageKey()}`, async (directory) => {
    if (process.getuid?.() !== 0) throw new Error('the lab’s machine is built by root; run this as root');
    say('building the machine from Debian packages (about a minute, once) …');
    await buildImage(directory, await readAptSettings(), await bundle(new URL('./guest/agent.ts', import.meta.url)));
    await writeFile(join(directory, BUILD), randomUUID());
  });
  const accelerator = await rememberedAccelerator(image, say);
  if (accelerator === 'kvm') return { image, accelerator, saved: undefined };
  const qemu = await runTool('qemu-system-x86_64', ['--version']);
  // Of two builds of the same sources, neither fits the other's state: their files lie elsewhere on the disk.
  const build = await readFile(join(image, BUILD), 'utf8');
  const key = hash([build, qemu, ...machineArguments(accelerator), ...MODULES]);
  const state = await cached(`state-${key}`, async (directory) => {
    say('booting it once, to go on from there each time (half a minute, once) …');
    await saveState(image, directory);
  });
  return { image, accelerator, saved: { disk: join(state, 'booted.qcow2'), state: join(state, 'state.zst') } };
}

/** What of the protocol's sources decides what the guest's agent says and understands. */
const AGENT_CODECS = ['envelope.ts', 'bytes.ts', 'read.ts'].map(
  (name) => new URL(`../../../packages/protocol/src/${name}`, import.meta.url),
);

/** The sources that make the image and the agent in it, and this machine's Node, which is copied. */
async function imageKey(): Promise<string> {
  const own = await Promise.all(['./image/', './guest/'].map((path) => filesOf(new URL(path, import.meta.url))));
  const sources = await Promise.all([...own.flat(), ...AGENT_CODECS].map((file) => readFile(file, 'utf8')));
  return hash([...sources, process.version, process.arch]);
}

async function filesOf(directory: URL): Promise<readonly URL[]> {
  return (await readdir(directory)).sort().map((name) => new URL(name, directory));
}

/** Probing takes twelve seconds where KVM doesn't work, so the answer lies beside the image. */
async function rememberedAccelerator(image: string, say: (line: string) => void): Promise<Accelerator> {
  const path = join(image, 'accelerator');
  const known = await readFile(path, 'utf8').catch(() => ''); // not asked yet
  if (known === 'kvm' || known === 'tcg') return known;
  const chosen = await chooseAccelerator(image);
  say(chosen === 'kvm' ? 'KVM works here' : 'KVM doesn’t work here; the machine is emulated');
  await writeFile(`${path}.${process.pid}`, chosen);
  await rename(`${path}.${process.pid}`, path);
  return chosen;
}

async function saveState(image: string, directory: string): Promise<void> {
  const disk = join(directory, 'booted.qcow2');
  await runTool('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', join(image, ImageFile.Disk), '-F', 'raw', disk]);
  await using machine = await Qemu.start({ image, accelerator: 'tcg', disk, keepsWrites: true });
  await within(BOOT_MS, machine.guest.ready(), () => `the guest did not come up; its console:\n${machine.console}`);
  const settle = [
    `for m in ${MODULES.join(' ')}; do modprobe $m; done`,
    'systemctl is-system-running --wait',
    'ip link set lo up',
    'node -e 0',
    'sync',
  ];
  const settled = machine.guest.start({ command: ['sh', '-c', settle.join('; ')], directory: '/', environment: {}, user: undefined });
  await within(BOOT_MS, settled.ended, () => `the guest did not settle; its console:\n${machine.console}`);
  await machine.qmp.command('stop');
  await machine.qmp.command('migrate-set-parameters', { 'max-bandwidth': 100_000_000_000 });
  await machine.qmp.command('migrate', { uri: `exec:zstd -q -1 -T2 > '${join(directory, 'state.zst')}'` });
  for (;;) {
    const status = Reader.of(await machine.qmp.command('query-migrate'), 'query-migrate').string('status');
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled') throw new Error('the state could not be saved');
    await after(POLL_MS);
  }
}

async function within<T>(milliseconds: number, work: Promise<T>, problem: () => string): Promise<T> {
  const stop = new AbortController();
  const late = after(milliseconds, undefined, { signal: stop.signal }).then(() => Promise.reject(new Error(problem())));
  late.catch(() => undefined); // aborted as soon as the work is done
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}

function hash(parts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 16);
}
