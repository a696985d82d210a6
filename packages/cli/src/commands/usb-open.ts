import { hostname } from 'node:os';
import type { UsbPlace } from '@usher/sdk/api';
import { CodedError, connect, type DescriptorTree, descriptorTree, fingerprint, openFileIdentity, readDescriptors } from '@usher/sdk/node';
import type { Command } from 'commander';
import { printable } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { treeText } from '../usb/tree-text.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';
import { DEVICE, usbDevice } from './usb-device.ts';

/** The viewer needs a picture's size to enter; the smallest costs the least. */
const SMALLEST = { width: 320, height: 200, refreshHz: 10 } as const;

interface OpenOptions extends HostCommandOptions {
  readonly from?: string;
  readonly key?: string;
  readonly pin?: string;
  readonly hostFingerprint?: string;
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
  return withHostChoice(command.argument('<device>', DEVICE))
    .option('--from <url>', 'the host that lends it; this program is one of its viewers then, by WebRTC')
    .option('--key <file>', 'with --from: this device’s identity, as for `usher connect`')
    .option('--pin <digits>', 'with --from: pair with the PIN that the host shows')
    .option('--host-fingerprint <hex>', 'with --from: the host’s fingerprint, compared by you')
    .option('--local', 'this machine’s own host')
    .option('--remote <id>', 'another host, through this one (`usher usb remote`)');
}

/** The device is held only while it is read. */
async function treeOf(device: string, options: OpenOptions, context: CommandContext): Promise<DescriptorTree> {
  const places = [options.from, options.local, options.remote].filter((place) => place !== undefined);
  if (places.length !== 1) throw new CodedError('config.invalid', 'say where: one of --from URL, --local, --remote ID');
  return options.from === undefined ? treeByApi(device, options, context) : treeByWebRtc(device, options.from, options, context);
}

async function treeByApi(device: string, options: OpenOptions, { terminal }: CommandContext): Promise<DescriptorTree> {
  const place: UsbPlace = options.remote === undefined ? { kind: 'loopback' } : { kind: 'remote', host: options.remote };
  const { usb } = await openOwnHost(options, terminal.environment);
  const opened = await usb.open(place, usbDevice(device));
  try {
    return await opened.descriptors();
  } finally {
    await opened.close();
  }
}

async function treeByWebRtc(device: string, url: string, options: OpenOptions, { terminal }: CommandContext): Promise<DescriptorTree> {
  const { key, pin, hostFingerprint } = options;
  if (key === undefined) throw new CodedError('config.invalid', '--from takes --key FILE: the identity that the host knows');
  const { vendor_id: vendorId, product_id: productId, serial } = usbDevice(device);
  await using session = await connect({
    url,
    identity: await openFileIdentity(key),
    deviceName: `usher usb on ${hostname()}`,
    mode: SMALLEST,
    signal: terminal.signal,
    ...(pin === undefined ? {} : { pin }),
    ...(hostFingerprint === undefined ? {} : { hostFingerprint: fingerprint(hostFingerprint) }),
    onKnock: (seconds) => terminal.err(`This device isn’t paired; the operator has ${Math.ceil(seconds / 60)} minutes to approve it.`),
  });
  const client = await session.usb();
  const claim = await client.open({ vendorId, productId, serial });
  try {
    return descriptorTree(await readDescriptors(claim));
  } finally {
    await claim.close();
  }
}
