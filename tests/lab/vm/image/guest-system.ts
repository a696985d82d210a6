import { chmod, copyFile, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** The ordinary user of the guest: no rights but those of the group that udev rules name. */
export const GUEST_USER = 'visitor';

/** Services that a machine without screen, network, clock or second boot doesn't need; each costs a part of a second under emulation. */
const MASKED = [
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'e2scrub_all.timer', 'fstrim.timer'],
  ...['console-getty.service', 'getty.target', 'getty-static.service', 'getty@tty1.service', 'serial-getty@ttyS0.service'],
  ...['e2scrub_reap.service', 'ldconfig.service', 'modprobe@drm.service', 'systemd-binfmt.service', 'systemd-boot-system-token.service'],
  ...[
    'systemd-firstboot.service',
    'systemd-hwdb-update.service',
    'systemd-journal-catalog-update.service',
    'systemd-journal-flush.service',
  ],
  ...['systemd-pcrphase.service', 'systemd-pcrphase-sysinit.service', 'systemd-pstore.service', 'systemd-sysext.service'],
  ...['systemd-timesyncd.service', 'systemd-update-utmp.service', 'systemd-update-utmp-runlevel.service'],
];

const AGENT_UNIT = `[Unit]
Description=runs what the lab asks for
DefaultDependencies=no
Requires=dbus.socket
After=sysinit.target dbus.socket systemd-logind.service
Wants=systemd-logind.service
[Service]
ExecStart=/usr/bin/node /usr/local/lib/lab-agent.mjs
StandardOutput=journal+console
StandardError=journal+console
Restart=always
RestartSec=1
KillMode=process
OOMScoreAdjust=-900
`;

/** Turns a fresh Debian tree into the lab's guest: this machine's Node, an ordinary user, and the agent that the lab talks to. */
export async function configureGuest(tree: string, agent: string): Promise<void> {
  const at = (path: string) => join(tree, path);
  await copyFile(process.execPath, at('usr/bin/node'));
  await chmod(at('usr/bin/node'), 0o755);
  await runTool('chroot', [tree, 'node', '--version']); // a Node with libraries of its own would say now what it misses
  await runTool('chroot', [tree, 'useradd', '--create-home', '--groups', 'plugdev', '--shell', '/bin/sh', GUEST_USER]);

  await writeFile(at('etc/hostname'), 'lab\n');
  await writeFile(at('etc/hosts'), '127.0.0.1 localhost lab\n::1 localhost\n');
  await writeFile(at('etc/machine-id'), '');
  await writeFile(at('etc/fstab'), '/dev/vda / ext4 rw,noatime 0 0\n');
  await writeFile(at('etc/modules-load.d/lab.conf'), '9pnet_virtio\n');
  for (const directory of ['etc/systemd/journald.conf.d', 'etc/systemd/system.conf.d', 'project'])
    await mkdir(at(directory), { recursive: true });
  await writeFile(at('etc/systemd/journald.conf.d/lab.conf'), '[Journal]\nStorage=volatile\nAudit=no\n');
  const patience = ['DefaultTimeoutStopSec=5s', 'DefaultTimeoutStartSec=240s', 'DefaultDeviceTimeoutSec=240s', 'ShowStatus=no'];
  await writeFile(at('etc/systemd/system.conf.d/lab.conf'), `[Manager]\n${patience.join('\n')}\n`);

  const units = at('etc/systemd/system');
  for (const wanted of ['getty.target.wants', 'timers.target.wants']) await rm(join(units, wanted), { recursive: true, force: true });
  for (const unit of MASKED) await link('/dev/null', join(units, unit));
  await link('/lib/systemd/system/multi-user.target', join(units, 'default.target'));
  await writeFile(at('usr/local/lib/lab-agent.mjs'), agent);
  await writeFile(join(units, 'lab-agent.service'), AGENT_UNIT);
  await mkdir(join(units, 'multi-user.target.wants'), { recursive: true });
  await link('/etc/systemd/system/lab-agent.service', join(units, 'multi-user.target.wants/lab-agent.service'));
  for (const unneeded of ['var/cache/apt', 'var/lib/apt/lists']) {
    for (const name of await readdir(at(unneeded))) await rm(join(at(unneeded), name), { recursive: true, force: true });
  }
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}
