/**
 * `npm run lab [-- NAME]`: runs the labs, or one of them, and ends with a line `N passed, N failed`. A lab that can't be prepared on this
 * machine counts as one failure and says what is missing. tests/lab/README.md tells what each of them proves.
 */
import { isolationLab } from '../tests/lab/isolation/lab.ts';
import type { Lab } from '../tests/lab/lab.ts';
import { usbLab } from '../tests/lab/usb/lab.ts';
import { conclude, runVitest, type Verdict } from './vitest-run.ts';

const LABS: readonly Lab[] = [isolationLab, usbLab];

const [wanted, ...rest] = process.argv.slice(2);
const chosen = LABS.filter((lab) => wanted === undefined || lab.name === wanted);
if (chosen.length === 0 || rest.length > 0) {
  console.error(`usage: npm run lab [-- NAME]\n${LABS.map((lab) => `  ${lab.name.padEnd(12)} ${lab.proves}`).join('\n')}`);
  process.exit(2);
}
const verdicts: Verdict[] = [];
for (const lab of chosen) verdicts.push(await run(lab));
conclude(verdicts);

async function run(lab: Lab): Promise<Verdict> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  console.log(`lab ${lab.name}: ${lab.proves}`);
  try {
    await lab.prepare((line) => console.log(`  ${line}`));
  } catch (error) {
    const failure = `lab ${lab.name} can't be prepared: ${error instanceof Error ? error.message : String(error)}`;
    console.log(`FAIL ${failure} (${seconds()})`);
    return { passed: 0, failed: 1, failures: [failure] };
  }
  console.log(`lab ${lab.name}: prepared (${seconds()})`);
  const verdict = await runVitest('lab', [`${lab.folder}/`]);
  console.log(`lab ${lab.name}: ${verdict.passed} passed, ${verdict.failed} failed (${seconds()})`);
  return verdict;
}
