import { copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Trees of Debian's kernel modules that a lab can use; the rest of its 400 MB are drivers of hardware that no lab has. */
const MODULE_TREES = [
  ...['arch', 'block', 'crypto', 'lib', 'net/9p', 'net/core', 'net/packet', 'net/unix', 'net/sched'],
  ...['fs/9p', 'fs/autofs', 'fs/configfs', 'fs/ext4', 'fs/fat', 'fs/fscache', 'fs/fuse', 'fs/jbd2', 'fs/mbcache.ko', 'fs/netfs', 'fs/nls'],
  ...['drivers/block', 'drivers/char', 'drivers/firmware', 'drivers/hid', 'drivers/input', 'drivers/tty', 'drivers/usb', 'drivers/virtio'],
  ...['drivers/net/dummy.ko', 'drivers/net/net_failover.ko', 'drivers/net/virtio_net.ko', 'drivers/scsi'],
];
/** Host adapters: a third of the SCSI tree, for cards in servers. */
const LEFT_OUT = [
  'aacraid',
  'aic7xxx',
  'aic94xx',
  'be2iscsi',
  'bfa',
  'bnx2fc',
  'bnx2i',
  'csiostor',
  'cxgbi',
  'elx',
  'esas2r',
  'fnic',
  'isci',
];
const LEFT_OUT_MORE = [
  'lpfc',
  'megaraid',
  'mpi3mr',
  'mpt3sas',
  'mvsas',
  'pm8001',
  'qedf',
  'qedi',
  'qla2xxx',
  'qla4xxx',
  'smartpqi',
  'snic',
];

/** Takes the kernel out of its package, which lies in `packages`: `vmlinuz` and the modules into the tree. Returns the kernel's version. */
export async function installKernel(packages: string, tree: string, vmlinuz: string): Promise<string> {
  const [archive] = (await readdir(packages)).filter((name) => name.startsWith('linux-image-'));
  if (archive === undefined) throw new Error('the kernel package was not downloaded');
  const version = archive.replace(/^linux-image-/, '').replace(/_.*$/, '');
  const unpacked = join(packages, 'unpacked');
  await runTool('dpkg-deb', ['-x', join(packages, archive), unpacked]);
  await copyFile(join(unpacked, 'boot', `vmlinuz-${version}`), vmlinuz);

  const [from, to] = [join(unpacked, 'lib/modules', version), join(tree, 'lib/modules', version)];
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) if (name.startsWith('modules.')) await copyFile(join(from, name), join(to, name));
  for (const module of MODULE_TREES) {
    const target = join(to, 'kernel', module);
    await mkdir(dirname(target), { recursive: true });
    // A tree that this kernel has built in, or calls otherwise, is missed by whoever needs it, not here.
    await cp(join(from, 'kernel', module), target, { recursive: true }).catch(() => undefined);
  }
  for (const driver of [...LEFT_OUT, ...LEFT_OUT_MORE]) await rm(join(to, 'kernel/drivers/scsi', driver), { recursive: true, force: true });
  await runTool('chroot', [tree, 'depmod', version]);
  return version;
}
