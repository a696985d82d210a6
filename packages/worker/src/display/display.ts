import type { Mode } from '@usher/protocol';
import type { XConnection } from './x-connection.ts';

/** A screen that can be looked at and operated; virtual or somebody's own. */
export interface Display extends AsyncDisposable {
  readonly connection: XConnection;
  /** Resolves, with words, if the display goes away by itself. */
  readonly lost: Promise<string>;
  /** Takes the mode if it can; whether it did shows in the size of the root window. */
  resize(mode: Mode): Promise<boolean>;
}
