/** The middle and the slow end of a series of measurements. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return { count: sorted.length, median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** One line of a benchmark's result. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The bound; a figure without one is only told. */
  readonly atMost?: number;
  /** The same quantity of the peer in the same run. */
  readonly peer?: number;
}

/** Prints the table; the last line is the verdict. Returns whether every bound held. */
export function report(title: string, figures: readonly Figure[]): boolean {
  console.log(`\n${title}\n`);
  console.log('| figure | here | bound | peer | ratio |\n|---|---|---|---|---|');
  for (const { name, value, unit, atMost, peer } of figures) {
    const cells = [
      name,
      `${format(value)} ${unit}`,
      atMost === undefined ? '' : `≤ ${format(atMost)} ${unit}`,
      peer === undefined ? '' : `${format(peer)} ${unit}`,
      peer === undefined ? '' : format(value / peer),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  const bounded = figures.filter((figure) => figure.atMost !== undefined);
  const missed = bounded.filter((figure) => !(figure.value <= (figure.atMost ?? Number.NaN)));
  for (const figure of missed) console.log(`missed: ${figure.name}`);
  console.log(`\n${bounded.length - missed.length} passed, ${missed.length} failed`);
  return missed.length === 0;
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
