import { type CodedError, isCoded } from '@usher/protocol';

/** Lets through what a stranger's bytes can cause. A bug of ours stays a bug. */
export function onlyCoded(error: unknown): CodedError {
  if (!isCoded(error)) throw error;
  return error;
}
