import { useEffect, useEffectEvent } from 'react';
import { isBackKey } from '../input/back-key.ts';
import { type Direction, neighbour } from './neighbour.ts';

interface RemoteProps {
  /** Where "back" leads; absent where the shell's own "back" is meant. */
  readonly onBack: (() => void) | undefined;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** What can be pressed. The desktop's stage isn't in it: keys that it has are the desktop's. */
const PRESSABLE = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, a[href]';

/** The page by a remote control: arrows lead from one thing to the next, OK is the browser's own Enter, and "back" goes back. */
export function Remote({ onBack }: RemoteProps) {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof Element) || target.closest('[role="application"]') !== null) return;
    if ((isBackKey(event) || event.key === 'Escape') && onBack !== undefined) {
      event.preventDefault();
      return onBack();
    }
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || usesArrow(target, direction)) return;
    event.preventDefault();
    moveFocus(direction);
  });
  useEffect(() => {
    document.documentElement.dataset['tv'] = '';
    const listener = (event: KeyboardEvent) => pressed(event);
    document.addEventListener('keydown', listener);
    return () => {
      delete document.documentElement.dataset['tv'];
      document.removeEventListener('keydown', listener);
    };
  }, []);
  return null;
}

/** Text needs the arrows that move its caret. The volume's slider doesn't: a remote has keys for that, and must get past it. */
function usesArrow(target: Element, direction: Direction): boolean {
  return target instanceof HTMLInputElement && target.type === 'text' && (direction === 'left' || direction === 'right');
}

function moveFocus(direction: Direction): void {
  const all = [...document.querySelectorAll<HTMLElement>(PRESSABLE)].filter((element) => element.checkVisibility());
  const from = document.activeElement instanceof HTMLElement && all.includes(document.activeElement) ? document.activeElement : undefined;
  // Nothing has the focus yet: the page's own things come before those of its frame.
  if (from === undefined) {
    (all.find((element) => element.closest('main') !== null) ?? all[0])?.focus();
    return;
  }
  const others = all.filter((element) => element !== from);
  const found = neighbour(
    from.getBoundingClientRect(),
    others.map((element) => element.getBoundingClientRect()),
    direction,
  );
  const next = found === undefined ? undefined : others[found];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
