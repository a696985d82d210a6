import type { InputEvent } from '@usher/sdk';
import { isBackKey } from './back-key.ts';
import { HeldKeys } from './held-keys.ts';
import type { Listen, Stage } from './stage.ts';

/** Leads from the desktop to the toolbar: no desktop uses it, and every keyboard has it. */
export const TOOLBAR_SHORTCUT = 'Ctrl+Alt+Shift+U';

export function listenToKeys({ session, system, remote, toolbarAsked }: Stage, listen: Listen): { letGo(): void } {
  const keys = new HeldKeys(system);
  const letGo = () => session.sendInput(keys.releaseAll());
  const send = (event: KeyboardEvent, events: readonly InputEvent[] | undefined) => {
    if (events === undefined) return;
    event.preventDefault();
    session.sendInput(events);
  };
  listen('keydown', (event) => {
    if (event.isComposing) return;
    if (!leadsToToolbar(event) && !(remote && isBackKey(event))) {
      return send(event, keys.down({ code: event.code, key: event.key, repeat: event.repeat, atMs: event.timeStamp }));
    }
    event.preventDefault();
    letGo();
    toolbarAsked();
  });
  listen('keyup', (event) => send(event, keys.up(event.code)));
  return { letGo };
}

function leadsToToolbar(event: KeyboardEvent): boolean {
  return event.code === 'KeyU' && event.ctrlKey && event.altKey && event.shiftKey;
}
