import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, text } from '../../testing/arbitraries.ts';
import { assertFailsByCode, assertRoundTrip } from '../../testing/codec-properties.ts';
import {
  decodePairChallenge,
  decodePairProof,
  decodePairRequest,
  decodePairResult,
  encodePairChallenge,
  encodePairProof,
  encodePairRequest,
  encodePairResult,
} from './pairing.ts';

const confirmation = bytes(32, 32);
const requests = fc.record({ name: text(64), share: bytes(128) });
const challenges = fc.record({ share: bytes(128), confirmation });
const request = { encode: encodePairRequest, decode: decodePairRequest };
const challenge = { encode: encodePairChallenge, decode: decodePairChallenge };
const proof = { encode: encodePairProof, decode: decodePairProof };
const result = { encode: encodePairResult, decode: decodePairResult };

describe('pairing messages', () => {
  it('P3: each reads back whatever it writes', () => {
    assertRoundTrip(requests, request);
    assertRoundTrip(challenges, challenge);
    assertRoundTrip(confirmation, proof);
    assertRoundTrip(fc.boolean(), result);
  });

  it('V6: noise and damage fail by code only', () => {
    assertFailsByCode(requests, request);
    assertFailsByCode(challenges, challenge);
    assertFailsByCode(confirmation, proof);
    assertFailsByCode(fc.boolean(), result);
  });

  it('P3: the sizes are those of the base protocol', () => {
    const share = new Uint8Array(65);
    expect(encodePairRequest({ name: 'Tab', share })).toHaveLength(8 + 3 + 65);
    expect(encodePairChallenge({ share, confirmation: new Uint8Array(32) })).toHaveLength(39 + 65);
    expect(encodePairProof(new Uint8Array(32))).toHaveLength(37);
    expect(encodePairResult(true)).toHaveLength(6);
  });

  it('P3: a name that is too long is cut between characters', () => {
    const { name } = decodePairRequest(encodePairRequest({ name: 'é'.repeat(33), share: new Uint8Array(1) }));
    expect(name).toBe('é'.repeat(32));
  });

  it('refuses to write a share or a confirmation that no reader takes', () => {
    expect(() => encodePairRequest({ name: '', share: new Uint8Array(129) })).toThrow(RangeError);
    expect(() => encodePairChallenge({ share: new Uint8Array(129), confirmation: new Uint8Array(32) })).toThrow(RangeError);
    expect(() => encodePairChallenge({ share: new Uint8Array(65), confirmation: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => encodePairProof(new Uint8Array(33))).toThrow(RangeError);
  });
});
