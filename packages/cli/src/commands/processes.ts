import { type Command, Option } from 'commander';
import { tellFailure } from '../answer.ts';
import { entryOf, type ProcessName } from '../processes/entry.ts';
import { runInPlace } from '../processes/run.ts';
import { type CommandContext, newCommand, type Output } from './command.ts';

/** What the operator chooses for a host; also variables `USHER_…` and keys of `config.json` (the host's README). */
export interface HostOptions extends Output {
  readonly home?: string;
  readonly port?: string;
  readonly bind?: string;
  readonly udpPorts?: string;
  readonly display?: string;
  readonly usbPassthrough?: boolean;
  readonly usbBackend?: string;
  readonly usbKey?: string;
  readonly usbRequireSignature?: boolean;
  /** Commander's reading of `--no-mdns`. */
  readonly mdns?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export function withHostOptions(command: Command): Command {
  return command
    .option('--home <directory>', 'the state directory (USHER_HOME, else ~/.config/usher)')
    .option('--port <number>', 'the port of page, API and signalling (9939)')
    .option('--bind <address>', 'the address that it is reached at (all of them)')
    .option('--udp-ports <range>', 'UDP ports for the viewers’ connections, such as 50000-50100 (any)')
    .option('--display <display>', '"virtual", or an X display such as ":0" (virtual)')
    .option('--usb-passthrough', 'lend USB devices, as the rules say (off)')
    .addOption(new Option('--usb-backend <backend>', 'where the USB devices come from (auto)').choices(['auto', 'libusb', 'sim']))
    .option('--usb-key <place>', 'where the key of the USB rules is: file, file:/PATH, env or keychain (file)')
    .option('--usb-require-signature', 'take no USB rules that nobody signed (off)')
    .option('--no-mdns', 'don’t tell the local network that there is a host')
    .option('--tls-cert <file>', 'another certificate for HTTPS, PEM')
    .option('--tls-key <file>', 'its key, PEM');
}

/** The options as the host's own flags. */
export function hostArguments(options: HostOptions): readonly string[] {
  const { home, port, bind, udpPorts, display, usbBackend, usbKey, tlsCert, tlsKey } = options;
  const usb = { 'usb-backend': usbBackend, 'usb-key': usbKey };
  const valued = { home, port, bind, 'udp-ports': udpPorts, display, ...usb, 'tls-cert': tlsCert, 'tls-key': tlsKey };
  const flags = Object.entries(valued).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const switches = {
    'usb-passthrough': options.usbPassthrough === true,
    'usb-require-signature': options.usbRequireSignature === true,
    'no-mdns': options.mdns === false,
  };
  return [...flags, ...Object.entries(switches).flatMap(([name, on]) => (on ? [`--${name}`] : []))];
}

export function hostCommand(context: CommandContext): Command {
  return withHostOptions(
    newCommand('host', 'the host alone, in this terminal; its ready line is JSON in any case', 'usher host --port 9939'),
  ).action((options: HostOptions) => inPlace(context, 'host', hostArguments(options)));
}

/** The host starts these itself; they are commands so that a person can look at one. Their standard output is a binary link. */
export function workerCommand(context: CommandContext): Command {
  return newCommand('worker', 'one desktop, over standard input and output; the host starts it', 'usher worker </dev/null').action(() =>
    inPlace(context, 'worker', []),
  );
}

export function usbAgentCommand(context: CommandContext): Command {
  return newCommand(
    'usb-agent',
    'the keeper of the USB devices, over standard input and output; the host starts it',
    'usher usb-agent --backend sim </dev/null',
  )
    .option('--home <directory>', 'the state directory (USHER_HOME, else ~/.config/usher)')
    .addOption(new Option('--backend <backend>', 'where the USB devices come from').choices(['auto', 'libusb', 'sim']).default('auto'))
    .action(({ home, backend }: { readonly home?: string; readonly backend: string }) =>
      inPlace(context, 'usb-agent', [...(home === undefined ? [] : ['--home', home]), '--backend', backend]),
    );
}

async function inPlace(context: CommandContext, name: ProcessName, args: readonly string[]): Promise<void> {
  try {
    context.outcome.exitCode = await runInPlace(entryOf(context.packages, name), args);
  } catch (error) {
    context.outcome.exitCode = tellFailure(context.terminal, false, error);
  }
}
