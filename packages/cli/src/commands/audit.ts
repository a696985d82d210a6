import type { AuditEntry } from '@usher/sdk/api';
import { type Command, InvalidArgumentError } from 'commander';
import { columns, localTime } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { verifyCommand } from './audit-verify.ts';
import { profileNamed } from './chosen-profile.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

interface ShowOptions extends HostCommandOptions {
  readonly limit: number;
  readonly event?: string;
  readonly by?: string;
  readonly profile?: string;
}

/** The record of what was decided (requirement A1). */
export function auditCommand(context: CommandContext): Command {
  const open = (options: HostCommandOptions) => openOwnHost(options, context.terminal.environment);
  const command = newCommand('audit', 'the record of what was decided', 'usher audit verify');
  command.addCommand(
    withHostChoice(newCommand('show', 'what was decided last', 'usher audit show --limit 20 --event profile.created'))
      .option('--limit <number>', 'how many entries, up to 1000', readLimit, 50)
      .option('--event <name>', 'only this event, or those of an area: profile.created, profile')
      .option('--by <who>', 'only what operator, host, device or device:FINGERPRINT did')
      .option('--profile <profile>', 'only what concerns this profile (its id, its name, or "operator")')
      .action((options: ShowOptions) =>
        perform(context, options, async () => {
          const { limit, event, by, profile } = options;
          const api = await open(options);
          const entries = await api.audit({
            limit,
            ...(event === undefined ? {} : { event }),
            ...(by === undefined ? {} : { principal: by }),
            ...(profile === undefined ? {} : { profile: profile === 'operator' ? profile : (await profileNamed(api, profile)).id }),
          });
          return { json: { entries }, text: entriesText(entries) };
        }),
      ),
  );
  command.addCommand(verifyCommand(context));
  return command;
}

function entriesText(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'Nothing is recorded.';
  return columns(
    ['SEQ', 'TIME', 'EVENT', 'BY', 'PROFILE', ''],
    entries.map((entry) => [
      String(entry.seq),
      localTime(entry.unix),
      entry.event,
      entry.principal.replace(/^(device:[0-9a-f]{8})[0-9a-f]+$/, '$1'),
      entry.profile ?? '',
      Object.entries(entry.fields ?? {})
        .map(([name, value]) => `${name}=${String(value)}`)
        .join(' '),
    ]),
  );
}

function readLimit(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 1000) throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
  return value;
}
