import { type RefObject, useEffect } from 'react';
import type { DesktopSession } from '../link.ts';
import { wantedMode } from '../wanted-mode.ts';

/** A window that is dragged larger passes through hundreds of sizes; each costs the host a new encoder. */
const SETTLED_MS = 250;

/** Asks for a desktop as large as the stage whenever that has changed (requirement P7.3). */
export function useWindowSize(stage: RefObject<HTMLElement | null>, session: DesktopSession): void {
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = session.mode;
    const ask = () => {
      const wanted = wantedMode(element.clientWidth, element.clientHeight, window.devicePixelRatio);
      if (wanted.width === asked.width && wanted.height === asked.height) return;
      asked = wanted;
      session.resize(wanted).catch(() => undefined); // the old size stays; a session that ended says so itself
    };
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(ask, SETTLED_MS);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [stage, session]);
}
