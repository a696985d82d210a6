import { serveStdio } from '@modelcontextprotocol/server/stdio';
import manifest from '../../package.json' with { type: 'json' };
import { TOOLS } from '../actions/catalogue.ts';
import type { Terminal } from '../terminal.ts';
import { type OpenHost, usbToolServer } from './usb-tools.ts';

export interface ServeOptions {
  /** Without the tools that change something or open a device. */
  readonly readOnly: boolean;
  readonly openHost: OpenHost;
  readonly terminal: Pick<Terminal, 'err' | 'signal'>;
}

/** Serves until standard input ends, or the terminal's signal. */
export async function serveUsbTools({ readOnly, openHost, terminal }: ServeOptions): Promise<void> {
  const tools = readOnly ? TOOLS.filter((tool) => tool.readOnly) : TOOLS;
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    terminal.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const server = serveStdio(() => usbToolServer(tools, openHost, manifest.version), {
    onerror: (error) => terminal.err(`usher mcp: ${error.message}`),
  });
  await closed;
  await server.close();
}
