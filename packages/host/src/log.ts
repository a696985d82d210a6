import { type Logger, pino } from 'pino';

export type { Logger };

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * JSON lines on stderr; stdout belongs to the ready line. The level comes from `USHER_LOG`, and a word that isn't a level
 * reads as `info`, because a host that doesn't start over its log level helps nobody.
 */
export function openLog(level: string | undefined): Logger {
  return pino(
    { level: level !== undefined && LEVELS.includes(level) ? level : 'info', base: { process: 'host' } },
    pino.destination({ dest: 2, sync: true }), // synchronous, so that the last line before an exit is not lost
  );
}
