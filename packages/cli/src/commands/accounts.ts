import type { OsAccountCandidate } from '@usher/sdk/api';
import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

export function accountsCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('accounts', 'people’s accounts of the host, for profiles', 'usher accounts')).action(
    (options: HostCommandOptions) =>
      perform(context, options, async () => {
        const accounts = await (await openOwnHost(options, context.terminal.environment)).osAccounts();
        return { json: { accounts }, text: accountsText(accounts) };
      }),
  );
}

function accountsText(accounts: readonly OsAccountCandidate[]): string {
  return columns(
    ['ACCOUNT', 'UID', 'NAME', ''],
    accounts.map((account) => [account.username, String(account.uid ?? account.sid ?? ''), account.full_name ?? '', notesOf(account)]),
  );
}

/** `eligible` is absent while no broker answers: then nobody knows. */
function notesOf({ is_operator, in_use, eligible, remedy }: OsAccountCandidate): string {
  const notes = [
    is_operator ? 'operator' : '',
    in_use ? 'has a profile' : '',
    eligible === false ? `may not be opened${remedy === undefined ? '' : `: ${remedy}`}` : '',
  ];
  return notes.filter((word) => word !== '').join(', ');
}
