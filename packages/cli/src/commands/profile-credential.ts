import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import { printable } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { profileNamed } from './chosen-profile.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

interface CredentialOptions extends HostCommandOptions {
  readonly accountName?: string;
  readonly wrapped?: boolean;
  readonly clear?: boolean;
}

/** The Windows password of a profile's account (requirement P10.1); a host on another system says that it keeps none. */
export function credentialCommand(context: CommandContext): Command {
  return withHostChoice(
    newCommand(
      'windows-credential',
      'have a host on Windows keep the password of a profile’s account, from the first line of standard input',
      "usher profiles windows-credential Kids --account-name '.\\kid' < password.txt",
    ),
  )
    .option('--account-name <name>', 'DOMAIN\\user, or .\\user of the machine itself')
    .option('--wrapped', 'the second line of standard input is the profile’s passcode, without which the host can’t read the password')
    .option('--clear', 'forget the password; nothing is read')
    .argument('<profile>', 'the profile’s id, or its name')
    .action((wanted: string, options: CredentialOptions) =>
      perform(context, options, async () => {
        const credential = options.clear === true ? null : await readCredential(context, options);
        const api = await openOwnHost(options, context.terminal.environment);
        const profile = await profileNamed(api, wanted);
        await api.setWindowsCredential(profile.id, credential);
        const text = credential === null ? 'has no Windows password any more' : 'has a Windows password';
        return { json: { profile: profile.id, has_credential: credential !== null }, text: `${printable(profile.display_name)} ${text}` };
      }),
    );
}

/** Never an argument: every process of the machine could read it there. */
async function readCredential({ terminal }: CommandContext, { accountName, wrapped = false }: CredentialOptions) {
  if (accountName === undefined) throw new CodedError('config.invalid', 'whose password? --account-name names the account');
  const [password = '', passcode = ''] = await terminal.readLines(wrapped ? 2 : 1);
  if (password === '' || (wrapped && passcode === '')) {
    throw new CodedError('config.invalid', 'standard input held no password, or with --wrapped no passcode; --clear takes a password away');
  }
  return { account_name: accountName, password, ...(wrapped ? { passcode } : {}) };
}
