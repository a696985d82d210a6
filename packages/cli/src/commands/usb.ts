import type { UsbAcl, UsbDeviceList } from '@usher/sdk/api';
import { CodedError, type UsbDeviceInfo } from '@usher/sdk/node';
import type { Command } from 'commander';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { type BorrowOptions, borrowing, isBorrowing, withBorrowing } from '../usb/borrowing.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';
import { usbClaimsCommand } from './usb-claims.ts';
import { DEVICE, usbDevice } from './usb-device.ts';
import { usbListenCommand } from './usb-listen.ts';
import { usbMatrixCommand } from './usb-matrix.ts';
import { usbDescriptorCommand, usbOpenCommand } from './usb-open.ts';
import { usbAnswerCommand, usbPromptsCommand } from './usb-prompts.ts';
import { usbRemoteCommand } from './usb-remote.ts';
import { usbStdioCommand } from './usb-stdio.ts';
import { usbUdevRuleCommand } from './usb-udev-rule.ts';
import { usbWatchCommand } from './usb-watch.ts';

export function usbCommand(context: CommandContext): Command {
  const open = (options: HostCommandOptions) => openOwnHost(options, context.terminal.environment);
  const command = newCommand('usb', 'the machine’s USB devices, and who may borrow them', 'usher usb list');
  command.addCommand(
    withBorrowing(
      withHostChoice(newCommand('list', 'the USB devices of this machine, or those that a host lends', 'usher usb list')),
    ).action((options: HostCommandOptions & BorrowOptions) =>
      perform(context, options, async () => {
        if (isBorrowing(options)) return lentAnswer(await borrowing(options, context.terminal, (client) => client.list()));
        const list = await (await open(options)).usbDevices();
        return { json: list, text: devicesText(list) };
      }),
    ),
  );
  command.addCommand(usbWatchCommand(context));
  for (const { name, allow, description } of [
    { name: 'allow', allow: true, description: 'let paired devices borrow a USB device' },
    { name: 'block', allow: false, description: 'keep a USB device from being borrowed' },
  ]) {
    command.addCommand(
      withHostChoice(newCommand(name, description, `usher usb ${name} 1050:0407`))
        .argument('<device>', DEVICE)
        .option('--label <text>', 'what the rule is called')
        .option('--prompt', 'ask the operator each time')
        .action((device: string, options: HostCommandOptions & { readonly label?: string; readonly prompt?: boolean }) =>
          perform(context, options, async () => {
            const label = options.label === undefined ? {} : { label: options.label };
            const rule = { ...usbDevice(device), allow, prompt_on_open: options.prompt === true, ...label };
            const added = await (await open(options)).setUsbRule(rule);
            return { json: added, text: `${device} may ${allow ? 'be borrowed' : 'not be borrowed'}` };
          }),
        ),
    );
  }
  command.addCommand(aclCommand(context, open));
  command.addCommand(usbPromptsCommand(context));
  command.addCommand(usbAnswerCommand(context));
  command.addCommand(usbClaimsCommand(context));
  command.addCommand(usbOpenCommand(context));
  command.addCommand(usbDescriptorCommand(context));
  command.addCommand(usbListenCommand(context));
  command.addCommand(usbRemoteCommand(context));
  command.addCommand(usbMatrixCommand(context));
  command.addCommand(usbUdevRuleCommand(context));
  command.addCommand(usbStdioCommand(context));
  return command;
}

function aclCommand(context: CommandContext, open: (options: HostCommandOptions) => ReturnType<typeof openOwnHost>): Command {
  const command = withHostChoice(
    newCommand('acl', 'the rules by which USB devices are lent; the first that fits decides', 'usher usb acl'),
  ).action((options: HostCommandOptions) =>
    perform(context, options, async () => {
      const acl = await (await open(options)).usbAcl();
      return { json: acl, text: aclText(acl) };
    }),
  );
  command.addCommand(
    withHostChoice(newCommand('remove', 'take a device’s rules away', 'usher usb acl remove 1050:0407'))
      .argument('<device>', DEVICE)
      .action((device: string, options: HostCommandOptions) =>
        perform(context, options, async () => {
          const removed = await (await open(options)).removeUsbRule(usbDevice(device));
          return { json: removed, text: `the rules of ${device} are gone` };
        }),
      ),
  );
  command.addCommand(
    withHostChoice(newCommand('default', 'what happens to devices that no rule names', 'usher usb acl default deny'))
      .argument('<policy>', 'allow or deny')
      .action((policy: string, options: HostCommandOptions) =>
        perform(context, options, async () => {
          if (policy !== 'allow' && policy !== 'deny') throw new CodedError('config.invalid', 'the default is allow or deny');
          const changed = await (await open(options)).setUsbDefault(policy);
          return { json: changed, text: `devices that no rule names: ${policy}` };
        }),
      ),
  );
  command.addCommand(
    withHostChoice(
      newCommand('sign', 'stand by the rules as their file has them now, after editing it by hand or restoring it', 'usher usb acl sign'),
    ).action((options: HostCommandOptions) =>
      perform(context, options, async () => {
        const signed = await (await open(options)).signUsbRules();
        return { json: signed, text: `signed, with ${signed.rules} rules; look at them: usher usb acl` };
      }),
    ),
  );
  return command;
}

function lentAnswer(devices: readonly UsbDeviceInfo[]): Answer {
  const rows = devices.map(({ vendorId, productId, serial, busLocation }) => [`${vendorId}:${productId}`, serial ?? '', busLocation ?? '']);
  return {
    json: {
      devices: devices.map(({ vendorId, productId, serial, busLocation }) => ({
        ...{ vendor_id: vendorId, product_id: productId, serial: serial ?? null, bus_location: busLocation ?? null },
      })),
    },
    text: rows.length === 0 ? 'This host lends no USB device.' : columns(['DEVICE', 'SERIAL', 'WHERE'], rows),
  };
}

function devicesText(list: UsbDeviceList): string {
  if (list.error !== null) return `The USB devices can't be listed: ${list.error}`;
  if (list.devices.length === 0) return `No USB device is plugged in (backend ${list.backend}).`;
  return columns(
    ['DEVICE', 'WHAT', 'SERIAL', 'WHERE', 'CAREFUL'],
    list.devices.map((device) => [
      `${device.vendor_id}:${device.product_id}`,
      [device.manufacturer, device.product].filter(Boolean).join(' '),
      device.serial ?? '',
      device.bus_location ?? '',
      device.risks.join(', '),
    ]),
  );
}

function aclText(acl: UsbAcl): string {
  const rules = columns(
    ['DEVICE', 'RULE', 'LABEL'],
    acl.rules.map((rule) => [
      [rule.vendor_id, rule.product_id, rule.serial ?? ''].filter((part) => part !== '').join(':'),
      rule.allow ? (rule.prompt_on_open ? 'ask' : 'allow') : 'block',
      rule.label,
    ]),
  );
  const state = acl.integrity_ok ? '' : untrustedText(acl);
  return `${acl.rules.length === 0 ? 'There are no rules.' : rules}\nDevices that no rule names: ${acl.default}${state}`;
}

function untrustedText({ problem, mend }: UsbAcl): string {
  const why = problem === undefined ? '' : `\n${problem}`;
  const remedy = mend ?? 'look at the file; if it says what you want: usher usb acl sign';
  return `\nThe rules are not believed, and everything is denied until that is mended.${why}\nmend: ${remedy}`;
}
