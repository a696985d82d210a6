import { describe, expect, it } from 'vitest';
import { type Box, type Direction, neighbour } from './neighbour.ts';

const box = (left: number, top: number, width = 80, height = 80): Box => ({ left, top, right: left + width, bottom: top + height });

/** Three columns, two full rows and a button under them that is as wide as a column and a half. */
const GRID = [box(0, 0), box(100, 0), box(200, 0), box(0, 100), box(100, 100), box(200, 100), box(0, 200, 130, 40)];

describe('where an arrow key leads', () => {
  it.each([
    [0, 'right', 1],
    [1, 'right', 2],
    [2, 'right', undefined],
    [4, 'left', 3],
    [3, 'left', undefined],
    [1, 'down', 4],
    [4, 'down', 6],
    [5, 'down', 6],
    [3, 'down', 6],
    [6, 'up', 3],
    [6, 'down', undefined],
    [5, 'up', 2],
    [0, 'up', undefined],
  ] as const)('P9.5: from %d %s to %s', (from, direction: Direction, expected) => {
    const start = GRID[from];
    if (start === undefined) throw new RangeError('no such box');
    const others = GRID.map((candidate, index) => ({ candidate, index })).filter(({ index }) => index !== from);
    const found = neighbour(
      start,
      others.map(({ candidate }) => candidate),
      direction,
    );
    expect(found === undefined ? undefined : others[found]?.index).toBe(expected);
  });

  it('P9.5: nothing to go to leaves the focus where it is', () => {
    expect(neighbour(box(0, 0), [], 'right')).toBeUndefined();
  });
});
