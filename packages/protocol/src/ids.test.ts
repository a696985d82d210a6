import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprints } from '../testing/arbitraries.ts';
import { codeOf } from '../testing/vector-suite.ts';
import { displayFingerprint, fingerprint, OPERATOR, profileId, sessionId, shortFingerprint } from './ids.ts';

const HEX = '0123456789abcdef'.repeat(4);
const SPACED = (HEX.match(/../g) ?? []).join(':');

describe('fingerprint', () => {
  it.each([HEX, HEX.toUpperCase(), SPACED, SPACED.toUpperCase()])('S4: %s is read', (text) => {
    expect(fingerprint(text)).toBe(HEX);
  });

  it.each([
    ['empty', ''],
    ['a digit short', HEX.slice(1)],
    ['a digit long', `${HEX}0`],
    ['not hex', `g${HEX.slice(1)}`],
    ['a colon inside a byte', `0:${HEX.slice(1)}`],
    ['colons here and there', `${HEX.slice(0, 2)}:${HEX.slice(2)}`],
    ['a colon behind it', `${SPACED}:`],
    ['a line break behind it', `${HEX}\n`],
  ])('S4: one that is %s is refused', (_what, text) => {
    expect(codeOf(() => fingerprint(text))).toBe('message.malformed');
  });

  it('is shown as certificates print it, and reads back from that', () => {
    expect(displayFingerprint(fingerprint(HEX))).toBe(SPACED.toUpperCase());
    fc.assert(
      fc.property(fingerprints, (value) => {
        expect(fingerprint(displayFingerprint(value))).toBe(value);
      }),
    );
  });

  it('is shortened to eight digits for logs and pages', () => {
    expect(shortFingerprint(fingerprint(HEX))).toBe('01234567');
  });
});

describe('profileId', () => {
  it.each(['operator', '0123456789ab'])('P1.4: %s is one', (text) => {
    expect(profileId(text)).toBe(text);
    expect(OPERATOR).toBe('operator');
  });

  it.each(['', 'root', 'Operator', '0123456789AB', '0123456789a', '0123456789abc', '0123456789ab\n', '../0123456789'])(
    'P1.4: %j is none',
    (text) => {
      expect(codeOf(() => profileId(text))).toBe('message.malformed');
    },
  );
});

describe('sessionId', () => {
  it('is sixteen lowercase hex digits', () => {
    expect(sessionId('0123456789abcdef')).toBe('0123456789abcdef');
  });

  it.each(['', '0123456789ABCDEF', '0123456789abcde', '0123456789abcdef0'])('%j is none', (text) => {
    expect(codeOf(() => sessionId(text))).toBe('message.malformed');
  });
});
