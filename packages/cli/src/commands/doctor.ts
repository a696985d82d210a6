import { type Command, Option } from 'commander';
import type { Answer } from '../answer.ts';
import type { Check } from '../doctor/check.ts';
import { aptCommand, examine } from '../doctor/checks.ts';
import { DEEDS_OPTION, doDeeds } from '../doctor/isolation/as-account.ts';
import { provenIsolation } from '../doctor/isolation/isolation.ts';
import { type Machine, thisMachine } from '../doctor/machine.ts';
import { NEEDS } from '../doctor/needs.ts';
import { ExitCode } from '../exit-codes.ts';
import { homeOf, openOwnHost, ownPort } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

interface DoctorOptions extends HostCommandOptions {
  readonly isolation?: boolean;
  readonly deeds?: boolean;
}

export function doctorCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('doctor', 'what is missing for a session, and the command that mends it', 'usher doctor'))
    .option('--isolation', 'whether anybody gets into anybody else’s session: everything is tried, as root by everybody')
    .addOption(new Option(DEEDS_OPTION, 'do what standard input says, and tell how it went').hideHelp())
    .action((options: DoctorOptions) =>
      perform(context, options, async () => {
        if (options.deeds === true) return { json: undefined, text: await doDeeds(process.stdin) };
        if (options.isolation === true) return provenIsolation(process.argv[1] ?? '', process.geteuid?.() ?? 0);
        return examined(context, options);
      }),
    );
}

async function examined({ terminal: { environment }, packages }: CommandContext, options: HostCommandOptions): Promise<Answer> {
  const machine = thisMachine(packages, environment['PATH']);
  const home = homeOf(options, environment);
  const port = options.url === undefined ? await ownPort(home, environment) : Number(new URL(options.url).port || 443);
  const checks = await examine({ machine, home, port, openHost: () => openOwnHost(options, environment) });
  return diagnosis(checks, machine);
}

/** Ends with `Unavailable` where something stops every session. */
export function diagnosis(checks: readonly Check[], machine: Pick<Machine, 'uid'>): Answer {
  const ok = checks.every((check) => check.ok || !check.stops);
  return {
    json: { ok, checks },
    text: [
      ...checks.map(line),
      ...together(checks, machine),
      '',
      ok ? 'Nothing stops a session.' : 'No session comes about until this is mended.',
    ].join('\n'),
    exitCode: ok ? ExitCode.Done : ExitCode.Unavailable,
  };
}

function line({ name, ok, stops, detail, mend }: Check): string {
  const mark = ok ? 'ok  ' : stops ? 'STOP' : 'note';
  return `${mark}  ${name.padEnd(26)} ${detail}${mend === undefined ? '' : `\n      mend: ${mend}`}`;
}

/** Several packages are installed with one command. */
function together(checks: readonly Check[], { uid }: Pick<Machine, 'uid'>): readonly string[] {
  const packages = new Set(NEEDS.map((need) => need.package));
  const missing = checks.filter((check) => !check.ok && packages.has(check.name)).map((check) => check.name);
  return missing.length < 2 ? [] : ['', `All of them: ${aptCommand(missing, uid)}`];
}
