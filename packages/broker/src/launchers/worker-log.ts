import type { Readable } from 'node:stream';

/** Characters of a line that are kept: a worker's own lines are shorter, and nobody else's deserve more. */
const LINE_MAX = 1000;
/** Lines that a worker may write in a minute; the rest is counted. Zone 2 must not be able to fill zone 0's journal. */
const LINES_PER_MINUTE = 300;
const MINUTE_MS = 60_000;

/**
 * Reads what a worker (or the program that launches it) says, line by line. It's a person's program that speaks here, so that a line is text,
 * cut and without control characters, and never more than text.
 */
export function readWorkerLog(stream: Readable, heard: (line: string) => void): void {
  let begun = '';
  let isTooLong = false;
  let lines = 0;
  let minuteEnds = 0;
  const tell = (line: string) => {
    const now = performance.now();
    if (now >= minuteEnds) {
      if (lines > LINES_PER_MINUTE) heard(`${lines - LINES_PER_MINUTE} more lines were left out`);
      lines = 0;
      minuteEnds = now + MINUTE_MS;
    }
    lines += 1;
    if (lines <= LINES_PER_MINUTE) heard(line);
  };
  const finish = () => {
    if (begun !== '') tell(begun);
    begun = '';
    isTooLong = false;
  };
  const take = (piece: string) => {
    if (isTooLong) return;
    begun = (begun + piece.replaceAll(/\p{C}/gu, '?')).slice(0, LINE_MAX);
    isTooLong = begun.length === LINE_MAX;
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split('\n');
    take(first);
    for (const piece of others) {
      finish();
      take(piece);
    }
  });
  stream.on('end', finish);
  stream.on('error', finish); // the worker is gone; its end is told elsewhere
}
