import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { HostApi } from '@usher/sdk/api';
import type { Command } from 'commander';
import { failureOf, tellFailure } from '../answer.ts';
import { homeOf, openOwnHost, readConfig, readToken } from '../own-host.ts';
import { entryOf } from '../processes/entry.ts';
import { forwardSignals } from '../processes/run.ts';
import type { Terminal } from '../terminal.ts';
import { lanAddresses } from '../up/addresses.ts';
import { askOperator } from '../up/ask-operator.ts';
import { type Greeting, greetingJson, greetingText } from '../up/greeting.ts';
import { type Ready, startHost } from '../up/host-child.ts';
import { type CommandContext, newCommand } from './command.ts';
import { type HostOptions, hostArguments, withHostOptions } from './processes.ts';

export function upCommand(context: CommandContext): Command {
  return withHostOptions(
    newCommand(
      'up',
      'the host in this terminal: prints its address and fingerprint, and a PIN for the first device',
      'usher up --usb-passthrough --usb-backend sim',
    ),
  ).action(async (options: HostOptions) => {
    try {
      context.outcome.exitCode = await runUp(context, options);
    } catch (error) {
      context.outcome.exitCode = tellFailure(context.terminal, options.json === true, error);
    }
  });
}

/** The host's own exit code. */
async function runUp({ terminal, packages }: CommandContext, options: HostOptions): Promise<number> {
  const host = startHost(entryOf(packages, 'host'), hostArguments(options), terminal.environment, (line) => terminal.err(line));
  using _forwarding = forwardSignals(host.child);
  const ready = await host.ready();
  if (ready !== undefined) {
    const greeting = await greet(ready, options, terminal);
    terminal.out(options.json === true ? JSON.stringify(greetingJson(greeting)) : greetingText(greeting, terminal.self));
    const api = await openOwnHost({ home: homeOf(options, terminal.environment), url: ready.url }, terminal.environment);
    void askOperator(api.usb, terminal, ended(host.exited));
  }
  const exitCode = await host.exited;
  // One that ends by itself has said why in its log.
  const { signalCode } = host.child;
  if (signalCode !== null)
    terminal.err(`usher: the host was ended by ${signalCode}. What it had saved is there; start it again: ${terminal.self} up`);
  return exitCode;
}

/** Aborts when the host has ended. */
function ended(exited: Promise<number>): AbortSignal {
  const controller = new AbortController();
  void exited.finally(() => controller.abort());
  return controller.signal;
}

async function greet(ready: Ready, options: HostOptions, terminal: Terminal): Promise<Greeting> {
  const home = homeOf(options, terminal.environment);
  const bind = options.bind ?? (terminal.environment['USHER_BIND'] || undefined) ?? (await readConfig(home)).optionalString('bind');
  return {
    url: ready.url,
    lan: lanAddresses(ready.url, bind, networkInterfaces()),
    fingerprint: ready.fingerprint,
    armed: await arm(await openOwnHost({ home, url: ready.url }, terminal.environment), terminal),
    token: ready.tokenCreated ? await readToken(join(home, 'token')) : undefined,
  };
}

/** A host without a PIN is still a host: its devices get in, and a PIN can be armed later. */
async function arm(api: HostApi, terminal: Terminal): Promise<Greeting['armed']> {
  try {
    const { pin, expires_unix } = await api.armPairing();
    return { pin, expiresUnix: expires_unix };
  } catch (error) {
    terminal.err(`warning: ${failureOf(error).message}`);
    return undefined;
  }
}
