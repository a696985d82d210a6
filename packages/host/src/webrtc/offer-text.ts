import { displayFingerprint } from '@usher/protocol';
import type { Offer, OfferedAudio, OfferedVideo } from './offer.ts';
import { dataLines, mediaLines, sdpText, sessionLines } from './section-lines.ts';

/**
 * An offer written anew for the native library from what was read of it: a stranger's SDP ends at the reader.
 *
 * Only one media section is shown, the one of {@link nativeMedia}. With two, libdatachannel 0.24 looks into every RTCP packet for the
 * track that it is for, and runs in a circle for ever over an SDES item that is cut short: one packet of any viewer would stop all
 * connections of the host. With one, it hands RTCP over unread. Sound needs no section there: its packets leave by the same transport.
 */
export function nativeOffer(offer: Offer): string {
  const { fingerprint, iceUser, icePassword, setup } = offer.transport;
  const media = nativeMedia(offer);
  const shown = [offer.data, ...(media === undefined ? [] : [media])];
  return sdpText([
    ...sessionLines(shown.map((section) => section.mid)),
    `a=setup:${setup}`,
    `a=ice-ufrag:${iceUser}`,
    `a=ice-pwd:${icePassword}`,
    `a=fingerprint:sha-256 ${displayFingerprint(fingerprint)}`,
    ...dataLines(offer.data),
    ...(media === undefined ? [] : mediaLines(media, 'recvonly')),
  ]);
}

/** The section of the native library's one track: the picture, or the sound of an offer without one. */
export function nativeMedia(offer: Offer): OfferedVideo | OfferedAudio | undefined {
  return offer.video ?? offer.audio;
}
