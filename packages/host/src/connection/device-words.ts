import { CodedError, type ErrorCode } from '@usher/protocol';

/** What the host's own files and settings have to do with: their messages name paths, and commands for whoever operates the host. */
const OPERATORS_MATTERS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'store.unreadable': 'the host can’t use one of its files; ask its operator',
  'store.unsafe': 'the host can’t use one of its files; ask its operator',
  'store.newer-version': 'the host can’t change one of its files; ask its operator',
  'store.write-failed': 'the host can’t save anything right now; ask its operator',
  'config.invalid': 'the host is not set up for that; ask its operator',
};

/**
 * A failure as a device may hear it: how the host's disk is laid out is for its operator, who has it in the log; a device, and a stranger
 * most of all, hears only whom to ask.
 */
export function inDeviceWords(reason: CodedError): CodedError {
  const words = OPERATORS_MATTERS[reason.code];
  return words === undefined ? reason : new CodedError(reason.code, words);
}
