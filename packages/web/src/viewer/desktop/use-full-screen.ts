import { type RefObject, useEffect, useState } from 'react';

export interface FullScreen {
  /** False on phones that keep their bars whatever a page asks for. */
  readonly possible: boolean;
  readonly active: boolean;
  toggle(): void;
}

/** The Keyboard Lock API (Chromium): in full screen even Escape and Alt+Tab go to the page. Other browsers have none. */
interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

export function useFullScreen(element: RefObject<HTMLElement | null>): FullScreen {
  const [active, setActive] = useState(false);
  useEffect(() => {
    const changed = () => {
      const inside = document.fullscreenElement !== null;
      setActive(inside);
      if (!inside) keyboardLock()?.unlock();
    };
    document.addEventListener('fullscreenchange', changed);
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      if (document.fullscreenElement !== null) void document.exitFullscreen(); // the desktop is over: back to an ordinary page
    };
  }, []);

  const toggle = async () => {
    if (document.fullscreenElement !== null) return document.exitFullscreen();
    await element.current?.requestFullscreen({ navigationUI: 'hide' });
    await keyboardLock()?.lock();
  };
  // A browser that refuses stays as it was, and the button goes on saying what it would do.
  return { possible: document.fullscreenEnabled, active, toggle: () => void toggle().catch(() => undefined) };
}

function keyboardLock(): KeyboardLock | undefined {
  if (!('keyboard' in navigator)) return undefined;
  const { keyboard } = navigator;
  return isKeyboardLock(keyboard) ? keyboard : undefined;
}

function isKeyboardLock(value: unknown): value is KeyboardLock {
  return typeof value === 'object' && value !== null && 'lock' in value && 'unlock' in value;
}
