import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActionFileInput, type ActionRun, HostApi } from '@usher/sdk/api';
import { CodedError, isErrorCode, LOCAL_URL, localFetch } from '@usher/sdk/node';
import type { Command } from 'commander';
import type { Answer } from '../answer.ts';
import { printable } from '../columns.ts';
import { ExitCode, exitCodeOf } from '../exit-codes.ts';
import { homeOf, openOwnHost, readToken, wordOf } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

/** The API takes 64 KiB; what is larger is no list of actions. */
const FILE_MAX = 64 * 1024;

/** An action file, as AutoControl writes them (U5.3). */
export function runCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('run', 'do what an action file says: [["AC_usb_acl_list"], …]', 'usher run lend-the-key.json'))
    .argument('<file>', 'the actions, as JSON')
    .action((file: string, options: HostCommandOptions) =>
      perform(context, options, async () => {
        const actions = await readActions(file);
        const host = await nearestHost(options, context.terminal.environment);
        return answerOf(await host.usb.runActions(actions, process.cwd()));
      }),
    );
}

/** By the local socket where there is one and no other address was named: only there may an action name a file. */
async function nearestHost(options: HostCommandOptions, environment: CommandContext['terminal']['environment']): Promise<HostApi> {
  const home = homeOf(options, environment);
  const socket = join(home, 'api.sock');
  const isThere =
    options.url === undefined &&
    (await stat(socket).then(
      (found) => found.isSocket(),
      () => false,
    ));
  if (!isThere) return openOwnHost(options, environment);
  const token = await readToken(options.tokenFile ?? join(home, 'token'));
  return new HostApi({ baseUrl: LOCAL_URL, token, fetch: localFetch(socket) });
}

async function readActions(path: string): Promise<ActionFileInput> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CodedError('config.invalid', `${path} can't be read (${wordOf(cause)})`, { cause });
  });
  if (text.length > FILE_MAX) throw new CodedError('config.invalid', `${path} is larger than ${FILE_MAX} bytes`);
  try {
    return JSON.parse(text) as ActionFileInput; // the host reads it, and says what is wrong with it
  } catch (cause) {
    throw new CodedError('config.invalid', `${path} is not JSON`, { cause });
  }
}

function answerOf(run: ActionRun): Answer {
  const lines = run.results.map(({ action, result, error }) =>
    printable(error === undefined ? `done    ${action} ${JSON.stringify(result)}` : `failed  ${action} ${error.code}: ${error.message}`),
  );
  return { json: run, text: lines.join('\n'), exitCode: exitOf(run) };
}

/** That of the first action that failed. */
function exitOf(run: ActionRun): ExitCode {
  const code = run.results.find(({ error }) => error !== undefined)?.error?.code;
  if (code === undefined) return run.ok ? ExitCode.Done : ExitCode.Failed;
  return isErrorCode(code) ? exitCodeOf(new CodedError(code, code)) : ExitCode.Failed;
}
