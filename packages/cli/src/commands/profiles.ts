import type { HostApi, OsAccount, ProfileAdmin } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import type { Answer } from '../answer.ts';
import { columns, printable } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import type { Terminal } from '../terminal.ts';
import { profileNamed } from './chosen-profile.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';
import { chosen } from './devices.ts';
import { credentialCommand } from './profile-credential.ts';
import { asInput, inputOf, type ProfileOptions, withProfileOptions } from './profile-options.ts';

const WHICH = 'the profile’s id, or its name';

/** Whose desktops there are on the host (requirements P1, P8). */
export function profilesCommand(context: CommandContext): Command {
  const command = withHostChoice(newCommand('profiles', 'whose desktops there are', 'usher profiles')).action(
    (options: HostCommandOptions) => perform(context, options, async () => listing(await open(context, options))),
  );
  for (const part of PARTS) command.addCommand(part(context));
  return command;
}

const PARTS = [
  ...[createCommand, updateCommand, removeCommand, passcodeCommand],
  ...[credentialCommand, assignCommand, unassignCommand, defaultCommand],
];

function open({ terminal }: CommandContext, options: HostCommandOptions): Promise<HostApi> {
  return openOwnHost(options, terminal.environment);
}

async function listing(api: HostApi): Promise<Answer> {
  const profiles = await api.profiles();
  return { json: { profiles }, text: profilesText(profiles) };
}

function profilesText(profiles: readonly ProfileAdmin[]): string {
  if (profiles.length === 0) return 'There are no profiles: every paired device comes to the operator’s desktop.';
  return columns(
    ['PROFILE', 'NAME', 'ACCOUNT', 'PASSCODE', 'DEVICES', ''],
    profiles.map((profile) => [
      profile.id,
      profile.display_name,
      accountText(profile.os_account),
      profile.has_passcode ? (profile.require_passcode_even_when_assigned ? 'always' : 'yes') : '',
      String(profile.assigned_fingerprints.length),
      profile.is_default ? 'default' : '',
    ]),
  );
}

function accountText(account: OsAccount): string {
  switch (account.kind) {
    case 'operator':
      return 'operator';
    case 'linux':
      return account.username;
    case 'windows':
      return account.account_name;
  }
}

function createCommand(context: CommandContext): Command {
  return withProfileOptions(withHostChoice(newCommand('create', 'make a profile', 'usher profiles create Kids --account kid')))
    .argument('<name>', 'what people see')
    .action((name: string, options: ProfileOptions) =>
      perform(context, options, async () => {
        if (options.account === undefined)
          throw new CodedError('config.invalid', 'whose desktop? --account names an account, or "operator"');
        const api = await open(context, options);
        const profile = await api.createProfile(await inputOf(api, options, { display_name: name, os_account: { kind: 'operator' } }));
        return { json: { profile }, text: `${printable(profile.display_name)} is profile ${profile.id}` };
      }),
    );
}

function updateCommand(context: CommandContext): Command {
  return withProfileOptions(
    withHostChoice(newCommand('update', 'change what a profile says', 'usher profiles update Kids --max-size 1280x720')),
  )
    .option('--name <name>', 'what people see')
    .argument('<profile>', WHICH)
    .action((wanted: string, options: ProfileOptions & { readonly name?: string }) =>
      perform(context, options, async () => {
        const api = await open(context, options);
        const before = await profileNamed(api, wanted);
        const input = { ...asInput(before), ...(options.name === undefined ? {} : { display_name: options.name }) };
        const profile = await api.updateProfile(before.id, await inputOf(api, options, input), before.revision);
        return { json: { profile }, text: `${printable(profile.display_name)} is changed` };
      }),
    );
}

function removeCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('remove', 'remove a profile, with its passcode and its devices', 'usher profiles remove Kids'))
    .option('--end-sessions', 'end the sessions of those who are in; without it that is a reason not to')
    .argument('<profile>', WHICH)
    .action((wanted: string, options: HostCommandOptions & { readonly endSessions?: boolean }) =>
      perform(context, options, async () => {
        const api = await open(context, options);
        const profile = await profileNamed(api, wanted);
        await api.removeProfile(profile.id, options.endSessions === true ? 'end' : 'refuse');
        return { json: { removed: profile.id }, text: `${printable(profile.display_name)} is removed` };
      }),
    );
}

function passcodeCommand(context: CommandContext): Command {
  return withHostChoice(
    newCommand('passcode', 'set a passcode, from the first line of standard input', 'usher profiles passcode Kids < passcode.txt'),
  )
    .option('--clear', 'have none any more; nothing is read')
    .argument('<profile>', WHICH)
    .action((wanted: string, options: HostCommandOptions & { readonly clear?: boolean }) =>
      perform(context, options, async () => {
        const api = await open(context, options);
        const profile = await profileNamed(api, wanted);
        await api.setPasscode(profile.id, options.clear === true ? null : await readPasscode(context.terminal));
        const text = options.clear === true ? 'has no passcode any more' : 'has a new passcode';
        return { json: { profile: profile.id, has_passcode: options.clear !== true }, text: `${printable(profile.display_name)} ${text}` };
      }),
    );
}

/** Never an argument: every process of the machine could read it there. */
async function readPasscode(terminal: Terminal): Promise<string> {
  const [passcode = ''] = await terminal.readLines(1);
  if (passcode === '') throw new CodedError('config.invalid', 'standard input held no passcode; --clear takes one away');
  return passcode;
}

function assignCommand(context: CommandContext): Command {
  return withHostChoice(
    newCommand('assign', 'give a device to a profile, and take it from any other', 'usher profiles assign Kids 4fa1b2c3'),
  )
    .argument('<profile>', WHICH)
    .argument('<fingerprint>', 'a paired device’s fingerprint or its first digits; all 64 for one that isn’t paired yet')
    .action((wanted: string, fingerprint: string, options: HostCommandOptions) =>
      perform(context, options, async () => {
        const api = await open(context, options);
        const profile = await profileNamed(api, wanted);
        const device = await fingerprintNamed(api, fingerprint);
        await api.assignDevice(profile.id, device);
        return {
          json: { profile: profile.id, assigned: device },
          text: `${device.slice(0, 8)} comes to ${printable(profile.display_name)}`,
        };
      }),
    );
}

function unassignCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('unassign', 'take a device from its profile', 'usher profiles unassign 4fa1b2c3'))
    .argument('<fingerprint>', 'as for assign')
    .action((fingerprint: string, options: HostCommandOptions) =>
      perform(context, options, async () => {
        const api = await open(context, options);
        const device = await fingerprintNamed(api, fingerprint);
        await api.unassignDevice(device);
        return { json: { unassigned: device }, text: `${device.slice(0, 8)} has no profile any more` };
      }),
    );
}

function defaultCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('default', 'where devices without a profile come to', 'usher profiles default operator'))
    .argument('<profile>', `${WHICH}, or "operator"`)
    .action((wanted: string, options: HostCommandOptions) =>
      perform(context, options, async () => {
        const api = await open(context, options);
        const id = wanted === 'operator' ? null : (await profileNamed(api, wanted)).id;
        await api.setDefaultProfile(id);
        return {
          json: { default: id },
          text: `devices without a profile come to ${wanted === 'operator' ? 'the operator’s desktop' : wanted}`,
        };
      }),
    );
}

async function fingerprintNamed(api: HostApi, wanted: string): Promise<string> {
  const digits = wanted.replaceAll(':', '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : chosen(await api.devices(), wanted).fingerprint;
}
