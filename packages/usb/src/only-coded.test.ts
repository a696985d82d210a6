import { CodedError } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { onlyCoded } from './only-coded.ts';

describe('onlyCoded', () => {
  it('a coded failure passes, a bug goes on as what it is', () => {
    const failure = new CodedError('frame.truncated', 'short');
    const bug = new TypeError('a bug');
    expect(onlyCoded(failure)).toBe(failure);
    expect(() => onlyCoded(bug)).toThrow(bug);
  });
});
