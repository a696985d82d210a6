import { isIPv4 } from 'node:net';
import { type Command, InvalidArgumentError } from 'commander';
import { columns } from '../columns.ts';
import { browse } from '../discovery/browse.ts';
import type { FoundHost } from '../discovery/found-host.ts';
import { type CommandContext, newCommand, type Output, perform } from './command.ts';

interface HostsOptions extends Output {
  readonly seconds: number;
  readonly interface?: string;
}

/** Which hosts the local network tells of (requirement P5.6). */
export function hostsCommand(context: CommandContext): Command {
  return newCommand('hosts', 'the hosts that the local network tells of', 'usher hosts --seconds 5')
    .option('--seconds <number>', 'how long to listen', wholeSeconds, 3)
    .option('--interface <address>', 'ask only the network of this address (IPv4) of this machine', readAddress)
    .action((options: HostsOptions) =>
      perform(context, options, async () => {
        const { seconds, interface: networkInterface } = options;
        const { signal } = context.terminal;
        const hosts = await browse({ seconds, signal, ...(networkInterface === undefined ? {} : { networkInterface }) });
        return { json: { hosts: hosts.map(answerOf) }, text: textOf(hosts) };
      }),
    );
}

function answerOf({ isolatingProfiles, ...host }: FoundHost) {
  return { ...host, isolating_profiles: isolatingProfiles };
}

function textOf(hosts: readonly FoundHost[]): string {
  if (hosts.length === 0)
    return 'No host has answered. Those on other networks, and those that were told --no-mdns, are reached by their address.';
  const rows = hosts.map((host) => [host.name, host.url, host.fingerprint.slice(0, 8), profilesText(host)]);
  return `${columns(['NAME', 'ADDRESS', 'HOST', 'PROFILES'], rows)}\n\nWhat a network says proves nothing: compare the fingerprint when you pair.`;
}

function profilesText({ profiles, isolatingProfiles }: FoundHost): string {
  if (!profiles) return '';
  return isolatingProfiles ? 'own desktops' : "the operator's desktop";
}

function wholeSeconds(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 60) throw new InvalidArgumentError('Expected a whole number from 1 to 60.');
  return value;
}

function readAddress(text: string): string {
  if (!isIPv4(text)) throw new InvalidArgumentError('Expected an IPv4 address of this machine.');
  return text;
}
