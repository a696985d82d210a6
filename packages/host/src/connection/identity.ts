import { createPublicKey, verify } from 'node:crypto';
import {
  CodedError,
  type DeviceKeyProof,
  deviceKeyStatement,
  type Fingerprint,
  fromBase64,
  sdpFingerprint,
  toBase64,
  utf8,
} from '@usher/protocol';
import type { PairedDevice, PairedDevices } from '../services.ts';

/** Who stands behind an offer, as far as the offer can tell. DTLS has the last word about the fingerprint. */
export interface OfferedIdentity {
  readonly fingerprint: Fingerprint;
  /** The paired record, found by the fingerprint or by the key; undefined for a stranger. */
  readonly known: PairedDevice | undefined;
  /** The device's long-lived key, proved over this connection's nonce; standard base64. */
  readonly key: string | undefined;
}

export interface OfferContext {
  /** The nonce of this connection's `hello`. */
  readonly nonce: string;
  readonly host: Fingerprint;
  readonly paired: Pick<PairedDevices, 'find' | 'findByKey'>;
}

/**
 * Looks an offer up before it is answered (design §4). A device whose certificate was renewed is found by its key, which has signed
 * this connection's nonce together with both fingerprints (rule S5).
 *
 * @throws CodedError `message.malformed` for an SDP without exactly one fingerprint, and for a key or signature that doesn't hold.
 */
export function identify(offer: { readonly sdp: string; readonly key?: DeviceKeyProof }, context: OfferContext): OfferedIdentity {
  const fingerprint = sdpFingerprint(offer.sdp);
  const key = offer.key === undefined ? undefined : provedKey(offer.key, deviceKeyStatement(context.nonce, context.host, fingerprint));
  const known = context.paired.find(fingerprint) ?? (key === undefined ? undefined : context.paired.findByKey(key));
  return { fingerprint, known, key };
}

/** A SubjectPublicKeyInfo of a P-256 key has 91 bytes with an uncompressed point, the only form that browsers write. */
const SPKI_BYTES = 91;
const SIGNATURE_BYTES = 64;

/**
 * The key that signed the statement, in its one canonical spelling, because records are found by comparing text.
 *
 * @throws CodedError `message.malformed` for a key or signature that doesn't hold.
 */
export function provedKey({ spki, signature }: DeviceKeyProof, statement: string): string {
  const der = fromBase64(spki);
  const proof = fromBase64(signature);
  if (der.length !== SPKI_BYTES || proof.length !== SIGNATURE_BYTES) throw refused();
  let holds: boolean;
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
    holds =
      key.asymmetricKeyDetails?.namedCurve === 'prime256v1' && verify('sha256', utf8(statement), { key, dsaEncoding: 'ieee-p1363' }, proof);
  } catch {
    throw refused(); // OpenSSL's words about a stranger's bytes help nobody
  }
  if (!holds) throw refused();
  return toBase64(der);
}

function refused(): CodedError {
  return new CodedError('message.malformed', 'the device key does not hold');
}
