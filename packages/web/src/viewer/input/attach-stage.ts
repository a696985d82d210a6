import { listenToKeys } from './listen-to-keys.ts';
import { listenToPointer } from './listen-to-pointer.ts';
import type { Listen, Stage } from './stage.ts';

/** The browser's own menu, dragging of the picture, "back" on a mouse's side button; the focus is set by hand. */
const BROWSERS_OWN = ['contextmenu', 'dragstart', 'auxclick', 'mousedown', 'mouseup'] as const;

/** Sends what happens on the stage into the session, until the function that comes back is called. */
export function attachStage(stage: Stage): () => void {
  const detached = new AbortController();
  const { signal } = detached;
  const listen: Listen = (name, listener) => stage.element.addEventListener(name, listener, { signal, passive: false });

  const keys = listenToKeys(stage, listen);
  const pointer = listenToPointer(stage, listen);
  for (const name of BROWSERS_OWN) listen(name, (event) => event.preventDefault());
  listen('blur', () => keys.letGo());
  document.addEventListener('visibilitychange', () => document.hidden && keys.letGo(), { signal });

  return () => {
    detached.abort();
    pointer.stop();
    keys.letGo();
  };
}
