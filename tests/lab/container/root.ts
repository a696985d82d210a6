import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reader } from '@usher/protocol';
import { buildDeb } from '../../../packaging/deb.ts';
import { cached } from '../vm/cache.ts';
import { readAptSettings } from '../vm/image/apt-settings.ts';
import { runTool } from '../vm/image/run-tool.ts';

/** A small Debian with a service manager, logins and a message bus. */
const SYSTEM = ['systemd-sysv', 'dbus', 'dbus-user-session', 'libpam-systemd', 'passwd', 'login', 'procps', 'util-linux', 'libstdc++6'];
/** What the tests look with: displays of both kinds, keys, clipboards, traces; and a browser, which wants more of a system than anything else. */
const TOOLS = ['x11-utils', 'x11-apps', 'xauth', 'xdotool', 'xclip', 'weston', 'wayland-utils', 'strace', 'chromium'];
/** Documentation and translations: half of a small Debian. */
const LEFT_OUT = ['/usr/share/man/*', '/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** The tree that containers start from: Debian with what Usher's package depends on, and this Node as a package; without Usher. */
export async function prepareRoot(say: (line: string) => void): Promise<string> {
  const apt = await readAptSettings();
  const packages = [...SYSTEM, ...TOOLS, ...(await runtimePackages())];
  const key = createHash('sha256')
    .update(
      JSON.stringify([apt.release, packages, LEFT_OUT, process.version, process.arch, await readFile(new URL(import.meta.url), 'utf8')]),
    )
    .digest('hex')
    .slice(0, 32);
  return join(
    await cached(`root-${key}`, async (directory) => {
      if (process.getuid?.() !== 0) throw new Error('the lab’s container needs root; run this as root');
      say('building the container’s root from Debian packages (about a minute, once) …');
      await build(directory, packages);
    }),
    'tree',
  );
}

async function build(directory: string, packages: readonly string[]): Promise<void> {
  const apt = await readAptSettings();
  const work = await mkdtemp(join(tmpdir(), 'usher-lab-root-'));
  try {
    const options = join(work, 'apt.conf');
    await writeFile(options, [...apt.options, 'Acquire::Languages "none";', ''].join('\n'));
    const nodejs = join(work, 'nodejs.deb');
    await buildNodejs(nodejs);
    await runTool('mmdebstrap', [
      ...['--quiet', '--mode=root', '--variant=minbase', '--format=directory', `--include=${packages.join(',')}`, `--aptopt=${options}`],
      ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
      `--customize-hook=copy-in ${nodejs} /tmp`,
      '--customize-hook=chroot "$1" dpkg -i /tmp/nodejs.deb && rm "$1/tmp/nodejs.deb"',
      ...[apt.release, join(directory, 'tree'), ...apt.sources],
    ]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The Node that runs this, as the package that Usher's depend on. */
async function buildNodejs(output: string): Promise<void> {
  await buildDeb({
    source: fileURLToPath(new URL('./nodejs', import.meta.url)),
    version: process.version.slice(1),
    control: [],
    fill: async (root) => {
      await mkdir(join(root, 'usr/bin'), { recursive: true });
      await cp(process.execPath, join(root, 'usr/bin/node'), { dereference: true });
    },
    unix: 0,
    output,
  });
}

async function runtimePackages(): Promise<readonly string[]> {
  const path = new URL('../../../scripts/system-packages.json', import.meta.url);
  return Reader.json(await readFile(path, 'utf8'), 'system-packages').list('run', 100, (item) => item.string('name'));
}
