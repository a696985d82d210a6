import { Command, CommanderError } from 'commander';
import { tellFailure } from './answer.ts';
import { accountsCommand } from './commands/accounts.ts';
import { auditCommand } from './commands/audit.ts';
import type { CommandContext } from './commands/command.ts';
import { connectCommand } from './commands/connect.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { hostsCommand } from './commands/hosts.ts';
import { mcpCommand } from './commands/mcp.ts';
import { pairCommand } from './commands/pair.ts';
import { hostCommand, usbAgentCommand, workerCommand } from './commands/processes.ts';
import { profilesCommand } from './commands/profiles.ts';
import { runCommand } from './commands/run.ts';
import { sessionsCommand } from './commands/sessions.ts';
import { upCommand } from './commands/up.ts';
import { usbCommand } from './commands/usb.ts';
import { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line (without Node and the script) and gives its exit code. */
export async function run(args: readonly string[], terminal: Terminal, packages: URL): Promise<number> {
  const context: CommandContext = { terminal, packages, outcome: { exitCode: ExitCode.Done } };
  try {
    await buildProgram(context).parseAsync([...args], { from: 'user' });
    return context.outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellFailure(terminal, args.includes('--json'), error);
    return misused(error, args, terminal);
  }
}

/** Every command, with its options; nothing runs yet. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('usher')
    .description('Usher: this machine’s desktop, for the devices that you pair with it')
    .addHelpText('after', '\nExample:\n  $ usher up\n\nExit codes and JSON answers: packages/cli/README.md')
    .exitOverride();
  for (const command of commandsOf(context)) program.addCommand(command);
  for (const command of everyCommand(program)) {
    command.configureOutput({
      writeOut: (text) => context.terminal.out(text.trimEnd()),
      writeErr: (text) => context.terminal.err(text.trimEnd()),
    });
  }
  // `usher devices --home X remove …` means the same as `usher devices remove … --home X`.
  program.hook('preAction', (_program, action) => {
    for (const [name, value] of Object.entries(action.optsWithGlobals())) action.setOptionValue(name, value);
  });
  return program;
}

function commandsOf(context: CommandContext): readonly Command[] {
  return [
    upCommand(context),
    pairCommand(context),
    connectCommand(context),
    hostsCommand(context),
    devicesCommand(context),
    profilesCommand(context),
    accountsCommand(context),
    sessionsCommand(context),
    auditCommand(context),
    usbCommand(context),
    runCommand(context),
    mcpCommand(context),
    doctorCommand(context),
    hostCommand(context),
    workerCommand(context),
    usbAgentCommand(context),
  ];
}

/** A command and all that is below it. */
export function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Commander has said what is wrong (or has shown the help that was asked for). */
function misused(error: CommanderError, args: readonly string[], terminal: Terminal): ExitCode {
  if (error.exitCode === 0) return ExitCode.Done;
  if (args.includes('--json')) {
    terminal.out(JSON.stringify({ ok: false, code: 'config.invalid', message: error.message.replace(/^error: /, '') }));
  }
  return ExitCode.Usage;
}
