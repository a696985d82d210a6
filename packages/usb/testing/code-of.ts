import { isCoded } from '@usher/protocol';

/** By which code a call fails, for tests: what isn't coded is told in its own words, and so is a call that works. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it worked';
  } catch (error) {
    return isCoded(error) ? error.code : String(error);
  }
}
