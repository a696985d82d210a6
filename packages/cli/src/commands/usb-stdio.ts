import { type Command, Option } from 'commander';
import { tellFailure } from '../answer.ts';
import { entryOf } from '../processes/entry.ts';
import { runInPlace } from '../processes/run.ts';
import { type CommandContext, newCommand } from './command.ts';

interface StdioOptions {
  readonly home?: string;
  readonly backend: string;
  readonly acl?: string;
  readonly key?: string;
  readonly requireSignature?: boolean;
}

/** The host's side of the USB protocol for a program at the other end of standard input and output, through ssh too (design §5). */
export function usbStdioCommand(context: CommandContext): Command {
  return newCommand(
    'stdio',
    'lend USB devices over standard input and output, each frame after its length (u32, big-endian), as the rules say',
    'usher usb stdio --backend sim --acl rules.json',
  )
    .option('--home <directory>', 'the state directory (USHER_HOME, else ~/.config/usher)')
    .addOption(new Option('--backend <backend>', 'where the USB devices come from').choices(['auto', 'libusb', 'sim']).default('auto'))
    .option('--acl <file>', 'the rules (usb_acl.json of the state directory); one that is missing or changed lends nothing')
    .option(
      '--key <place>',
      'where the key of the rules is: file, file:/PATH, env (USHER_USB_ACL_KEY) or keychain (USHER_USB_KEY, else file)',
    )
    .option('--require-signature', 'take no rules that nobody signed')
    .action(async ({ home, backend, acl, key, requireSignature }: StdioOptions) => {
      const named = Object.entries({ home, backend, acl, key }).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}`, value],
      );
      try {
        context.outcome.exitCode = await runInPlace(entryOf(context.packages, 'usb-agent'), [
          'stdio',
          ...named,
          ...(requireSignature === true ? ['--require-signature'] : []),
        ]);
      } catch (error) {
        context.outcome.exitCode = tellFailure(context.terminal, false, error);
      }
    });
}
