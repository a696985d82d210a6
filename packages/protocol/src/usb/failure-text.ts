import { CodedError, type ErrorCode, isCoded, isErrorCode, toWire } from '../errors.ts';

/**
 * The base protocol says why something failed in words only. These are AutoControl's own words (usb-wire §5.3, §5.10), which its
 * viewers and their users know; where one of them fits, it is what our host says, and our viewer reads the code back from it.
 */
const TEXTS: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['denied by ACL policy', 'usb.denied'],
  ['max concurrent claims reached', 'usb.claim-limit'],
  ['no USB device matches', 'usb.not-found'],
  ['unknown claim_id', 'usb.closed'],
  ['handle is closed', 'usb.closed'],
  ['unknown or expired resume token', 'usb.closed'],
  ['credit exhausted', 'usb.credit-exhausted'],
  ['rate limited; locked out', 'usb.locked-out'],
  ['usb passthrough disabled', 'usb.disabled'],
  ['usb backend unavailable', 'usb.backend-unavailable'],
  ['no usb session on host', 'usb.backend-unavailable'],
  ['bad frame', 'message.malformed'],
  ['bad payload', 'message.malformed'],
  ['bad OPEN payload', 'message.malformed'],
  ['bad RESUME payload', 'message.malformed'],
];

/** What a failure is called on the wire: its words, and its code in brackets unless the words say it already (rule U7). */
export function failureText(error: unknown): string {
  const { code, message } = toWire(error);
  return codeOfWords(message) === code ? message : `${message} [${code}]`;
}

/** A failure as the viewer knows it, from a host's words. Words of a stranger's host keep their text under `fallback`. */
export function failureOfText(text: string, fallback: ErrorCode): CodedError {
  const bracketed = /^(.*) \[([a-z.-]+)\]$/s.exec(text);
  const [, words, code] = bracketed ?? [];
  if (words !== undefined && code !== undefined && isErrorCode(code)) return new CodedError(code, words);
  return new CodedError(codeOfWords(text) ?? fallback, text);
}

/** Whether this failure concerns the whole channel, whatever request was waiting (usb-wire §5.10, claim id 0). */
export function isChannelFailure(error: CodedError): boolean {
  return isCoded(error, 'usb.disabled') || isCoded(error, 'usb.backend-unavailable');
}

function codeOfWords(text: string): ErrorCode | undefined {
  return TEXTS.find(([prefix]) => text.startsWith(prefix))?.[1];
}
