import type { DesktopSession } from '../link.ts';
import type { KeyboardSystem } from './held-keys.ts';
import type { PictureArea, Size } from './picture-area.ts';

/** What input needs from the page around it. */
export interface Stage {
  /** The element that has the focus while keys go to the session. */
  readonly element: HTMLElement;
  readonly session: Pick<DesktopSession, 'sendInput' | 'sendPointer'>;
  readonly system: KeyboardSystem;
  /** Size of the picture in the session's pixels. */
  picture(): Size;
  /** The pointer is at this place of the stage, in CSS pixels. */
  pointed(x: number, y: number, area: PictureArea): void;
  /** Whether "back" leads to the page's own controls: a remote has no other key for it. */
  readonly remote: boolean;
  /** A person wants the page's own controls. */
  toolbarAsked(): void;
}

/** Subscribes to an event of the stage for as long as it is attached. */
export type Listen = <Name extends keyof HTMLElementEventMap>(name: Name, listener: (event: HTMLElementEventMap[Name]) => void) => void;
