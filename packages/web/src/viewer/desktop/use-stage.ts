import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import { attachStage } from '../input/attach-stage.ts';
import type { KeyboardSystem } from '../input/held-keys.ts';
import type { DesktopSession } from '../link.ts';
import { CursorPainter } from './cursor-painter.ts';

interface StageParts {
  readonly stage: RefObject<HTMLDivElement | null>;
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly cursor: RefObject<HTMLCanvasElement | null>;
  /** Whether a first picture has come. */
  readonly pictured: boolean;
}

/** Shows the session's picture and cursor, and sends what a person does on it. */
export function useStage(session: DesktopSession, remote: boolean, toolbarAsked: () => void): StageParts {
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const cursor = useRef<HTMLCanvasElement>(null);
  const [pictured, setPictured] = useState(false);
  const askForToolbar = useEffectEvent(toolbarAsked);

  useEffect(() => {
    const [element, screen, canvas] = [stage.current, video.current, cursor.current];
    if (element === null || screen === null || canvas === null) throw new TypeError('the stage is on the page');
    const painter = new CursorPainter(element, canvas);
    const firstPicture = () => setPictured(true);
    screen.addEventListener('loadeddata', firstPicture, { once: true });
    // A stream of its own: in one with the sound, the browser holds the picture back until the sound has caught up.
    screen.srcObject = new MediaStream([session.video]);
    const silenceCursor = session.on('cursor', (shape) => painter.show(shape));
    const detach = attachStage({
      element,
      session,
      system: keyboardSystem(navigator.userAgent),
      remote,
      picture: () => ({ width: screen.videoWidth, height: screen.videoHeight }),
      pointed: (x, y, area) => painter.move(x, y, area.scale),
      toolbarAsked: () => askForToolbar(),
    });
    element.focus({ preventScroll: true });
    return () => {
      detach();
      silenceCursor();
      screen.removeEventListener('loadeddata', firstPicture);
      screen.srcObject = null;
    };
  }, [session, remote]);

  return { stage, video, cursor, pictured };
}

function keyboardSystem(userAgent: string): KeyboardSystem {
  if (/\bMac OS X\b/.test(userAgent)) return 'mac';
  return /\bWindows\b/.test(userAgent) ? 'windows' : 'other';
}
