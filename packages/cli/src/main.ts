#!/usr/bin/env node
import { basename, relative } from 'node:path';
import { ExitCode } from './exit-codes.ts';
import { run } from './program.ts';
import { keyboardOf, readLines, type Terminal } from './terminal.ts';

/** Both `src` and `dist` are two levels below the directory of the packages. */
const packages = new URL('../../', import.meta.url);
const interrupted = new AbortController();

const terminal: Terminal = {
  environment: process.env,
  self: selfOf(process.argv[1] ?? 'usher'),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  readLines: (count) => readLines(process.stdin, count),
  keyboard: keyboardOf(process.stdin),
  signal: interrupted.signal,
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
process.stdout.on('error', () => process.exit(ExitCode.Failed)); // whoever read the answer has gone
const exitCode = await run(process.argv.slice(2), terminal, packages);
// libdatachannel's threads would keep the process alive; what is still to be written goes first.
for (const stream of [process.stdout, process.stderr]) await new Promise((resolve) => stream.write('', resolve));
process.exit(exitCode);

function selfOf(script: string): string {
  return basename(script) === 'usher' ? 'usher' : `node ${relative(process.cwd(), script)}`;
}
