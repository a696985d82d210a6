import type { Offer } from './offer.ts';
import { dataLines, mediaLines, sdpText, sessionLines } from './section-lines.ts';

/** What the host sends in one section of its answer. */
export interface AnsweredTrack {
  readonly ssrc: number;
  /** Tracks with one CNAME share a clock (RFC 3550 §6.5.1). */
  readonly cname: string;
  /** A browser lines the tracks of one stream up with each other, those of two it doesn't (RFC 8830). */
  readonly stream: string;
}

/**
 * The host's answer to every section of the offer, in the offer's order (RFC 3264 §6), on the transport that the native library
 * chose in its own answer to `nativeOffer`.
 */
export function answerText(
  nativeAnswer: string,
  offer: Offer,
  tracks: { readonly video: AnsweredTrack | undefined; readonly audio: AnsweredTrack | undefined },
): string {
  const transport = ['setup', 'ice-ufrag', 'ice-pwd', 'fingerprint'].map((name) => `a=${name}:${nativeValue(nativeAnswer, name)}`);
  const data = {
    mid: offer.data.mid,
    sctpPort: Number(nativeValue(nativeAnswer, 'sctp-port')),
    maxMessage: Number(nativeValue(nativeAnswer, 'max-message-size')),
  };
  const sections = offer.sections.flatMap((section) => [
    ...(section.kind === 'application' ? dataLines(data) : [...mediaLines(section, 'sendonly'), ...trackLines(tracks[section.kind])]),
    ...transport,
  ]);
  return sdpText([...sessionLines(offer.sections.map((section) => section.mid)), ...sections]);
}

function trackLines(track: AnsweredTrack | undefined): readonly string[] {
  if (track === undefined) return [];
  const msid = `${track.stream} ${track.stream}-track`;
  return [`a=msid:${msid}`, `a=ssrc:${track.ssrc} cname:${track.cname}`, `a=ssrc:${track.ssrc} msid:${msid}`];
}

function nativeValue(sdp: string, name: string): string {
  const value = new RegExp(`^a=${name}:(.+?)\\s*$`, 'm').exec(sdp)?.[1];
  if (value === undefined) throw new TypeError(`the WebRTC library answered without ${name}`);
  return value;
}
