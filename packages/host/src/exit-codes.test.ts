import { CodedError, type ErrorCode } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './exit-codes.ts';

describe('how a start that failed exits', () => {
  it.each<[ErrorCode, number]>([
    ['config.invalid', 2],
    ['store.unreadable', 2],
    ['store.unsafe', 2],
    ['store.write-failed', 2],
    ['host.port-in-use', 3],
    ['host.already-running', 4],
    ['session.transport', 1],
  ])('design §6: %s is %i', (code, exitCode) => {
    expect(exitCodeOf(new CodedError(code, ''))).toBe(exitCode);
  });

  it('design §6: a bug is 1', () => {
    expect(exitCodeOf(new TypeError('a bug'))).toBe(1);
  });
});
