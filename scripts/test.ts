/**
 * `npm test [-- AREA]`, `npm run check`: runs the checks and tests, one after the other, and ends with a line `N passed, N failed`.
 * Each static check counts as one; of the test runners every test counts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '@usher/protocol';

interface Verdict {
  readonly passed: number;
  readonly failed: number;
}

const CHECKS: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types: node and tests', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types: language', command: ['tsc', '-p', 'tsconfig.language.json'] },
  { name: 'types: browser', command: ['tsc', '-p', 'tsconfig.browser.json'] },
  { name: 'types: browser tests and benchmarks', command: ['tsc', '-p', 'tsconfig.e2e.json'] },
  { name: 'typed lint', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'who may import whom', command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'scripts', 'tests', 'bench'] },
  { name: 'nothing unused', command: ['knip'] },
  { name: 'generated files', command: ['tsx', '--conditions=@usher/source', 'scripts/generate.ts', '--check'] },
];

const AREAS: Readonly<Record<string, () => Verdict[]>> = {
  check: () => [...CHECKS.map(check), vitest('unit')],
  unit: () => [vitest('unit')],
  process: () => [vitest('process')],
  e2e: () => [vitest('e2e')],
};

const [area, ...patterns] = process.argv.slice(2);
const chosen = area === undefined ? ['check', 'process', 'e2e'] : [area];
if (!chosen.every((name) => Object.hasOwn(AREAS, name))) {
  console.error(`There is no area "${area}". Areas: ${Object.keys(AREAS).join(', ')}.`);
  process.exit(2);
}
const verdicts = chosen.flatMap((name) => AREAS[name]?.() ?? []);
const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0);
const failed = verdicts.reduce((sum, verdict) => sum + verdict.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function check({ name, command }: (typeof CHECKS)[number]): Verdict {
  const [program = '', ...args] = command;
  const started = performance.now();
  const { status } = spawnSync(join('node_modules/.bin', program), args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ok = status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A run that crashes before it writes its report counts as one failure. */
function vitest(project: string): Verdict {
  const directory = mkdtempSync(join(tmpdir(), 'usher-test-'));
  const report = join(directory, 'report.json');
  try {
    const { status } = spawnSync(
      join('node_modules/.bin', 'vitest'),
      ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...patterns],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const counts = readCounts(report);
    return { passed: counts.passed, failed: counts.failed + (status !== 0 && counts.failed === 0 ? 1 : 0) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
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
