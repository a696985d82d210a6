import { CodedError, toWire, type WireError } from '@usher/protocol';
import type { Action } from './action.ts';
import { pythonLiteral } from './python-literal.ts';

/** Actions of one file: a day's script has a few dozen, and each is one request to the agent. */
const MAX_ACTIONS = 256;

interface ActionResult {
  readonly action: string;
  readonly ok: boolean;
  /** What it answered, where it was done. */
  readonly result?: unknown;
  /** Why it wasn't, where it wasn't. */
  readonly error?: WireError;
}

export interface ActionRun {
  readonly ok: boolean;
  /** One for each action, in order. */
  readonly results: readonly ActionResult[];
  /** The same as AutoControl's own run would answer: `execute: [action]` → its answer, or why it failed. */
  readonly record: Readonly<Record<string, unknown>>;
}

interface Step<Context> {
  readonly action: Action<Context>;
  readonly parameters: unknown;
  readonly written: unknown;
}

/**
 * Does what an action file says, one action after the other; one that fails stops none of the others (as in AutoControl). The file is
 * read whole first: one that has an unknown action, or one that this caller may not have done, does nothing at all.
 *
 * @throws CodedError `message.malformed` or `api.forbidden-action` with the place in the file.
 */
export async function runActions<Context>(
  table: readonly Action<Context>[],
  file: unknown,
  context: Context,
  from: 'anywhere' | 'here',
): Promise<ActionRun> {
  const steps = readActionFile(table, file);
  for (const { action } of steps) assertAllowed(action, from);
  const results: ActionResult[] = [];
  const record: Record<string, unknown> = {};
  for (const { action, parameters, written } of steps) {
    const result = await done(action, parameters, context);
    results.push(result);
    record[`execute: ${pythonLiteral(written)}`] =
      result.error === undefined ? result.result : `${result.error.code}: ${result.error.message}`;
  }
  return { ok: results.every(({ ok }) => ok), results, record };
}

async function done<Context>(action: Action<Context>, parameters: unknown, context: Context): Promise<ActionResult> {
  try {
    return { action: action.name, ok: true, result: action.recorded(await action.perform(context, parameters)) };
  } catch (error) {
    return { action: action.name, ok: false, error: toWire(error) };
  }
}

/** A list of `[name]`, `[name, {parameters}]` and `[name, [parameters]]`, bare or under the key `auto_control`. */
function readActionFile<Context>(table: readonly Action<Context>[], file: unknown): readonly Step<Context>[] {
  const list = isRecord(file) ? file['auto_control'] : file;
  if (!isList(list) || list.length === 0) throw malformed('actions', 'expected a list of at least one action');
  if (list.length > MAX_ACTIONS) throw malformed('actions', `at most ${MAX_ACTIONS}`);
  return list.map((written, index) => readStep(table, written, `actions[${index}]`));
}

function readStep<Context>(table: readonly Action<Context>[], written: unknown, where: string): Step<Context> {
  if (!isList(written) || written.length < 1 || written.length > 2) throw malformed(where, 'expected [name] or [name, parameters]');
  const [name, given = {}] = written;
  const action = table.find((row) => row.name === name);
  if (action === undefined) throw malformed(where, 'there is no such action');
  if (!isList(given) && !isRecord(given)) throw malformed(where, 'parameters are an object or a list');
  return { action, parameters: isList(given) ? named(action, given, where) : given, written };
}

/** Parameters without names are meant in the order of the table. */
function named<Context>(action: Action<Context>, values: readonly unknown[], where: string): Readonly<Record<string, unknown>> {
  const names = Object.keys(action.input.shape);
  if (values.length > names.length) throw malformed(where, `${action.name} takes ${names.length} parameters`);
  return Object.fromEntries(names.slice(0, values.length).map((parameter, index) => [parameter, values[index]]));
}

function assertAllowed<Context>(action: Action<Context>, from: 'anywhere' | 'here'): void {
  if (action.right === 'operator' || from === 'here') return;
  throw new CodedError(
    'api.forbidden-action',
    `${action.name} works with a file of this machine, so it takes the local socket: run it there with usher run`,
  );
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(where: string, problem: string): CodedError {
  return new CodedError('message.malformed', `${where}: ${problem}`);
}
