import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runTool } from './run-tool.ts';

/** What the first two seconds need: the disk and its file system, and what has to be there before the state is saved. */
const EARLY_MODULES = ['virtio_pci', 'virtio_blk', 'ext4', '9pnet_virtio', '9p', 'virtio_console'];

/** Printed by a kernel that was only booted to see whether it boots. */
export const PROBE_WORD = 'LAB-PROBE-OK';

const INIT = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev; $b mount -t proc proc /proc; $b mount -t sysfs sys /sys
case " $($b cat /proc/cmdline) " in *" labprobe "*) echo ${PROBE_WORD}; $b poweroff -f;; esac
for m in /modules/*; do $b insmod $m 2>/dev/null; done
i=0; while [ ! -b /dev/vda ] && [ $i -lt 200 ]; do $b usleep 20000; i=$((i+1)); done
$b mount -t ext4 -o rw,noatime /dev/vda /newroot || exec $b sh
$b mount --move /dev /newroot/dev; $b umount /proc /sys
exec $b switch_root /newroot /sbin/init
`;

/** A first root file system of two megabytes: busybox, a handful of modules, and thirty lines of shell. */
export async function writeInitramfs(tree: string, kernelVersion: string, work: string, output: string): Promise<void> {
  for (const name of ['bin', 'dev', 'proc', 'sys', 'newroot', 'modules']) await mkdir(join(work, name), { recursive: true });
  await copyFile('/bin/busybox', join(work, 'bin/busybox'));
  const paths = new Set<string>();
  for (const module of EARLY_MODULES) {
    const needed = await runTool('chroot', [tree, 'modprobe', '-S', kernelVersion, '--show-depends', module]);
    for (const [, path] of needed.matchAll(/^insmod (\S+)/gm)) if (path !== undefined) paths.add(path);
  }
  for (const [index, path] of [...paths].entries()) {
    await copyFile(join(tree, path), join(work, 'modules', `${String(index).padStart(2, '0')}-${basename(path)}`));
  }
  await writeFile(join(work, 'init'), INIT);
  await chmod(join(work, 'init'), 0o755);
  const files = ['.', ...(await readdir(work, { recursive: true }))].join('\n');
  await runTool('sh', ['-c', 'cpio -o -H newc --quiet | gzip -1 > "$0"', output], { cwd: work, input: `${files}\n` });
}
