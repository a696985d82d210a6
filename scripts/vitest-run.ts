import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Reader } from '@usher/protocol';
import { removeDirectory } from '../tests/harness/temporary-directory.ts';

/** What a run of tests came to. */
export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** A line for each failure: which test, and the beginning of what it said. */
  readonly failures: readonly string[];
}

/** Begins the lines that repeat the failures where a long run ends: `.ci/run` looks for it. */
const FAILURE = 'FAILED: ';
/** Characters of a failure that are repeated: which test, and an assertion's first lines, not a page's whole text. */
const SAID_CHARACTERS = 400;

/**
 * Runs a project of the tests. What they leave in the temporary directory is theirs alone and goes with them, also where the run is
 * interrupted. A run that crashes before it writes its report counts as one failure.
 */
export async function runVitest(project: string, patterns: readonly string[]): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'usher-test-'));
  const report = join(directory, 'report.json');
  const child = spawn(
    join('node_modules/.bin', 'vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...patterns],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TMPDIR: directory } },
  );
  // A terminal's Ctrl-C has reached the tests, too; a signal to this process alone has not.
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  try {
    const status = await new Promise<number | undefined>((resolve) => {
      child.once('error', () => resolve(undefined));
      child.once('close', (code) => resolve(code ?? undefined));
    });
    const verdict = readReport(report);
    if (status === 0 || verdict.failed > 0) return verdict;
    return { ...verdict, failed: 1, failures: [...verdict.failures, `the run of "${project}" ended with status ${status}`] };
  } finally {
    process.removeListener('SIGINT', passOn);
    process.removeListener('SIGTERM', passOn);
    await removeDirectory(directory);
  }
}

/** The last lines of every run, and its exit status: which failed, and how many; nothing that ran is no success. */
export function conclude(verdicts: readonly Verdict[]): void {
  const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0);
  const failed = verdicts.reduce((sum, verdict) => sum + verdict.failed, 0);
  for (const failure of verdicts.flatMap((verdict) => verdict.failures)) console.log(`${FAILURE}${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

function readReport(path: string): Verdict {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { passed: 0, failed: 1, failures: ['the runner itself, which has said why above and left no report'] };
  }
  const report = Reader.of(JSON.parse(text), 'report'); // deeper than Reader.json reads
  const failures = report.list('testResults', 100_000, readFile).flat();
  return { passed: report.integer('numPassedTests', 0, 1_000_000), failed: failures.length, failures };
}

/** The failures of one test file; where none of its tests failed but the file did (a set-up that threw), the file's own. */
function readFile(file: Reader): readonly string[] {
  const path = relative(process.cwd(), file.string('name'));
  const failures = file
    .list('assertionResults', 100_000, (test) => (test.string('status') === 'failed' ? said(path, test) : undefined))
    .filter((failure) => failure !== undefined);
  if (failures.length > 0 || file.string('status') !== 'failed') return failures;
  return [beginning(`${path}: its set-up or its end, ${file.string('message', Number.MAX_SAFE_INTEGER) || 'said above'}`)];
}

function said(path: string, test: Reader): string {
  const messages = test.strings('failureMessages', 1000, Number.MAX_SAFE_INTEGER);
  return beginning(`${path} > ${test.string('fullName')}: ${messages.join(' | ')}`);
}

/** In one line, without the colours of a terminal. */
function beginning(message: string): string {
  return stripVTControlCharacters(message).replace(/\s+/gu, ' ').slice(0, SAID_CHARACTERS);
}
