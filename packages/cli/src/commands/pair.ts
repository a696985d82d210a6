import type { Command } from 'commander';
import { openOwnHost } from '../own-host.ts';
import { armedText, isoTime } from '../up/armed-pin.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

export function pairCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('pair', 'arm a PIN: it pairs one device, within two minutes', 'usher pair')).action(
    (options: HostCommandOptions) =>
      perform(context, options, async () => {
        const api = await openOwnHost(options, context.terminal.environment);
        const { pin, expires_unix } = await api.armPairing();
        return { json: { pin, expiresAt: isoTime(expires_unix) }, text: armedText(pin, expires_unix) };
      }),
  );
}
