import { isCoded } from '@usher/protocol';

/** The code that a call rejects with; anything else is no failure of ours. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it worked';
  } catch (error) {
    if (isCoded(error)) return error.code;
    throw error;
  }
}

/** The words that come with it, for whoever has to do something about it. */
export async function messageOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'it worked';
  } catch (error) {
    if (isCoded(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}
