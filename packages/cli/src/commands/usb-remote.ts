import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import { columns, localTime } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

interface ConnectOptions extends HostCommandOptions {
  readonly fingerprint?: string;
  readonly tokenStdin?: boolean;
}

/** Other hosts that this one is connected to, for their devices (`AC_usb_remote_…`, *USB browser*). */
export function usbRemoteCommand(context: CommandContext): Command {
  const { terminal } = context;
  const open = (options: HostCommandOptions) => openOwnHost(options, terminal.environment);
  const command = withHostChoice(newCommand('remote', 'other hosts whose USB devices this one uses', 'usher usb remote')).action(
    (options: HostCommandOptions) =>
      perform(context, options, async () => {
        const hosts = await (await open(options)).usb.remoteHosts();
        const rows = hosts.map(({ id, name, address, connected_unix }) => [id, name, address, localTime(connected_unix)]);
        return {
          json: { hosts },
          text: hosts.length === 0 ? 'No other host is connected.' : columns(['ID', 'HOST', 'ADDRESS', 'SINCE'], rows),
        };
      }),
  );
  command.addCommand(
    withHostChoice(
      newCommand(
        'connect',
        'connect to another host as its operator; without --fingerprint it only says which certificate is there',
        'usher usb remote connect 192.168.1.7 --fingerprint 4f:a1:… --token-stdin < token',
      ),
    )
      .argument('<address>', 'https://NAME:PORT/, or only the name')
      .option('--fingerprint <hex>', 'of the certificate that the other host shows, compared by you')
      .option('--token-stdin', 'read the other host’s bearer token from the first line of standard input')
      .action((address: string, options: ConnectOptions) =>
        perform(context, options, async () => {
          const { usb } = await open(options);
          const { fingerprint, tokenStdin } = options;
          if (fingerprint === undefined) {
            const shown = await usb.remoteCertificate(address);
            const hint = 'Compare it with the one that the other host prints, then give it with --fingerprint.';
            return { json: shown, text: `${shown.address} shows ${shown.fingerprint}\n${hint}` };
          }
          if (tokenStdin !== true) throw new CodedError('config.invalid', 'the token comes by standard input: --token-stdin');
          const [line = ''] = await terminal.readLines(1);
          const token = line.trim();
          if (!/^[0-9a-f]{64}$/.test(token)) throw new CodedError('config.invalid', 'standard input holds no token (64 hex digits)');
          const host = await usb.connectRemote({ address, fingerprint, token });
          return { json: host, text: `connected to ${host.name} (${host.id})` };
        }),
      ),
  );
  command.addCommand(
    withHostChoice(newCommand('disconnect', 'forget another host and its token', 'usher usb remote disconnect 5c1f0a93b7d2e648'))
      .argument('<id>', 'the id that `usher usb remote` shows')
      .action((id: string, options: HostCommandOptions) =>
        perform(context, options, async () => {
          await (await open(options)).usb.disconnectRemote(id);
          return { json: { disconnected: id }, text: 'disconnected' };
        }),
      ),
  );
  return command;
}
