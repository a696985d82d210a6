import { describe, expect, it } from 'vitest';
import { CodedError, ERRORS, type ErrorCode } from '../errors.ts';
import { failureOfText, failureText, isChannelFailure } from './failure-text.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[]; // keys of a literal: exactly ErrorCode

describe('failures in the words of the base protocol', () => {
  it.each(CODES)('U1.5: %s comes back from its text', (code) => {
    const { code: read, message } = failureOfText(failureText(new CodedError(code, 'why it failed')), 'internal');
    expect([read, message]).toEqual([code, 'why it failed']);
  });

  it.each([
    ['denied by ACL policy', 'usb.denied'],
    ['max concurrent claims reached (4)', 'usb.claim-limit'],
    ['no USB device matches 1050:0407', 'usb.not-found'],
    ['unknown claim_id 7', 'usb.closed'],
    ['credit exhausted', 'usb.credit-exhausted'],
    ['rate limited; locked out', 'usb.locked-out'],
    ['usb passthrough disabled', 'usb.disabled'],
    ['bad frame: frame too short (1B); need at least 4', 'message.malformed'],
  ] as const)('U1.9: AutoControl’s words "%s" mean %s, and are written without a code', (words, code) => {
    expect(failureOfText(words, 'internal').code).toBe(code);
    expect(failureText(new CodedError(code, words))).toBe(words);
  });

  it('U1.9: words that nobody knows keep their text under the code that the request suggests', () => {
    const failure = failureOfText('bulk read: [Errno 5] Input/output error', 'usb.transfer-failed');
    expect([failure.code, failure.message]).toEqual(['usb.transfer-failed', 'bulk read: [Errno 5] Input/output error']);
    expect(failureOfText('strange [no.such-code]', 'usb.closed').message).toBe('strange [no.such-code]');
  });

  it('U1.5: a bug of ours shows no inside', () => {
    expect(failureText(new TypeError('secret'))).toBe('internal error [internal]');
  });

  it('usb-wire §5.10: a switched-off host concerns every request', () => {
    expect(isChannelFailure(failureOfText('usb passthrough disabled', 'internal'))).toBe(true);
    expect(isChannelFailure(failureOfText('usb backend unavailable: no bus', 'internal'))).toBe(true);
    expect(isChannelFailure(failureOfText('unknown claim_id 7', 'internal'))).toBe(false);
  });
});
