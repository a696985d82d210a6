import type { UsbPlace } from '@usher/sdk/api';
import { CodedError, type DescriptorTree, descriptorTree, readDescriptors } from '@usher/sdk/node';
import type { Command } from 'commander';
import { printable } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { type BorrowOptions, borrowing, isBorrowing, withBorrowing } from '../usb/borrowing.ts';
import { requestOf, type SettingOptions, settingOf, withSetting } from '../usb/setting.ts';
import { treeText } from '../usb/tree-text.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';
import { DEVICE, usbDevice } from './usb-device.ts';

interface OpenOptions extends HostCommandOptions, BorrowOptions, SettingOptions {
  readonly local?: boolean;
  readonly remote?: string;
}

/** Whether a device can be opened from here, and who it says it is. */
export function usbOpenCommand(context: CommandContext): Command {
  return withPlace(
    newCommand(
      'open',
      'open a USB device, ask it who it is, and give it back: whether lending works',
      'usher usb open 1050:0407 --from https://192.168.1.5:9939/ --key me.json',
    ),
  ).action((device: string, options: OpenOptions) =>
    perform(context, options, async () => {
      const { device: opened } = await treeOf(device, options, context);
      const name = [opened.manufacturer, opened.product].filter((part) => part !== undefined).join(' ');
      const text = `${opened.vendorId}:${opened.productId} ${name === '' ? opened.className : name} (USB ${opened.usbVersion})`;
      return { json: { ok: true, device: opened }, text: printable(text) };
    }),
  );
}

export function usbDescriptorCommand(context: CommandContext): Command {
  return withPlace(
    newCommand('descriptor', 'everything that a USB device says of itself, as a tree', 'usher usb descriptor 1050:0407 --local'),
  ).action((device: string, options: OpenOptions) =>
    perform(context, options, async () => {
      const tree = await treeOf(device, options, context);
      return { json: tree, text: treeText(tree) };
    }),
  );
}

function withPlace(command: Command): Command {
  return withSetting(withBorrowing(withHostChoice(command.argument('<device>', DEVICE))))
    .option('--local', 'this machine’s own host')
    .option('--remote <id>', 'another host, through this one (`usher usb remote`)');
}

/** The device is held only while it is set and read. */
async function treeOf(device: string, options: OpenOptions, context: CommandContext): Promise<DescriptorTree> {
  const { from, through, local, remote } = options;
  const places = [from, through, local, remote].filter((place) => place !== undefined);
  if (places.length !== 1) throw new CodedError('config.invalid', 'say where: one of --from URL, --through COMMAND, --local, --remote ID');
  return isBorrowing(options) ? treeAsViewer(device, options, context) : treeByApi(device, options, context);
}

async function treeByApi(device: string, options: OpenOptions, { terminal }: CommandContext): Promise<DescriptorTree> {
  const place: UsbPlace = options.remote === undefined ? { kind: 'loopback' } : { kind: 'remote', host: options.remote };
  const setting = settingOf(options);
  const { usb } = await openOwnHost(options, terminal.environment);
  const opened = await usb.open(place, usbDevice(device));
  try {
    for (const change of setting) await opened.control(requestOf(change));
    return await opened.descriptors();
  } finally {
    await opened.close();
  }
}

async function treeAsViewer(device: string, options: OpenOptions, { terminal }: CommandContext): Promise<DescriptorTree> {
  const { vendor_id: vendorId, product_id: productId, serial } = usbDevice(device);
  const setting = settingOf(options);
  return borrowing(options, terminal, async (client) => {
    const claim = await client.open({ vendorId, productId, serial });
    try {
      for (const change of setting) await claim.configure(change);
      return descriptorTree(await readDescriptors(claim));
    } finally {
      await claim.close();
    }
  });
}
