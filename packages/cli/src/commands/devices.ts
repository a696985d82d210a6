import type { HostApi, PairedClient, PendingDevice } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import type { Command } from 'commander';
import type { Answer } from '../answer.ts';
import { columns, localTime, printable } from '../columns.ts';
import { openOwnHost } from '../own-host.ts';
import { profileNamed } from './chosen-profile.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

/** Shortest beginning of a fingerprint that names a device: what the lists show. */
const PREFIX_MIN = 8;

export function devicesCommand(context: CommandContext): Command {
  const open = (options: HostCommandOptions) => openOwnHost(options, context.terminal.environment);
  const command = withHostChoice(newCommand('devices', 'the paired devices, and those that wait to be let in', 'usher devices')).action(
    (options: HostCommandOptions) => perform(context, options, async () => listing(await open(options))),
  );
  command.addCommand(
    withHostChoice(newCommand('remove', 'unpair a device; its sessions end at once', 'usher devices remove 4fa1b2c3'))
      .argument('<fingerprint>', `the device’s fingerprint, or its first digits (${PREFIX_MIN} at least)`)
      .action((fingerprint: string, options: HostCommandOptions) =>
        perform(context, options, async () => remove(await open(options), fingerprint)),
      ),
  );
  command.addCommand(
    withHostChoice(
      newCommand('approve', 'let a waiting device in, and pair it', 'usher devices approve 7 --name "Living room" --profile Kids'),
    )
      .argument('<id>', 'the id that `usher devices` shows')
      .option('--name <name>', 'a name instead of the one that the device gave itself')
      .option('--profile <profile>', 'assign it to this profile (its id, or its name); both happen, or neither')
      .action((id: string, options: ApproveOptions) => perform(context, options, async () => approve(await open(options), id, options))),
  );
  command.addCommand(
    withHostChoice(newCommand('deny', 'turn a waiting device away', 'usher devices deny 7'))
      .argument('<id>', 'the id that `usher devices` shows')
      .action((id: string, options: HostCommandOptions) =>
        perform(context, options, async () => {
          await (await open(options)).deny(id);
          return { json: { denied: id }, text: `${id} was turned away` };
        }),
      ),
  );
  return command;
}

type ApproveOptions = HostCommandOptions & { readonly name?: string; readonly profile?: string };

async function approve(api: HostApi, id: string, { name, profile: wanted }: ApproveOptions): Promise<Answer> {
  const profile = wanted === undefined ? undefined : await profileNamed(api, wanted);
  const called = name === undefined ? {} : { name };
  if (profile === undefined) {
    await api.approve(id, called);
    return { json: { approved: id }, text: `${id} is paired and let in` };
  }
  await api.approve(id, { ...called, profile_id: profile.id });
  return { json: { approved: id, profile: profile.id }, text: `${id} is paired and let in to ${printable(profile.display_name)}` };
}

async function listing(api: HostApi): Promise<Answer> {
  const [devices, pending] = await Promise.all([api.devices(), api.pending()]);
  return { json: { devices, pending }, text: [devicesText(devices), pendingText(pending)].filter((part) => part !== '').join('\n\n') };
}

function devicesText(devices: readonly PairedClient[]): string {
  if (devices.length === 0) return 'No device is paired.';
  return columns(
    ['DEVICE', 'NAME', 'PAIRED', 'NOW'],
    devices.map((device) => [
      device.fingerprint.slice(0, PREFIX_MIN),
      device.name,
      localTime(device.paired_unix),
      device.connected ? 'connected' : '',
    ]),
  );
}

function pendingText(pending: readonly PendingDevice[]): string {
  if (pending.length === 0) return '';
  return `Waiting to be let in (usher devices approve ID, or deny ID):\n${columns(
    ['ID', 'DEVICE', 'NAME', 'FROM', 'UNTIL'],
    pending.map((knock) => [knock.id, knock.fingerprint.slice(0, PREFIX_MIN), knock.name, knock.address, localTime(knock.expires_unix)]),
  )}`;
}

async function remove(api: HostApi, wanted: string): Promise<Answer> {
  const device = chosen(await api.devices(), wanted);
  await api.removeDevice(device.fingerprint);
  return { json: { removed: device.fingerprint }, text: `${printable(device.name)} is no longer paired` };
}

/** The one device that the digits name. */
export function chosen(devices: readonly PairedClient[], wanted: string): PairedClient {
  const digits = wanted.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]+$/.test(digits) || digits.length < PREFIX_MIN) {
    throw new CodedError('config.invalid', `a fingerprint is given by ${PREFIX_MIN} to 64 hex digits`);
  }
  const [device, ...others] = devices.filter((candidate) => candidate.fingerprint.startsWith(digits));
  if (device === undefined) throw new CodedError('api.not-found', `no paired device has a fingerprint that begins with ${digits}`);
  if (others.length > 0) throw new CodedError('config.invalid', `${others.length + 1} devices begin with ${digits}; give more digits`);
  return device;
}
