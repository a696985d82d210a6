import { concat, fromHex, utf8 } from './bytes.ts';
import { CodedError } from './errors.ts';
import type { Fingerprint } from './ids.ts';

/** A point of P-256, as @noble/curves shapes it: the arithmetic is handed in, so that this package depends on nothing. */
export interface CurvePoint {
  add(other: CurvePoint): CurvePoint;
  subtract(other: CurvePoint): CurvePoint;
  multiply(scalar: bigint): CurvePoint;
  toBytes(compressed: boolean): Uint8Array;
}

/** The primitives that SPAKE2 is made of. Every one is a library's; nothing here computes on secrets by itself. */
export interface Spake2Suite {
  readonly base: CurvePoint;
  /** Order of the base point. */
  readonly order: bigint;
  /** Refuses anything that is not a point of the curve; the point at infinity has no encoding. */
  point(bytes: Uint8Array): CurvePoint;
  sha256(message: Uint8Array): Uint8Array;
  hmac(key: Uint8Array, message: Uint8Array): Uint8Array;
  hkdf(key: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  random(length: number): Uint8Array;
  equal(a: Uint8Array, b: Uint8Array): boolean;
}

/** The group's two blinding points (RFC 9382 §4, P256). */
const M = '02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f';
const N = '03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49';
const KEY = 16;

export interface PairingIdentities {
  readonly device: Fingerprint;
  readonly host: Fingerprint;
}

/** What both sides hold once they have each other's share. */
export interface PairingKeys {
  /** Proof of the device (party A) and of the host (party B), 32 bytes each. */
  readonly deviceConfirmation: Uint8Array;
  readonly hostConfirmation: Uint8Array;
}

/**
 * One side of SPAKE2-P256-SHA256-HKDF-HMAC (RFC 9382). Party A is the device, party B the host; the identities are the two
 * certificate fingerprints as 32 raw bytes, so a man in the middle with other certificates derives other keys.
 * A side is used once: the PIN allows one guess (requirement P9.1).
 */
export class Spake2Side {
  /** The share that goes to the other side: an uncompressed point, 65 bytes. */
  readonly share: Uint8Array;
  readonly #suite: Spake2Suite;
  readonly #role: 'device' | 'host';
  readonly #identities: PairingIdentities;
  readonly #w: bigint;
  readonly #secret: bigint;

  /** `secret` is drawn unless a test vector gives it; `w` likewise replaces the PIN's. */
  constructor(
    suite: Spake2Suite,
    role: 'device' | 'host',
    pin: string,
    identities: PairingIdentities,
    vector?: { w: bigint; secret: bigint },
  ) {
    this.#suite = suite;
    this.#role = role;
    this.#identities = identities;
    this.#w = vector?.w ?? scalar(suite, suite.hkdf(utf8(pin), utf8('usher-pair-v1'), 48));
    this.#secret = vector?.secret ?? scalar(suite, suite.random(48));
    const blind = suite.point(fromHex(role === 'device' ? M : N));
    this.share = suite.base.multiply(this.#secret).add(blind.multiply(this.#w)).toBytes(false);
  }

  /** Derives the keys from the other side's share; a share that is no point of the curve is `message.malformed`. */
  finish(otherShare: Uint8Array): PairingKeys {
    const suite = this.#suite;
    const theirBlind = suite.point(fromHex(this.#role === 'device' ? N : M));
    let shared: Uint8Array;
    try {
      shared = suite.point(otherShare).subtract(theirBlind.multiply(this.#w)).multiply(this.#secret).toBytes(false);
    } catch (cause) {
      throw new CodedError('message.malformed', 'the SPAKE2 share is no point of P-256', { cause });
    }
    const [shareA, shareB] = this.#role === 'device' ? [this.share, otherShare] : [otherShare, this.share];
    const transcript = concat(
      [fromHex(this.#identities.device), fromHex(this.#identities.host), shareA, shareB, shared, bigEndian(this.#w)].flatMap((part) => [
        littleEndianLength(part.length),
        part,
      ]),
    );
    return confirmations(suite, transcript);
  }

  /** Constant-time comparison of a confirmation that came over the wire. */
  matches(expected: Uint8Array, received: Uint8Array): boolean {
    return this.#suite.equal(expected, received);
  }
}

/** RFC 9382 §4: Ke ‖ Ka = SHA-256(TT); KcA ‖ KcB = HKDF(Ka, "ConfirmationKeys"); each side's MAC covers TT. */
export function confirmations(suite: Spake2Suite, transcript: Uint8Array): PairingKeys {
  const confirmationKeys = suite.hkdf(suite.sha256(transcript).slice(KEY), utf8('ConfirmationKeys'), 2 * KEY);
  return {
    deviceConfirmation: suite.hmac(confirmationKeys.slice(0, KEY), transcript),
    hostConfirmation: suite.hmac(confirmationKeys.slice(KEY), transcript),
  };
}

/** 48 uniform bytes reduced mod the order: the bias is below 2^-128. Zero is impossible in practice and refused in principle. */
function scalar(suite: Spake2Suite, bytes: Uint8Array): bigint {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % suite.order;
  if (value === 0n) throw new RangeError('a zero scalar');
  return value;
}

function bigEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0'));
}

function littleEndianLength(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}
