import { writeFile } from 'node:fs/promises';
import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import { printable } from '../columns.ts';
import { ExitCode } from '../exit-codes.ts';
import { type BorrowOptions, borrowing, withBorrowing } from '../usb/borrowing.ts';
import { kernelDrivers } from '../usb/kernel-drivers.ts';
import { matrixText, runMatrix } from '../usb/matrix.ts';
import { type CommandContext, newCommand, type Output, perform } from './command.ts';
import { DEVICE, usbDevice } from './usb-device.ts';

interface MatrixOptions extends Output, BorrowOptions {
  readonly unplug?: boolean;
  readonly report?: string;
}

/** The hardware test matrix (U7.3): what nobody can know who hasn't plugged the device in. */
export function usbMatrixCommand(context: CommandContext): Command {
  return withBorrowing(
    newCommand(
      'matrix',
      'try everything on a USB device that is plugged in, and write a report',
      'usher usb matrix 0403:6001 --through "usher usb stdio" --report ftdi.md',
    ).argument('<device>', DEVICE),
  )
    .option('--unplug', 'also ask for the cable to be pulled')
    .option('--report <file>', 'write the report there, as Markdown')
    .action((device: string, options: MatrixOptions) =>
      perform(context, options, async () => {
        const { terminal } = context;
        const { vendor_id: vendorId, product_id: productId, serial } = usbDevice(device);
        const unit = { vendorId, productId, serial };
        const askToPull = options.unplug === true ? () => terminal.err(`Pull the cable of ${device} now.`) : undefined;
        const drivers = () => kernelDrivers(vendorId, productId, serial);
        const rows = await borrowing(options, terminal, (client) => runMatrix(client, unit, { drivers, askToPull }));
        const text = matrixText(unit, rows).split('\n').map(printable).join('\n');
        if (options.report !== undefined) await written(options.report, `${text}\n`);
        const ok = rows.every(({ outcome }) => outcome !== 'failed');
        return { json: { ok, rows }, text, ...(ok ? {} : { exitCode: ExitCode.Failed }) };
      }),
    );
}

async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new CodedError('store.write-failed', `${path} can't be written`, { cause });
  }
}
