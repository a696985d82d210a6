import { jsonSchemaOf } from '../src/api/actions/action.ts';
import { USB_ACTIONS } from '../src/api/actions/usb-actions.ts';

/** docs/actions.json as the table of actions says it: what action files and MCP tools are made of. */
export function actionsText(): string {
  const actions = USB_ACTIONS.map(({ name, summary, right, readOnly, isTool, route, input }) => ({
    name,
    ...(isTool ? { tool: name.toLowerCase() } : {}),
    summary,
    right,
    read_only: readOnly,
    ...(route === undefined ? {} : { route: `${route.method} ${route.url}` }),
    parameters: jsonSchemaOf(input),
  }));
  return `${JSON.stringify({ actions }, null, 2)}\n`;
}
