import { randomBytes, timingSafeEqual } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { CurvePoint, Spake2Suite } from '@usher/protocol';

/** SPAKE2's primitives from @noble and Node (RFC 9382; protocol's `spake2.ts` puts them together). */
export const spake2Suite: Spake2Suite = {
  base: curvePoint(p256.Point.BASE),
  order: p256.Point.Fn.ORDER,
  point: (bytes) => curvePoint(p256.Point.fromBytes(bytes)),
  sha256: (message) => sha256(message),
  hmac: (key, message) => hmac(sha256, key, message),
  hkdf: (key, info, length) => hkdf(sha256, key, undefined, info, length),
  random: (length) => randomBytes(length),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
};

type NoblePoint = typeof p256.Point.BASE;

/** @noble adds only its own class of points, so each of ours keeps the one that it stands for. */
class NobleCurvePoint implements CurvePoint {
  readonly #point: NoblePoint;

  constructor(point: NoblePoint) {
    this.#point = point;
  }

  add(other: CurvePoint): CurvePoint {
    return curvePoint(this.#point.add(nobleOf(other)));
  }

  subtract(other: CurvePoint): CurvePoint {
    return curvePoint(this.#point.subtract(nobleOf(other)));
  }

  multiply(scalar: bigint): CurvePoint {
    return curvePoint(this.#point.multiply(scalar));
  }

  toBytes(compressed: boolean): Uint8Array {
    return this.#point.toBytes(compressed);
  }

  static unwrap(point: NobleCurvePoint): NoblePoint {
    return point.#point;
  }
}

function curvePoint(point: NoblePoint): CurvePoint {
  return new NobleCurvePoint(point);
}

function nobleOf(point: CurvePoint): NoblePoint {
  if (!(point instanceof NobleCurvePoint)) throw new TypeError('points of two libraries');
  return NobleCurvePoint.unwrap(point);
}
