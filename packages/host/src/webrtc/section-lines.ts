import { VideoCodec } from '@usher/protocol';
import { EXTENSION_URI, type OfferedAudio, type OfferedData, type OfferedVideo } from './offer.ts';

/** Opus as the host sends it: stereo, in packets of 10 ms, with what a viewer needs to conceal a lost one (RFC 7587 §6.1). */
const OPUS_FORMAT = 'minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1';
/** What the host does about the picture when a viewer asks: resend, key frames, follow the viewer's estimate. */
const VIDEO_FEEDBACK = ['nack', 'nack pli', 'ccm fir', 'goog-remb'];

export type Direction = 'sendonly' | 'recvonly';

export function dataLines({ mid, sctpPort, maxMessage }: Pick<OfferedData, 'mid' | 'sctpPort' | 'maxMessage'>): readonly string[] {
  return [
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=sctp-port:${sctpPort}`,
    `a=max-message-size:${maxMessage}`,
  ];
}

/** A media section in the one codec that was chosen; offer and answer agree in all but the direction. */
export function mediaLines(section: OfferedVideo | OfferedAudio, direction: Direction): readonly string[] {
  const { kind, mid, payloadType } = section;
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    ...(kind === 'video' ? videoFormat(section) : [`a=rtpmap:${payloadType} opus/48000/2`, `a=fmtp:${payloadType} ${OPUS_FORMAT}`]),
    ...extensionLines(section),
  ];
}

export function sessionLines(mids: readonly string[]): readonly string[] {
  return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mids.join(' ')}`, 'a=ice-options:trickle'];
}

export function sdpText(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}

function videoFormat({ codec, payloadType, format }: OfferedVideo): readonly string[] {
  return [
    `a=rtpmap:${payloadType} ${codec === VideoCodec.H264 ? 'H264' : 'VP8'}/90000`,
    ...(format === '' ? [] : [`a=fmtp:${payloadType} ${format}`]),
    ...VIDEO_FEEDBACK.map((feedback) => `a=rtcp-fb:${payloadType} ${feedback}`),
  ];
}

function extensionLines(section: OfferedVideo | OfferedAudio): readonly string[] {
  const ids = [
    [section.kind === 'video' ? section.playoutDelayId : undefined, EXTENSION_URI.playoutDelay],
    [section.absSendTimeId, EXTENSION_URI.absSendTime],
  ] as const;
  return ids.flatMap(([id, uri]) => (id === undefined ? [] : [`a=extmap:${id} ${uri}`]));
}
