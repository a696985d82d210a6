import { Command, Option } from 'commander';
import { type Answer, tell, tellFailure } from '../answer.ts';
import type { HostChoice } from '../own-host.ts';
import type { Terminal } from '../terminal.ts';

/** Where commands leave their exit code. */
interface Outcome {
  exitCode: number;
}

/** What every command is built with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly outcome: Outcome;
  /** The directory that holds the packages, and in them the built programs. */
  readonly packages: URL;
}

export interface Output {
  readonly json?: boolean;
}

/** A command with `--json` and, below its help, an example. */
export function newCommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option('--json', 'answer with one JSON object on the last line of standard output'))
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .exitOverride();
}

/** `--home`, `--url`, `--token-file`: which host is managed. */
export function withHostChoice(command: Command): Command {
  return command
    .option('--home <directory>', 'the host’s state directory (USHER_HOME, else ~/.config/usher)')
    .option('--url <url>', 'the host’s address (else https://127.0.0.1 and the port that the host uses)')
    .option('--token-file <file>', 'a file that holds the bearer token (else the one in the state directory)');
}

export type HostCommandOptions = HostChoice & Output;

/** Does a command's work and tells its answer or its failure in the language that was asked for. */
export async function perform(context: CommandContext, { json = false }: Output, work: () => Promise<Answer>): Promise<void> {
  try {
    context.outcome.exitCode = tell(context.terminal, json, await work());
  } catch (error) {
    context.outcome.exitCode = tellFailure(context.terminal, json, error);
  }
}
