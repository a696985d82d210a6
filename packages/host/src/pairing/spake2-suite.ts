import { randomBytes, timingSafeEqual } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Spake2Suite } from '@usher/protocol';

/** SPAKE2's primitives from @noble and Node (RFC 9382; protocol's `spake2.ts` puts them together). */
export const spake2Suite: Spake2Suite = {
  base: p256.Point.BASE,
  order: p256.Point.Fn.ORDER,
  point: (bytes) => p256.Point.fromBytes(bytes),
  sha256: (message) => sha256(message),
  hmac: (key, message) => hmac(sha256, key, message),
  hkdf: (key, info, length) => hkdf(sha256, key, undefined, info, length),
  random: (length) => randomBytes(length),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
};
