import type { CursorShape } from '@usher/protocol';
import type { Logger } from 'pino';
import type { CursorImage } from 'x11';
import type { XConnection } from '../display/x-connection.ts';
import { cursorShape } from './cursor-shape.ts';

const DISPLAY_CURSOR = 1;

/** Tells the pointer's shape now and whenever it changes. Changes while one is being fetched are told once, as the last of them. */
export function watchCursor(connection: XConnection, tell: (cursor: CursorShape) => void, log: Logger): void {
  let wanted = 0;
  let fetching = false;

  const fetch = async (): Promise<void> => {
    wanted += 1;
    if (fetching) return;
    fetching = true;
    try {
      for (let fetched = 0; fetched !== wanted; ) {
        fetched = wanted;
        tell(cursorShape(await connection.ask<CursorImage>((done) => connection.extensions.fixes.GetCursorImage(done))));
      }
    } catch (error) {
      // A fresh X server has none until somebody moves or sets it; the change that follows is heard.
      log.debug({ problem: String(error) }, 'the pointer has no shape');
    } finally {
      fetching = false;
    }
  };

  connection.extensions.fixes.SelectCursorInput(connection.root, DISPLAY_CURSOR);
  connection.onEvent((event) => {
    if (event.name === 'CursorNotify') void fetch();
  });
  void fetch();
}
