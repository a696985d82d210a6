import type { Logger } from 'pino';
import type { Display } from './display.ts';
import { connectX } from './x-connection.ts';

/** Serves a screen that somebody else started. Its size is its owner's business, so it is never changed from here. */
export async function openExistingDisplay(name: string, log: Logger): Promise<Display> {
  const connection = await connectX(name, undefined, log);
  return {
    connection,
    lost: connection.lost.then(() => `display ${name} closed the connection`),
    resize: () => Promise.resolve(false),
    [Symbol.asyncDispose]: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}
