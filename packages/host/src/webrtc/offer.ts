import { CodedError, MAX_SIGNAL_MESSAGE, type PeerPurpose, VideoCodec } from '@usher/protocol';

/** What the host takes from a viewer's offer: at most one video and one audio section, in one codec each. */
export interface AcceptedOffer {
  readonly video: AcceptedVideo | undefined;
  readonly audio: AcceptedAudio | undefined;
}

export interface AcceptedVideo {
  readonly mid: string;
  readonly codec: VideoCodec;
  readonly payloadType: number;
  /** The offer's `a=fmtp` for the payload type, to be answered as it came; empty where there is none. */
  readonly format: string;
  /** RTP header extension ids (RFC 8285, 1…14); undefined where the viewer doesn't know the extension. */
  readonly playoutDelayId: number | undefined;
  readonly absSendTimeId: number | undefined;
}

export interface AcceptedAudio {
  readonly mid: string;
  readonly payloadType: number;
  readonly absSendTimeId: number | undefined;
}

/** The header extensions that the host writes, by the URI that an offer names them with. */
export const EXTENSION_URI = {
  playoutDelay: 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
} as const;

/**
 * Reads an offer (RFC 8866, RFC 8829) as far as an answer needs it.
 *
 * @throws CodedError `message.malformed` for a text that isn't an offer of ours, `session.no-codec` for video without H.264
 * constrained baseline (packetization-mode 1) and without VP8. Audio without Opus is simply not taken.
 */
export function readOffer(sdp: string, purpose: PeerPurpose): AcceptedOffer {
  const sections = splitSections(sdp);
  const video = onlyOne(sections, 'video');
  const audio = onlyOne(sections, 'audio');
  onlyOne(sections, 'application');
  if (purpose === 'bulk' && (video ?? audio) !== undefined) throw malformed('a bulk offer has no media');
  return {
    video: video === undefined ? undefined : acceptVideo(video),
    audio: audio === undefined ? undefined : acceptAudio(audio),
  };
}

const KINDS = ['video', 'audio', 'application'] as const;
type Kind = (typeof KINDS)[number];

interface Section {
  readonly kind: Kind;
  readonly mid: string;
  /** Payload types in the viewer's order of preference. */
  readonly formats: readonly number[];
  readonly lines: readonly string[];
}

function splitSections(sdp: string): readonly Section[] {
  if (sdp.length > MAX_SIGNAL_MESSAGE) throw malformed(`an SDP has at most ${MAX_SIGNAL_MESSAGE} characters`);
  const [session, ...media] = sdp.split(/^(?=m=)/m);
  if (session === undefined || !session.startsWith('v=0')) throw malformed('not an SDP');
  if (media.length === 0) throw malformed('an offer without sections');
  // One of each kind is the most that is taken, so more sections than kinds need no further reading.
  if (media.length > KINDS.length) throw malformed(`an offer has at most ${KINDS.length} sections`);
  const sections = media.map(readSection);
  if (new Set(sections.map((section) => section.mid)).size !== sections.length) throw malformed('two sections with one mid');
  return sections;
}

function readSection(text: string): Section {
  const [media = '', ...lines] = text.split(/\r?\n/);
  const [, kindWord, protocol, formats = ''] = /^m=(\w+) \d+ (\S+)((?: \S+)*)$/.exec(media) ?? [];
  const kind = KINDS.find((known) => known === kindWord);
  if (kind === undefined) throw malformed('a section of an unknown kind');
  if (kind !== 'application' && protocol !== 'UDP/TLS/RTP/SAVPF') throw malformed('media is offered as UDP/TLS/RTP/SAVPF');
  const mid = attribute(lines, 'mid');
  // RFC 5888: a token. Browsers count from 0.
  if (mid === undefined || !/^[A-Za-z0-9._~+-]{1,16}$/.test(mid)) throw malformed('a section without a mid');
  return { kind, mid, lines, formats: formats.trim().split(' ').map(Number).filter(isPayloadType) };
}

function onlyOne(sections: readonly Section[], kind: Kind): Section | undefined {
  const found = sections.filter((section) => section.kind === kind);
  if (found.length > 1) throw malformed(`an offer has one ${kind} section at most`);
  return found[0];
}

function acceptVideo(section: Section): AcceptedVideo {
  const chosen =
    findFormat(section, VideoCodec.H264, /^H264\/90000$/i, isConstrainedBaseline) ??
    findFormat(section, VideoCodec.Vp8, /^VP8\/90000$/i, () => true);
  if (chosen === undefined) throw new CodedError('session.no-codec', 'the viewer takes neither H.264 constrained baseline nor VP8');
  return {
    mid: section.mid,
    ...chosen,
    playoutDelayId: extensionId(section, EXTENSION_URI.playoutDelay),
    absSendTimeId: extensionId(section, EXTENSION_URI.absSendTime),
  };
}

function acceptAudio(section: Section): AcceptedAudio | undefined {
  const payloadType = section.formats.find((format) => /^opus\/48000\/2$/i.test(formatAttribute(section, 'rtpmap', format) ?? ''));
  if (payloadType === undefined) return undefined;
  return { mid: section.mid, payloadType, absSendTimeId: extensionId(section, EXTENSION_URI.absSendTime) };
}

function findFormat(section: Section, codec: VideoCodec, name: RegExp, fits: (format: string) => boolean) {
  for (const payloadType of section.formats) {
    const format = formatAttribute(section, 'fmtp', payloadType) ?? '';
    // It is written into the answer as it came, so it must stay one line of plain text.
    if (!/^[\x20-\x7e]{0,256}$/.test(format)) throw malformed('a format line that is no plain text');
    if (name.test(formatAttribute(section, 'rtpmap', payloadType) ?? '') && fits(format)) return { codec, payloadType, format };
  }
  return undefined;
}

/**
 * RFC 6184 §8.1: constrained baseline is profile_idc 42 with constraint_set1, 4d with constraint_set0, or 58 with both; the low four
 * bits of the middle byte are zero. Packetization-mode 1 is the one with FU-A fragments.
 */
function isConstrainedBaseline(format: string): boolean {
  const parameters = new Map(format.split(';').map((pair) => splitOnce(pair.trim().toLowerCase(), '=')));
  if (parameters.get('packetization-mode') !== '1') return false;
  const profile = /^([0-9a-f]{2})([0-9a-f]{2})[0-9a-f]{2}$/.exec(parameters.get('profile-level-id') ?? '');
  const constraints = Number.parseInt(profile?.[2] ?? '0', 16);
  switch (profile?.[1]) {
    case '42':
      return (constraints & 0x4f) === 0x40;
    case '4d':
      return (constraints & 0x8f) === 0x80;
    case '58':
      return (constraints & 0xcf) === 0xc0;
    default:
      return false;
  }
}

function extensionId(section: Section, uri: string): number | undefined {
  for (const line of section.lines) {
    const [, id, named] = /^a=extmap:(\d{1,3})(?:\/\w+)? (\S+)/.exec(line) ?? [];
    // The one-byte header form carries ids 1 to 14 (RFC 8285 §4.2); that is the form the host writes.
    if (named === uri && Number(id) >= 1 && Number(id) <= 14) return Number(id);
  }
  return undefined;
}

function formatAttribute(section: Section, name: string, payloadType: number): string | undefined {
  const prefix = `a=${name}:${payloadType} `;
  return section.lines
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function attribute(lines: readonly string[], name: string): string | undefined {
  const prefix = `a=${name}:`;
  return lines
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function isPayloadType(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 127;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function malformed(message: string): CodedError {
  return new CodedError('message.malformed', message);
}
