import { Reader } from '@usher/protocol';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Nodes that are named of one rule; a page with one mistake in a list of a hundred has a hundred. */
const NODES_SHOWN = 3;

/** Waits until what moves on the page has arrived: halfway it has other colours. What never stops, like the dots of a wait, needn't. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(finite.map((one) => one.finished));
  });
}

/** What axe finds that keeps people out of the page: its serious and critical violations, each as one line. */
export async function barriersIn(page: Page): Promise<readonly string[]> {
  await atRest(page);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const found: unknown = await page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)');
  return Reader.of({ violations: found }, 'axe')
    .list('violations', 200, (violation) => ({
      impact: violation.word('impact', ['minor', 'moderate', 'serious', 'critical']),
      text: `${violation.string('id')}: ${violation.string('help')}; ${nodesOf(violation)}`,
    }))
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ text }) => text);
}

function nodesOf(violation: Reader): string {
  return violation
    .list('nodes', 10_000, (node) => node.string('html', 100_000))
    .slice(0, NODES_SHOWN)
    .map((html) => html.slice(0, 200))
    .join(' | ');
}
