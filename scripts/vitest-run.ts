import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';

/** What a run of tests came to. */
export interface Verdict {
  readonly passed: number;
  readonly failed: number;
}

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
    const counts = readCounts(report);
    return { passed: counts.passed, failed: counts.failed + (status !== 0 && counts.failed === 0 ? 1 : 0) };
  } finally {
    process.removeListener('SIGINT', passOn);
    process.removeListener('SIGTERM', passOn);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The last line of every run, and its exit status: nothing that ran is no success. */
export function conclude(verdicts: readonly Verdict[]): void {
  const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0);
  const failed = verdicts.reduce((sum, verdict) => sum + verdict.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

function readCounts(report: string): Verdict {
  let text: string;
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    return { passed: 0, failed: 1 }; // no report: the runner itself failed and has said why
  }
  const counts = Reader.of(JSON.parse(text), 'report'); // deeper than Reader.json reads; only two of its numbers are looked at
  return { passed: counts.integer('numPassedTests', 0, 1_000_000), failed: counts.integer('numFailedTests', 0, 1_000_000) };
}
