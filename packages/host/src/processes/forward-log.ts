import type { Readable } from 'node:stream';
import { isCoded, Reader } from '@usher/protocol';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

/** A longer line is cut: no line of ours comes near it. */
const LINE_MAX = 4096;
/** Lines a second that are worth reading; a child that says more is broken, and one line tells how much was left out. */
const LINES_PER_SECOND = 50;

/** What pino adds to every line by itself; the host's log has its own. */
const PINO_OWN = new Set(['level', 'time', 'pid', 'hostname', 'name', 'process', 'msg', 'v']);

/** Puts the lines that a child writes to stderr into the host's log, bounded in length and in number. */
export function forwardLog(stderr: Readable, from: string, clock: Clock, log: Logger): void {
  let rest = '';
  let secondBeganMs = clock.now();
  let lines = 0;
  let leftOut = 0;

  function take(line: string): void {
    if (clock.now() - secondBeganMs >= 1000) {
      if (leftOut > 0) log.warn({ from, leftOut }, 'lines of a child were left out');
      secondBeganMs = clock.now();
      lines = 0;
      leftOut = 0;
    }
    lines += 1;
    if (lines > LINES_PER_SECOND) leftOut += 1;
    else if (line !== '') write(line, from, log);
  }

  stderr.setEncoding('utf8');
  stderr.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    rest = (rest + first).slice(0, LINE_MAX);
    for (const next of others) {
      take(rest);
      rest = next.slice(0, LINE_MAX);
    }
  });
  stderr.once('end', () => take(rest));
}

/** A line of pino keeps its level and its fields; anything else is a warning of some library. */
function write(line: string, from: string, log: Logger): void {
  let fields: Reader;
  try {
    fields = Reader.json(line, from);
  } catch (error) {
    if (!isCoded(error)) throw error;
    log.warn({ from }, line);
    return;
  }
  const level = fields.raw('level');
  const message = fields.raw('msg');
  const details = Object.fromEntries(
    fields
      .names()
      .filter((name) => !PINO_OWN.has(name))
      .map((name) => [name, fields.raw(name)]),
  );
  const write = typeof level !== 'number' || level >= 50 ? log.error : level >= 40 ? log.warn : level >= 30 ? log.info : log.debug;
  write.call(log, { from, ...details }, typeof message === 'string' ? message : line);
}
