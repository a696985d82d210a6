import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { TOOLS } from '../actions/catalogue.ts';
import { usbToolServer } from '../mcp/usb-tools.ts';
import { type HostChoice, openOwnHost } from '../own-host.ts';
import { type CommandContext, newCommand, withHostChoice } from './command.ts';

/** The tools for programs that speak MCP (U5.4). It holds nothing: every call is a request to the host, with the operator's token. */
export function mcpCommand({ terminal }: CommandContext): Command {
  return withHostChoice(newCommand('mcp', 'the host’s USB as tools of MCP, over standard input and output', 'usher mcp --read-only'))
    .option('--read-only', 'only the tools that change nothing and open no device')
    .action(async (options: HostChoice & { readonly readOnly?: boolean }) => {
      const tools = options.readOnly === true ? TOOLS.filter((tool) => tool.readOnly) : TOOLS;
      const serve = () => usbToolServer(tools, () => openOwnHost(options, terminal.environment), manifest.version);
      const closed = new Promise<void>((resolve) => {
        process.stdin.once('end', resolve).once('close', resolve);
        terminal.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const server = serveStdio(serve, { onerror: (error) => terminal.err(`usher mcp: ${error.message}`) });
      await closed;
      await server.close();
    });
}
