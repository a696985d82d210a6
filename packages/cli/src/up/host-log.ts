/** pino's levels. */
const WARN = 40;
const ERROR = 50;

/**
 * A line of the host's log as a person in front of a terminal needs it: warnings and errors as a sentence, everything else left out.
 * A line that isn't the host's own (a crash of Node, say) is shown as it is.
 */
export function readableLogLine(line: string): string | undefined {
  const entry = parsed(line);
  if (entry === undefined) return line;
  if (entry.level < WARN) return undefined;
  return `${entry.level >= ERROR ? 'error' : 'warning'}: ${entry.message}`;
}

function parsed(line: string): { readonly level: number; readonly message: string } | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined; // not the log's
  }
  if (typeof entry !== 'object' || entry === null || !('level' in entry) || !('msg' in entry)) return undefined;
  return typeof entry.level === 'number' && typeof entry.msg === 'string' ? { level: entry.level, message: entry.msg } : undefined;
}
