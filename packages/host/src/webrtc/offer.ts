import { CodedError, type Fingerprint, MAX_SIGNAL_MESSAGE, type PeerPurpose, sdpFingerprint, VideoCodec } from '@usher/protocol';
import { readCandidate } from './candidate.ts';
import { MAX_CANDIDATES } from './peer.ts';

/** What the host takes from a viewer's offer: one section for channels, at most one of video and of audio, and one codec in each. */
export interface Offer {
  readonly transport: OfferedTransport;
  readonly data: OfferedData;
  readonly video: OfferedVideo | undefined;
  readonly audio: OfferedAudio | undefined;
  /** The same, in the offer's order. */
  readonly sections: readonly OfferedSection[];
  /** Candidates that came inside the offer, as {@link readCandidate} writes them. */
  readonly candidates: readonly string[];
}

/** Every section shares one transport (RFC 9143). */
interface OfferedTransport {
  readonly fingerprint: Fingerprint;
  readonly iceUser: string;
  readonly icePassword: string;
  readonly setup: 'actpass' | 'active' | 'passive';
}

type OfferedSection = OfferedData | OfferedVideo | OfferedAudio;

export interface OfferedData {
  readonly kind: 'application';
  readonly mid: string;
  readonly sctpPort: number;
  /** Longest message that the viewer takes (RFC 8841 §6). */
  readonly maxMessage: number;
}

export interface OfferedVideo {
  readonly kind: 'video';
  readonly mid: string;
  readonly codec: VideoCodec;
  readonly payloadType: number;
  /** The offer's `a=fmtp` for the payload type, to be answered as it came; empty where there is none. */
  readonly format: string;
  /** RTP header extension ids (RFC 8285, 1…14); undefined where the viewer doesn't know the extension. */
  readonly playoutDelayId: number | undefined;
  readonly absSendTimeId: number | undefined;
}

export interface OfferedAudio {
  readonly kind: 'audio';
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
 * @throws CodedError `message.malformed` for a text that isn't an offer of ours; `session.no-codec` for video without H.264
 * constrained baseline (packetization-mode 1) and without VP8, and for audio without Opus.
 */
export function readOffer(sdp: string, purpose: PeerPurpose): Offer {
  const { session, media } = splitSections(sdp);
  const sections = media.map(acceptSection);
  if (new Set(sections.map((section) => section.kind)).size !== sections.length) throw malformed('two sections of one kind');
  if (new Set(sections.map((section) => section.mid)).size !== sections.length) throw malformed('two sections with one mid');
  if (purpose === 'bulk' && sections.some((section) => section.kind !== 'application')) throw malformed('a bulk offer has no media');
  const data = sections.find((section) => section.kind === 'application');
  if (data === undefined) throw malformed('an offer has a section for channels');
  return {
    transport: readTransport(sdp, session, transportSection(session, media)),
    data,
    video: sections.find((section) => section.kind === 'video'),
    audio: sections.find((section) => section.kind === 'audio'),
    sections,
    candidates: media
      .flatMap((section) => attributes(section.lines, 'candidate'))
      .flatMap(candidateOf)
      .slice(0, MAX_CANDIDATES),
  };
}

const KINDS = ['application', 'video', 'audio'] as const;
type Kind = (typeof KINDS)[number];

interface Section {
  readonly kind: Kind;
  readonly mid: string;
  /** Payload types in the viewer's order of preference. */
  readonly formats: readonly number[];
  readonly lines: readonly string[];
}

function splitSections(sdp: string): { readonly session: readonly string[]; readonly media: readonly Section[] } {
  if (sdp.length > MAX_SIGNAL_MESSAGE) throw malformed(`an SDP has at most ${MAX_SIGNAL_MESSAGE} characters`);
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  if (!session.startsWith('v=0')) throw malformed('not an SDP');
  if (media.length === 0 || media.length > KINDS.length) throw malformed(`an offer has one to ${KINDS.length} sections`);
  return { session: session.split(/\r?\n/), media: media.map(readSection) };
}

function readSection(text: string): Section {
  const [media = '', ...lines] = text.split(/\r?\n/);
  const [, kindWord, protocol, formats = ''] = /^m=(\w+) \d{1,5} (\S+)((?: \S+)*)$/.exec(media) ?? [];
  const kind = KINDS.find((known) => known === kindWord);
  if (kind === undefined) throw malformed('a section of an unknown kind');
  const expected = kind === 'application' ? /^(UDP\/)?DTLS\/SCTP$/ : /^UDP\/TLS\/RTP\/SAVPF$/;
  if (!expected.test(protocol ?? '')) throw malformed(`a section with the protocol of another kind`);
  const mid = attribute(lines, 'mid');
  // RFC 5888: a token. Browsers count from 0.
  if (mid === undefined || !/^[A-Za-z0-9._~+-]{1,16}$/.test(mid)) throw malformed('a section without a mid');
  return { kind, mid, lines, formats: formats.trim().split(' ').map(Number).filter(isPayloadType) };
}

/** The section whose transport all of them use: the first of the BUNDLE group (RFC 9143 §7.2). */
function transportSection(session: readonly string[], media: readonly Section[]): Section | undefined {
  const tagged = attribute(session, 'group')?.split(' ')[1];
  return media.find((section) => section.mid === tagged) ?? media[0];
}

/** These attributes stand in the section or, for all sections, above them (RFC 8839 §5.4, RFC 8842 §5.2). */
function readTransport(sdp: string, session: readonly string[], section: Section | undefined): OfferedTransport {
  const value = (name: string) => attribute(section?.lines ?? [], name) ?? attribute(session, name) ?? '';
  const [iceUser, icePassword, setup] = [value('ice-ufrag'), value('ice-pwd'), value('setup')];
  if (!/^[A-Za-z0-9+/]{4,256}$/.test(iceUser) || !/^[A-Za-z0-9+/]{22,256}$/.test(icePassword)) throw malformed('an offer without ICE');
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') throw malformed('an offer without a DTLS role');
  return { fingerprint: sdpFingerprint(sdp), iceUser, icePassword, setup };
}

function acceptSection(section: Section): OfferedSection {
  switch (section.kind) {
    case 'application':
      return acceptData(section);
    case 'video':
      return acceptVideo(section);
    case 'audio':
      return acceptAudio(section);
    default:
      return section.kind satisfies never;
  }
}

function acceptData(section: Section): OfferedData {
  return {
    kind: 'application',
    mid: section.mid,
    sctpPort: integer(attribute(section.lines, 'sctp-port'), 5000, 0xffff),
    // RFC 8841 §6.1: without the attribute it is 64 KiB; browsers say 256 KiB.
    maxMessage: integer(attribute(section.lines, 'max-message-size'), 65_536, 2 ** 30),
  };
}

function acceptVideo(section: Section): OfferedVideo {
  const chosen =
    findFormat(section, VideoCodec.H264, /^H264\/90000$/i, isConstrainedBaseline) ??
    findFormat(section, VideoCodec.Vp8, /^VP8\/90000$/i, () => true);
  if (chosen === undefined) throw new CodedError('session.no-codec', 'the viewer takes neither H.264 constrained baseline nor VP8');
  return {
    kind: 'video',
    mid: section.mid,
    ...chosen,
    playoutDelayId: extensionId(section, EXTENSION_URI.playoutDelay),
    absSendTimeId: extensionId(section, EXTENSION_URI.absSendTime),
  };
}

function acceptAudio(section: Section): OfferedAudio {
  const payloadType = section.formats.find((format) => /^opus\/48000\/2$/i.test(formatAttribute(section, 'rtpmap', format) ?? ''));
  if (payloadType === undefined) throw new CodedError('session.no-codec', 'the viewer takes no Opus');
  return { kind: 'audio', mid: section.mid, payloadType, absSendTimeId: extensionId(section, EXTENSION_URI.absSendTime) };
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
  switch (profile?.[1] ?? '') {
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
  for (const value of attributes(section.lines, 'extmap')) {
    const [, id, named] = /^(\d{1,3})(?:\/\w+)? (\S+)/.exec(value) ?? [];
    // The one-byte header form carries ids 1 to 14 (RFC 8285 §4.2); that is the form the host writes.
    if (named === uri && Number(id) >= 1 && Number(id) <= 14) return Number(id);
  }
  return undefined;
}

function candidateOf(value: string): readonly string[] {
  const candidate = readCandidate(`candidate:${value}`);
  return candidate === undefined ? [] : [candidate];
}

function formatAttribute(section: Section, name: string, payloadType: number): string | undefined {
  const prefix = `${payloadType} `;
  const value = attributes(section.lines, name).find((candidate) => candidate.startsWith(prefix));
  return value?.slice(prefix.length).trim();
}

function attribute(lines: readonly string[], name: string): string | undefined {
  return attributes(lines, name)[0];
}

function attributes(lines: readonly string[], name: string): readonly string[] {
  const prefix = `a=${name}:`;
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length).trim());
}

function integer(text: string | undefined, absent: number, max: number): number {
  if (text === undefined) return absent;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw malformed('a number out of its range');
  return value;
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
