import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditVerdict } from '@usher/sdk/api';
import { CodedError, isCoded, verifyAuditDirectory } from '@usher/sdk/node';
import type { Command } from 'commander';
import { type Answer, failureOf } from '../answer.ts';
import { printable } from '../columns.ts';
import { ExitCode } from '../exit-codes.ts';
import { openOwnHost } from '../own-host.ts';
import { type CommandContext, type HostCommandOptions, newCommand, perform, withHostChoice } from './command.ts';

interface VerifyOptions extends HostCommandOptions {
  readonly broker?: boolean;
  readonly brokerState: string;
}

/** The host's chain, by the host; the broker's (requirement A2) by its files, so that it doesn't hang on the host's word. */
export function verifyCommand(context: CommandContext): Command {
  return withHostChoice(newCommand('verify', 'read the whole chain, and name what was changed', 'usher audit verify --json'))
    .option('--broker', 'only the chain of the broker, which is root’s')
    .option('--broker-state <directory>', 'the broker’s state directory', '/var/lib/usher-broker')
    .action((options: VerifyOptions) =>
      perform(context, options, async () => {
        if (options.broker === true) return verdictOf(await verifyBroker(options.brokerState));
        const verdict = await (await openOwnHost(options, context.terminal.environment)).verifyAudit();
        return existsSync(options.brokerState) ? withBroker(verdict, options.brokerState) : verdictOf(verdict);
      }),
    );
}

function verdictOf(verdict: AuditVerdict): Answer {
  return { json: verdict, text: verdictText(verdict), exitCode: verdict.ok ? ExitCode.Done : ExitCode.Failed };
}

/** Most operators aren't root: that this account can't read the broker's chain is said, and is no fault of the record. */
async function withBroker(host: AuditVerdict, state: string): Promise<Answer> {
  try {
    const broker = await verifyBroker(state);
    const text = `${verdictText(host)}\nThe broker’s chain: ${verdictText(broker)}`;
    return { json: { ...host, broker }, text, exitCode: host.ok && broker.ok ? ExitCode.Done : ExitCode.Failed };
  } catch (error) {
    if (!isCoded(error, 'store.unreadable')) throw error;
    const text = `${verdictText(host)}\nThe broker’s chain: ${error.message}`;
    return { ...verdictOf(host), json: { ...host, broker: { ok: false, ...failureOf(error) } }, text };
  }
}

async function verifyBroker(state: string): Promise<AuditVerdict> {
  try {
    const { firstSeq, faults, ...verdict } = await verifyAuditDirectory(join(state, 'audit'));
    return { ...verdict, first_seq: firstSeq, faults: [...faults] };
  } catch (error) {
    if (!isCoded(error, 'store.unreadable')) throw error;
    const hint = 'it is root’s alone, so run: sudo usher audit verify --broker';
    throw new CodedError('store.unreadable', `${error.message}; ${hint}`, { cause: error });
  }
}

function verdictText(verdict: AuditVerdict): string {
  if (verdict.ok) return `${verdict.entries} entries, and nothing was changed, left out or moved`;
  const faults = verdict.faults.map(({ file, line, message }) => printable(`${file}:${line}: ${message}`));
  return [`The chain of ${verdict.entries} entries does not hold:`, ...faults].join('\n');
}
