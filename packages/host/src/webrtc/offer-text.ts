import { displayFingerprint, VideoCodec } from '@usher/protocol';
import { EXTENSION_URI, type Offer, type OfferedSection } from './offer.ts';

/**
 * An offer written anew from what was read of it. The native parser only ever sees this text: a stranger's SDP ends at the reader.
 * Media are offered as receive-only, in the one codec that was chosen.
 */
export function offerText(offer: Offer): string {
  const { fingerprint, iceUser, icePassword, setup } = offer.transport;
  const session = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${offer.sections.map((section) => section.mid).join(' ')}`,
    `a=setup:${setup}`,
    `a=ice-ufrag:${iceUser}`,
    `a=ice-pwd:${icePassword}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${displayFingerprint(fingerprint)}`,
  ];
  return [...session, ...offer.sections.flatMap(sectionLines), ''].join('\r\n');
}

function sectionLines(section: OfferedSection): readonly string[] {
  switch (section.kind) {
    case 'application':
      return [
        'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
        'c=IN IP4 0.0.0.0',
        `a=mid:${section.mid}`,
        `a=sctp-port:${section.sctpPort}`,
        `a=max-message-size:${section.maxMessage}`,
      ];
    case 'video':
      return [
        ...mediaLines('video', section.mid, section.payloadType, section.codec === VideoCodec.H264 ? 'H264/90000' : 'VP8/90000'),
        ...(section.format === '' ? [] : [`a=fmtp:${section.payloadType} ${section.format}`]),
        ...extensionLines(section),
      ];
    case 'audio':
      return [...mediaLines('audio', section.mid, section.payloadType, 'opus/48000/2'), ...extensionLines(section)];
    default:
      return section satisfies never;
  }
}

function mediaLines(kind: 'video' | 'audio', mid: string, payloadType: number, codec: string): readonly string[] {
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=recvonly',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} ${codec}`,
  ];
}

/** The `a=extmap` lines of the extensions that the host writes, as they stand in offer and answer alike. */
export function extensionLines(section: {
  readonly playoutDelayId?: number | undefined;
  readonly absSendTimeId: number | undefined;
}): readonly string[] {
  return [
    ...(section.playoutDelayId === undefined ? [] : [`a=extmap:${section.playoutDelayId} ${EXTENSION_URI.playoutDelay}`]),
    ...(section.absSendTimeId === undefined ? [] : [`a=extmap:${section.absSendTimeId} ${EXTENSION_URI.absSendTime}`]),
  ];
}
