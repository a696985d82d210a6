import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { ImageFile } from './image/build-image.ts';
import { PROBE_WORD } from './image/initramfs.ts';

export type Accelerator = 'kvm' | 'tcg';

/** A kernel that boots does so in two seconds; one that hangs in its first instructions hangs for ever. */
const PROBE_MS = 12_000;

/**
 * Whether this machine's KVM runs an ordinary kernel. Found out by booting one: a host inside another virtual machine may have a /dev/kvm
 * that can't (lab §1).
 */
export async function chooseAccelerator(image: string): Promise<Accelerator> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  return (await bootsWithKvm(image)) ? 'kvm' : 'tcg';
}

function bootsWithKvm(image: string): Promise<boolean> {
  const child = spawn(
    'setpriv',
    [
      ...[
        '--pdeathsig=KILL',
        'qemu-system-x86_64',
        '-M',
        'q35',
        '-accel',
        'kvm',
        '-cpu',
        'host',
        '-m',
        '256',
        '-nodefaults',
        '-no-user-config',
      ],
      ...[
        '-display',
        'none',
        '-serial',
        'stdio',
        '-no-reboot',
        '-kernel',
        join(image, ImageFile.Kernel),
        '-initrd',
        join(image, ImageFile.Initramfs),
      ],
      ...['-append', 'console=ttyS0 quiet panic=-1 labprobe'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: PROBE_MS, killSignal: 'SIGKILL' },
  );
  return new Promise((resolve) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('error', () => resolve(false));
    child.once('close', () => resolve(said.includes(PROBE_WORD)));
  });
}
