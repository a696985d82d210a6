import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import { type BorrowOptions, borrowing, withBorrowing } from '../usb/borrowing.ts';
import { type SettingOptions, settingOf, withSetting } from '../usb/setting.ts';
import { type CommandContext, newCommand, type Output, perform } from './command.ts';
import { DEVICE, usbDevice } from './usb-device.ts';

/** Most bytes of one read: what a host pushes at a time (rule U20). */
const READ_MAX = 65_536;

interface ListenOptions extends Output, BorrowOptions, SettingOptions {
  readonly length: string;
  readonly count?: string;
}

/** What an endpoint says, all the time: a keyboard's reports, a meter's readings, a board's output. */
export function usbListenCommand(context: CommandContext): Command {
  return withSetting(
    withBorrowing(
      newCommand(
        'listen',
        'have a host read an endpoint of a USB device all the time, and print what comes, until Ctrl-C; with --json one object a line',
        'usher usb listen 1209:0001 0x83 --from https://192.168.1.5:9939/ --key me.json',
      )
        .argument('<device>', DEVICE)
        .argument('<endpoint>', 'the address of an interrupt or bulk IN endpoint, such as 0x81'),
    ),
  )
    .option('--length <bytes>', 'the most that one read brings', '64')
    .option('--count <number>', 'end after so many')
    .action((device: string, endpoint: string, options: ListenOptions) =>
      perform(context, options, async () => {
        const { json = false } = options;
        const { vendor_id: vendorId, product_id: productId, serial } = usbDevice(device);
        const reading = { endpoint: number(endpoint, 0x81, 0x8f), length: number(options.length, 1, READ_MAX) };
        const most = options.count === undefined ? Number.POSITIVE_INFINITY : number(options.count, 1, Number.MAX_SAFE_INTEGER);
        const changes = settingOf(options);
        const { terminal } = context;
        return borrowing(options, terminal, async (client, lost) => {
          const claim = await client.open({ vendorId, productId, serial });
          let heard = 0;
          try {
            for (const change of changes) await claim.configure(change);
            const reports = await claim.subscribe({ ...reading, signal: terminal.signal });
            for await (const report of reports) {
              heard += 1;
              const hex = Buffer.from(report).toString('hex');
              terminal.out(json ? JSON.stringify({ data: hex }) : hex);
              if (heard >= most) break;
            }
          } catch (error) {
            if (!terminal.signal.aborted || lost.aborted) throw error; // otherwise somebody has heard enough
          } finally {
            await claim.close();
          }
          return { json: { reports: heard }, text: undefined };
        });
      }),
    );
}

/** A number as people write endpoints and lengths: decimal, or hexadecimal with 0x. */
function number(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(text) || value < least || value > most) {
    throw new CodedError('config.invalid', `${text} is no number from ${least} to ${most}`);
  }
  return value;
}
