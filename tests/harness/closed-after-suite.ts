import { afterAll } from 'vitest';

/**
 * For a suite that opens things before its tests: what is handed to the function that this gives is closed after them, the last first,
 * also where opening the next one failed.
 */
export function closedAfterSuite(): <Thing extends AsyncDisposable>(opening: Promise<Thing>) => Promise<Thing> {
  const opened: AsyncDisposable[] = [];
  afterAll(async () => {
    const failures: unknown[] = [];
    for (const thing of opened.reverse()) {
      await thing[Symbol.asyncDispose]().then(undefined, (error: unknown) => failures.push(error)); // the next one has to be closed all the same
    }
    if (failures.length > 0) throw new AggregateError(failures, `not everything could be closed: ${failures.join('; ')}`);
  });
  return async (opening) => {
    const thing = await opening;
    opened.push(thing);
    return thing;
  };
}
