import { CodedError } from '@usher/protocol';

export type VideoCodecName = 'h264' | 'vp8';

/** The video codec of an answer: the first payload type of its video section, which the answerer prefers (RFC 8829 §5.3.1). */
export function negotiatedCodec(answer: string): VideoCodecName {
  const section = answer.split(/^m=/m).find((part) => part.startsWith('video '));
  const first = /^video \S+ \S+ (\d+)/.exec(section ?? '')?.[1];
  const name = section?.match(new RegExp(`^a=rtpmap:${first} ([^/\\s]+)/90000`, 'm'))?.[1]?.toLowerCase();
  if (name === 'h264' || name === 'vp8') return name;
  throw new CodedError('session.no-codec', 'host and viewer have no video codec in common');
}
