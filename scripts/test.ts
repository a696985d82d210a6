/**
 * `npm test [-- AREA]`, `npm run check`: runs the checks and tests, one after the other, and ends with a line `N passed, N failed`.
 * Each static check counts as one; of the test runners every test counts.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { conclude, runVitest, type Verdict } from './vitest-run.ts';

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

const AREAS: Readonly<Record<string, () => Promise<readonly Verdict[]>>> = {
  check: async () => [...CHECKS.map(check), await runVitest('unit', patterns)],
  unit: async () => [await runVitest('unit', patterns)],
  process: async () => [await runVitest('process', patterns)],
  e2e: async () => [await runVitest('e2e', patterns)],
};

const [area, ...patterns] = process.argv.slice(2);
const chosen = area === undefined ? ['check', 'process', 'e2e'] : [area];
if (!chosen.every((name) => Object.hasOwn(AREAS, name))) {
  console.error(`There is no area "${area}". Areas: ${Object.keys(AREAS).join(', ')}.`);
  process.exit(2);
}
const verdicts: Verdict[] = [];
for (const name of chosen) verdicts.push(...((await AREAS[name]?.()) ?? []));
conclude(verdicts);

function check({ name, command }: (typeof CHECKS)[number]): Verdict {
  const [program = '', ...args] = command;
  const started = performance.now();
  const { status } = spawnSync(join('node_modules/.bin', program), args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ok = status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return ok ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [`static check: ${name}`] };
}
