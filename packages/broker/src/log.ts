type Level = 'info' | 'warn' | 'error';
type Fields = Readonly<Record<string, string | number>>;

/** The log for developers; decisions are the audit's. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/** Lines of JSON, as the other processes write them. */
export function lineLog(write: (line: string) => void): Log {
  const say = (level: Level) => (message: string, fields?: Fields) =>
    write(`${JSON.stringify({ name: 'broker', level, ...fields, msg: message })}\n`);
  return { info: say('info'), warn: say('warn'), error: say('error') };
}
