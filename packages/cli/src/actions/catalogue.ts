import { Reader } from '@usher/sdk/node';
import document from '../../../../docs/actions.json' with { type: 'json' };

/** An action that is a tool of MCP too. */
export interface Tool {
  /** `ac_usb_acl_add` */
  readonly name: string;
  /** `AC_usb_acl_add` */
  readonly action: string;
  readonly summary: string;
  readonly readOnly: boolean;
  /** JSON Schema of its parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The tools, as docs/actions.json has them from the host's table of actions. */
export const TOOLS: readonly Tool[] = Reader.of(document, 'actions')
  .list('actions', 256, readTool)
  .filter((tool) => tool !== undefined);

function readTool(row: Reader): Tool | undefined {
  const name = row.optionalString('tool', 64);
  if (name === undefined) return undefined;
  const parameters = row.object('parameters');
  return {
    name,
    action: row.string('name', 64),
    summary: row.string('summary', 256),
    readOnly: row.boolean('read_only'),
    parameters: Object.fromEntries(parameters.names().map((field) => [field, parameters.raw(field)])),
  };
}
