import { randomBytes, randomInt } from 'node:crypto';
import { VideoCodec } from '@usher/protocol';
import { Audio, type PeerConnection, type Track, Video } from 'node-datachannel';
import type { MediaClock } from '../media/media-clock.ts';
import { type MediaTrack, RtpMediaSender } from '../media/rtp-media-sender.ts';
import type { Offer, OfferedAudio, OfferedVideo } from './offer.ts';
import { extensionLines } from './offer-text.ts';

/** Opus as the host sends it: stereo, in packets of 10 ms, with what a viewer needs to conceal a lost one (RFC 7587 §6.1). */
const OPUS_FORMAT = 'minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1';

export interface NegotiatedTracks {
  readonly media: RtpMediaSender;
  /** Native objects: to be referenced for as long as the connection lives. */
  readonly natives: readonly unknown[];
}

/**
 * Adds the host's tracks to a connection, before it is given the offer, under the offer's mids and payload types. Undefined where the
 * offer has no media.
 *
 * Picture and sound are tracks of two streams: a browser holds the picture of a common stream back until its sound is due, which is
 * some 100 ms later. Their common CNAME and sender reports let a viewer line them up itself.
 */
export function addTracks(native: PeerConnection, offer: Offer, clock: MediaClock): NegotiatedTracks | undefined {
  const offeredVideo = offer.sections.find((section) => section.kind === 'video');
  const offeredAudio = offer.sections.find((section) => section.kind === 'audio');
  if (offeredVideo === undefined && offeredAudio === undefined) return undefined;

  const cname = randomBytes(12).toString('base64url');
  const [videoSsrc, audioSsrc] = distinctSsrcs();
  const video = offeredVideo === undefined ? undefined : addVideo(native, offeredVideo, videoSsrc, cname);
  const audio = offeredAudio === undefined ? undefined : addAudio(native, offeredAudio, audioSsrc, cname);
  const media = new RtpMediaSender({ video: video?.track, audio: audio?.track, cname, clock, random: (limit) => randomInt(limit) });
  video?.native.onMessage((packet) => media.receive(video.track, packet));
  audio?.native.onMessage((packet) => media.receive(audio.track, packet));
  return { media, natives: [video?.native, video?.description, audio?.native, audio?.description] };
}

function addVideo(native: PeerConnection, offered: OfferedVideo, ssrc: number, cname: string) {
  const description = new Video(offered.mid, 'SendOnly');
  if (offered.codec === VideoCodec.H264) description.addH264Codec(offered.payloadType, offered.format);
  else description.addVP8Codec(offered.payloadType);
  description.addSSRC(ssrc, cname, 'screen', 'screen-video');
  for (const line of extensionLines(offered)) description.parseSdpLine(line);
  const track = native.addTrack(description);
  const { codec, payloadType, playoutDelayId, absSendTimeId } = offered;
  return { description, native: track, track: { codec, ssrc, payloadType, playoutDelayId, absSendTimeId, send: sender(track) } };
}

function addAudio(native: PeerConnection, offered: OfferedAudio, ssrc: number, cname: string) {
  const description = new Audio(offered.mid, 'SendOnly');
  description.addOpusCodec(offered.payloadType, OPUS_FORMAT);
  description.addSSRC(ssrc, cname, 'sound', 'sound-audio');
  for (const line of extensionLines(offered)) description.parseSdpLine(line);
  const track = native.addTrack(description);
  const { payloadType, absSendTimeId } = offered;
  return { description, native: track, track: { ssrc, payloadType, playoutDelayId: undefined, absSendTimeId, send: sender(track) } };
}

/** The track encrypts RTP and RTCP alike; it tells them apart by their second byte (RFC 5761). */
function sender(track: Track): MediaTrack['send'] {
  return (packet) => {
    try {
      track.sendMessageBinary(packet);
    } catch {
      // The track isn't open yet, or not any more: nobody is there to see the packet.
    }
  };
}

function distinctSsrcs(): readonly [number, number] {
  const first = randomInt(1, 2 ** 32 - 1);
  return [first, first + 1];
}
