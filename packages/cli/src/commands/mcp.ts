import type { Command } from 'commander';
import { type HostChoice, openOwnHost } from '../own-host.ts';
import { type CommandContext, newCommand, withHostChoice } from './command.ts';

/** The tools for programs that speak MCP (U5.4). It holds nothing: every call is a request to the host, with the operator's token. */
export function mcpCommand({ terminal }: CommandContext): Command {
  return withHostChoice(newCommand('mcp', 'the host’s USB as tools of MCP, over standard input and output', 'usher mcp --read-only'))
    .option('--read-only', 'only the tools that change nothing and open no device')
    .action(async ({ readOnly = false, ...host }: HostChoice & { readonly readOnly?: boolean }) => {
      const { serveUsbTools } = await import('../mcp/serve.ts'); // a library that no other command needs
      await serveUsbTools({ readOnly, openHost: () => openOwnHost(host, terminal.environment), terminal });
    });
}
