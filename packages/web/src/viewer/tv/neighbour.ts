/** Where something stands on the page, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** How much a step aside counts beside a step ahead: what stands in the same row or column comes first. */
const ASIDE = 3;

/** Which of the boxes an arrow key leads to, as its index; undefined where none lies that way. */
export function neighbour(from: Box, boxes: readonly Box[], direction: Direction): number | undefined {
  let nearest: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    const distance = distanceTo(turned(from, direction), turned(box, direction));
    if (distance === undefined || distance >= least) continue;
    nearest = index;
    least = distance;
  }
  return nearest;
}

/** The page turned so that the direction points to the right: one case instead of four. */
function turned(box: Box, direction: Direction): Box {
  const { left, top, right, bottom } = box;
  switch (direction) {
    case 'right':
      return box;
    case 'left':
      return { left: -right, right: -left, top, bottom };
    case 'down':
      return { left: top, right: bottom, top: left, bottom: right };
    case 'up':
      return { left: -bottom, right: -top, top: left, bottom: right };
    default:
      return direction satisfies never;
  }
}

/** To a box on the right; undefined where it isn't one. Boxes that share some height are straight ahead. */
function distanceTo(from: Box, to: Box): number | undefined {
  if (centre(to.left, to.right) <= centre(from.left, from.right) || to.left < from.left) return undefined;
  const ahead = Math.max(0, to.left - from.right);
  const apart = Math.max(0, to.top - from.bottom, from.top - to.bottom);
  const skew = Math.abs(centre(to.top, to.bottom) - centre(from.top, from.bottom));
  if (ahead === 0 && apart > 0 && to.left < from.right) return undefined; // above or below, only reaching further
  return ahead + ASIDE * apart + skew / 10;
}

function centre(a: number, b: number): number {
  return (a + b) / 2;
}
