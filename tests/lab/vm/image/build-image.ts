import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AptSettings } from './apt-settings.ts';
import { configureGuest } from './guest-system.ts';
import { writeInitramfs } from './initramfs.ts';
import { installKernel } from './kernel.ts';
import { runTool } from './run-tool.ts';

/** What the guest has beyond Debian's smallest system. */
const PACKAGES = [
  ...['systemd-sysv', 'dbus', 'dbus-user-session', 'libpam-systemd', 'udev', 'kmod', 'passwd', 'login', 'procps', 'util-linux'],
  ...['iproute2', 'usbip', 'usbutils', 'fido2-tools', 'libstdc++6', 'libudev1', 'acl'],
];
/** Documentation and translations: half of a small Debian. */
const LEFT_OUT = ['/usr/share/man/*', '/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/zoneinfo/*', '/usr/share/info/*'];
/** The kernel's package is fetched by the guest's own apt, so this machine needn't be of the same release or know where kernels are. */
const FETCH_KERNEL = `chroot "$1" sh -c 'mkdir /kernel && cd /kernel && apt-get download -qq $(apt-cache depends linux-image-amd64 | sed -n "s/.*Depends: \\(linux-image-[0-9][^ ]*\\).*/\\1/p")'`;
/** Room for what tests write, beyond what is there. */
const FREE_MEBIBYTES = 300;

/** An image's parts, as files of its directory. */
export const ImageFile = { Kernel: 'vmlinuz', Initramfs: 'initrd.gz', Disk: 'root.ext4' } as const;

/** Builds the lab's machine into `directory`. Needs root: it makes a Debian tree with devices and owners. */
export async function buildImage(directory: string, apt: AptSettings, agent: string): Promise<void> {
  const work = join(directory, 'work');
  const tree = join(work, 'tree');
  await mkdir(work, { recursive: true });
  try {
    const options = join(work, 'apt.conf');
    await writeFile(options, [...apt.options, 'Acquire::Languages "none";', ''].join('\n'));
    await runTool('mmdebstrap', [
      ...['--quiet', '--mode=root', '--variant=minbase', '--format=directory', `--include=${PACKAGES.join(',')}`, `--aptopt=${options}`],
      ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
      `--customize-hook=${FETCH_KERNEL}`,
      ...[apt.release, tree, ...apt.sources],
    ]);
    const version = await installKernel(join(tree, 'kernel'), tree, join(directory, ImageFile.Kernel));
    await rm(join(tree, 'kernel'), { recursive: true, force: true });
    await configureGuest(tree, agent);
    await writeInitramfs(tree, version, join(work, 'initramfs'), join(directory, ImageFile.Initramfs));
    const [used = '0'] = (await runTool('du', ['-sm', tree])).split('\t');
    // Straight from the tree: no loop device, which a container may not have.
    const size = `${Number(used) + FREE_MEBIBYTES}M`;
    await runTool('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-d', tree, join(directory, ImageFile.Disk), size]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
