import type { Command } from 'commander';
import { type CommandContext, newCommand, type Output, perform } from './command.ts';
import { usbDevice } from './usb-device.ts';

export function usbUdevRuleCommand(context: CommandContext): Command {
  return newCommand(
    'udev-rule',
    'the rule that lets whoever sits at this machine open a USB device (Linux)',
    'usher usb udev-rule 1050:0407 | sudo tee /etc/udev/rules.d/70-usher-1050-0407.rules',
  )
    .argument('<device>', 'VID:PID; ids are four hex digits')
    .action((device: string, options: Output) =>
      perform(context, options, () => {
        const rule = udevRule(device);
        context.terminal.err('Then: sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb');
        return Promise.resolve({ json: { rule }, text: rule });
      }),
    );
}

/**
 * `uaccess` gives the device to the person at the machine; `plugdev` also to a host that runs without one. The file's number must be
 * below 73, where systemd gives `uaccess` its meaning.
 */
function udevRule(device: string): string {
  const { vendor_id: vendor, product_id: product } = usbDevice(device);
  return `SUBSYSTEM=="usb", ATTR{idVendor}=="${vendor}", ATTR{idProduct}=="${product}", MODE="0660", GROUP="plugdev", TAG+="uaccess"`;
}
