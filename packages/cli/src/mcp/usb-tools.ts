import { type CallToolResult, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import type { ActionRun, HostApi } from '@usher/sdk/api';
import type { Tool } from '../actions/catalogue.ts';
import { failureOf } from '../answer.ts';

/** Asked anew for each call: the host may have been started, or have got another token, in between. */
export type OpenHost = () => Promise<Pick<HostApi, 'usb'>>;

/** A server that offers these tools; what they do, the host does. */
export function usbToolServer(tools: readonly Tool[], openHost: OpenHost, version: string): McpServer {
  const server = new McpServer({ name: 'usher', version }, { capabilities: { tools: {} } });
  for (const tool of tools) {
    server.registerTool(
      tool.name,
      {
        description: tool.summary,
        inputSchema: fromJsonSchema<Record<string, unknown>>(tool.parameters),
        annotations: { readOnlyHint: tool.readOnly, destructiveHint: false },
      },
      (parameters) => called(tool, parameters, openHost),
    );
  }
  return server;
}

/** A failure is an answer, too: whoever called it can read why, and do something about it. */
async function called(tool: Tool, parameters: Record<string, unknown>, openHost: OpenHost): Promise<CallToolResult> {
  try {
    const { usb } = await openHost();
    const [result] = (await usb.runActions([[tool.action, parameters]])).results;
    return answerOf(result);
  } catch (error) {
    const { code, message } = failureOf(error);
    return refused(code, message);
  }
}

function answerOf(result: ActionRun['results'][number] | undefined): CallToolResult {
  if (result === undefined) return refused('internal', 'the host gave no answer');
  if (result.error !== undefined) return refused(result.error.code, result.error.message);
  return { content: [{ type: 'text', text: JSON.stringify(result.result) }] };
}

function refused(code: string, message: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: `${code}: ${message}` }] };
}
