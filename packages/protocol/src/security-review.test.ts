import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../', import.meta.url);
const page = read('docs/security-review.md');
const rows = page.split('\n').filter((line) => /^\| .* \|$/.test(line) && !/^\| -/.test(line));
const named = [...page.matchAll(/`((?:packages|tests)\/[^`]+)`: “([^”]+)”/g)].map(([, path = '', title = '']) => ({ path, title }));

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

describe('docs/security-review.md', () => {
  it('U7.1: has every line of the checklist, once', () => {
    const numbers = rows.flatMap((row) => row.split('|').map((cell) => cell.trim())).filter((cell) => /^\d+$/.test(cell));
    expect(numbers.map(Number).sort((one, other) => one - other)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1));
  });

  it.each(named)('U7.1: $path has the test “$title”', ({ path, title }) => {
    expect(existsSync(new URL(path, ROOT))).toBe(true);
    expect(read(path)).toContain(title);
  });

  it('U7.1: ties each line to a test, or says that it is open', () => {
    const [, ...lists] = page.split(/\| held by +\|/);
    const lines = lists.flatMap(
      (list) =>
        list
          .split('\n\n')[0]
          ?.split('\n')
          .filter((line) => line.startsWith('| ') && !/^\| -/.test(line)) ?? [],
    );
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.filter((line) => !line.includes('”') && !line.includes('| open:'))).toEqual([]);
  });
});
