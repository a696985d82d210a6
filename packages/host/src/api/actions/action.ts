import { CodedError } from '@usher/protocol';
import { z } from 'zod';

/**
 * Where an action may come from. `operator`: whoever has the bearer token, by HTTPS too. `here`: only the operator's own programs on this
 * machine, by the local socket, because the action names a file of this machine (U5.2: no file of the host by REST).
 */
type ActionRight = 'operator' | 'here';

/** The action's REST twin (facts/usb-wire.md §15.1). */
interface ActionRoute {
  readonly method: 'GET' | 'POST';
  readonly url: `/usb/${string}`;
  readonly operationId: string;
}

/**
 * One thing that a program can have done, defined once (requirements U5.2–U5.4): its row becomes the `AC_…` action of action files, the
 * `ac_…` tool of MCP and the REST route.
 */
export interface Action<Context> {
  readonly name: `AC_${string}`;
  readonly summary: string;
  readonly right: ActionRight;
  /** Whether it changes anything; a tool that doesn't says so to its caller. */
  readonly readOnly: boolean;
  /** Whether it is a tool of MCP too; its name there is the action's in small letters. */
  readonly isTool: boolean;
  readonly route: ActionRoute | undefined;
  /** The parameters, in the order in which an action file may give them without their names. */
  readonly input: z.ZodObject;
  /** What the REST twin answers. */
  readonly output: z.ZodType;
  /** @throws CodedError `message.malformed` for parameters that aren't as `input` says, and whatever the action fails with. */
  perform(context: Context, parameters: unknown): Promise<unknown>;
  /** What an action file's record and a tool's answer hold, where it isn't all that the REST twin answers. */
  recorded(output: unknown): unknown;
}

interface Definition<Context, Input extends z.ZodObject, Output extends z.ZodType> {
  readonly name: Action<Context>['name'];
  readonly summary: string;
  readonly right?: ActionRight;
  readonly readOnly: boolean;
  readonly isTool?: boolean;
  readonly route?: ActionRoute;
  readonly input: Input;
  readonly output: Output;
  perform(context: Context, parameters: z.output<Input>): z.input<Output> | Promise<z.input<Output>>;
  recorded?(output: z.output<Output>): unknown;
}

/** A row of a table of actions. Nothing leaves it that isn't as `output` says. */
export function action<Context, Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Definition<Context, Input, Output>,
): Action<Context> {
  const { name, summary, right = 'operator', readOnly, isTool = false, route, input, output, recorded } = definition;
  return {
    ...{ name, summary, right, readOnly, isTool, route, input, output },
    perform: async (context, parameters) => output.parse(await definition.perform(context, readParameters(name, input, parameters))),
    recorded: (answered) => (recorded === undefined ? answered : recorded(output.parse(answered))),
  };
}

function readParameters<Input extends z.ZodObject>(name: string, input: Input, parameters: unknown): z.output<Input> {
  const read = input.safeParse(parameters);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  const where = [name, ...(first?.path ?? []).map(String)].join('.');
  throw new CodedError('message.malformed', `${where}: ${first?.message ?? 'not as it should be'}`);
}

/** The parameters as JSON Schema, for callers in other languages; in one piece, without the name that the API's document knows them by. */
export function jsonSchemaOf(input: z.ZodObject): unknown {
  return z.toJSONSchema(z.strictObject(input.shape), { io: 'input', target: 'draft-2020-12' });
}
