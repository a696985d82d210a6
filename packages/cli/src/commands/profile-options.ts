import type { HostApi, OsAccount, ProfileAdmin, ProfileInput } from '@usher/sdk/api';
import { CodedError } from '@usher/sdk/node';
import { type Command, InvalidArgumentError } from 'commander';
import type { HostCommandOptions } from './command.ts';

/** What `create` and `update` can say about a profile. Absent is: as it was, or the host's default. */
export interface ProfileOptions extends HostCommandOptions {
  readonly account?: string;
  readonly accent?: string;
  readonly avatar?: string;
  readonly alwaysAsk?: boolean;
  readonly sharedView?: boolean;
  readonly takeover?: boolean;
  readonly titles?: ProfileInput['library_scope'];
  readonly maxSize?: { readonly width: number; readonly height: number };
  readonly maxBitrate?: number;
}

export function withProfileOptions(command: Command): Command {
  return command
    .option('--account <name>', 'the account that it lands in, or "operator" (`usher accounts` lists them)')
    .option('--accent <colour>', '#RRGGBB')
    .option('--avatar <text>', 'an emoji, or the address of a picture')
    .option('--always-ask', 'ask its own devices for the passcode too')
    .option('--no-always-ask', 'let its own devices in without')
    .option('--shared-view', 'let other devices in although it has no passcode')
    .option('--no-shared-view', 'keep other devices out unless they know a passcode')
    .option('--takeover', 'let one of its devices end the session of another')
    .option('--no-takeover', 'the first device that is in stays in')
    .option('--titles <scope>', 'all, allow:ID,… or deny:ID,… of the library', readScope)
    .option('--max-size <WxH>', 'the largest picture, such as 1920x1080', readSize)
    .option('--max-bitrate <kbit/s>', 'the highest rate', readBitrate);
}

/** The profile with the changes of the command line; the API replaces profiles as a whole. */
export async function inputOf(api: HostApi, options: ProfileOptions, before: ProfileInput): Promise<ProfileInput> {
  const { accent, avatar, alwaysAsk, sharedView, takeover, titles, maxSize, maxBitrate } = options;
  return {
    ...before,
    ...(options.account === undefined ? {} : { os_account: await accountNamed(api, options.account) }),
    ...(accent === undefined ? {} : { accent }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(alwaysAsk === undefined ? {} : { require_passcode_even_when_assigned: alwaysAsk }),
    ...(sharedView === undefined ? {} : { allow_shared_view: sharedView }),
    ...(takeover === undefined ? {} : { allow_takeover: takeover }),
    ...(titles === undefined ? {} : { library_scope: titles }),
    session_defaults: {
      ...before.session_defaults,
      ...(maxSize === undefined ? {} : { max_width: maxSize.width, max_height: maxSize.height }),
      ...(maxBitrate === undefined ? {} : { max_bitrate_kbps: maxBitrate }),
    },
  };
}

/** What the operator once said, without what the host keeps itself. */
export function asInput(profile: ProfileAdmin): ProfileInput {
  const { id: _id, has_passcode, is_default, created_unix, updated_unix, revision, ...input } = profile;
  return input;
}

/** An account of the host, with its uid: names can be given to somebody else later. */
async function accountNamed(api: HostApi, name: string): Promise<OsAccount> {
  if (name === 'operator') return { kind: 'operator' };
  const account = (await api.osAccounts()).find((candidate) => candidate.username === name);
  if (account === undefined) throw new CodedError('api.not-found', `the host has no account ${name} for a person; see: usher accounts`);
  return { kind: 'linux', username: account.username, ...(account.uid === undefined ? {} : { uid: account.uid }) };
}

function readScope(text: string): ProfileOptions['titles'] {
  const [mode, ids = ''] = text.split(/:(.*)/s);
  const listed = ids.split(',').filter((id) => id !== '');
  if (mode === 'all' && ids === '') return { mode };
  if ((mode === 'allow' || mode === 'deny') && listed.length > 0) return { mode, ids: listed };
  throw new InvalidArgumentError('Expected all, allow:ID,… or deny:ID,….');
}

function readSize(text: string): ProfileOptions['maxSize'] {
  const [, width, height] = /^(\d{3,5})x(\d{3,5})$/.exec(text) ?? [];
  if (width === undefined || height === undefined) throw new InvalidArgumentError('Expected a size such as 1920x1080.');
  return { width: Number(width), height: Number(height) };
}

function readBitrate(text: string): number {
  if (!/^\d{3,8}$/.test(text)) throw new InvalidArgumentError('Expected a number of kbit/s from 100.');
  return Number(text);
}
