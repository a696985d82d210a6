import { CodedError } from '@usher/protocol';

/** A file or directory that can't be used as it is. */
export function unreadable(path: string, why: string, cause?: unknown): CodedError {
  return new CodedError('store.unreadable', `${path} can't be read (${why})`, { cause });
}

/** The system's word for a failure (`EACCES`), which is safe to show; its message may quote more than the path. */
export function systemWord(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}
