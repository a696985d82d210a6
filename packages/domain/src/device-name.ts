import { type Fingerprint, shortFingerprint, utf8 } from '@usher/protocol';

/** Most bytes of UTF-8 in a device's name (control-wire §3.2). */
export const DEVICE_NAME_MAX = 64;

/**
 * What nobody sees, or what changes how its neighbours are shown: control characters, bidi overrides, zero-width joiners, fillers,
 * unassigned and private code points. A name is what an operator approves, so it holds only what can be read.
 */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const SPACES = /[\p{Z}\t\n\v\f\r]+/gu;
/** Letters, digits, punctuation, symbols: a name of combining marks alone is no name. */
const READABLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A device's name as it is kept and shown, whatever a stranger sent: one line of readable characters, at most
 * {@link DEVICE_NAME_MAX} bytes. Where nothing readable is left the device is called by the start of its fingerprint.
 */
export function cleanDeviceName(raw: string, device: Fingerprint): string {
  const line = raw.normalize('NFC').replace(SPACES, ' ').replace(UNSEEN, '').replace(/ +/g, ' ').trim();
  const cut = cutToBytes(line, DEVICE_NAME_MAX).trim();
  return READABLE.test(cut) ? cut : `device ${shortFingerprint(device)}`;
}

/** The longest beginning of whole characters that fits. */
function cutToBytes(text: string, limit: number): string {
  let cut = '';
  for (const character of text) {
    if (utf8(cut + character).length > limit) break;
    cut += character;
  }
  return cut;
}
