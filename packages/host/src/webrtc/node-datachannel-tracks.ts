import { randomBytes, randomInt } from 'node:crypto';
import { VideoCodec } from '@usher/protocol';
import { Audio, type PeerConnection, type Track, Video } from 'node-datachannel';
import type { MediaClock } from '../media/media-clock.ts';
import { RtpMediaSender } from '../media/rtp-media-sender.ts';
import { type AnsweredTrack, answerText } from './answer-text.ts';
import type { Offer } from './offer.ts';
import { nativeMedia } from './offer-text.ts';

/** What the host sends to one viewer, negotiated. */
export interface NegotiatedMedia {
  /** Undefined where the offer has no media. */
  readonly sender: RtpMediaSender | undefined;
  /** The host's answer, made of the native library's. */
  answer(nativeAnswer: string): string;
  /** Ends the native track; to be called before the connection is closed. */
  close(): void;
}

/**
 * Negotiates the host's tracks; to be called before the native library is given the offer.
 *
 * Picture and sound are tracks of two streams: a browser holds the picture of a common stream back until its sound is due, which is
 * some 100 ms later. With their common CNAME and the sender reports a viewer can line them up itself.
 */
export function negotiateMedia(native: PeerConnection, offer: Offer, clock: MediaClock): NegotiatedMedia {
  const cname = randomBytes(12).toString('base64url');
  const ssrc = randomInt(1, 2 ** 32 - 1);
  const video: AnsweredTrack | undefined = offer.video && { ssrc, cname, stream: 'screen' };
  const audio: AnsweredTrack | undefined = offer.audio && { ssrc: ssrc + 1, cname, stream: 'sound' };
  const answer = (nativeAnswer: string) => answerText(nativeAnswer, offer, { video, audio });

  const description = describeNative(offer);
  if (description === undefined) return { sender: undefined, answer, close: () => undefined };
  const track = native.addTrack(description);
  const sender = new RtpMediaSender({
    video: offer.video && video && { ...offer.video, ssrc: video.ssrc },
    audio: offer.audio && audio && { ...offer.audio, ssrc: audio.ssrc, playoutDelayId: undefined },
    cname,
    clock,
    connectionRttMs: () => {
      const rttMs = native.rtt(); // whole milliseconds of the SCTP association; -1 before the first round trip
      return rttMs < 0 ? undefined : rttMs;
    },
    random: (limit) => randomInt(limit),
    send: (packet) => sendOver(track, packet),
  });
  track.onMessage((packet) => sender.receive(packet));
  // Without a listener the library never lets go of the one that it puts there itself, and the process doesn't end by itself.
  track.onClosed(() => undefined);
  return { sender, answer, close: () => track.close() };
}

/** The one track that the library knows; what it says of it is left out of the host's answer. */
function describeNative(offer: Offer): Video | Audio | undefined {
  const media = nativeMedia(offer);
  switch (media?.kind) {
    case 'video': {
      const video = new Video(media.mid, 'SendOnly');
      if (media.codec === VideoCodec.H264) video.addH264Codec(media.payloadType);
      else video.addVP8Codec(media.payloadType);
      return video;
    }
    case 'audio': {
      const audio = new Audio(media.mid, 'SendOnly');
      audio.addOpusCodec(media.payloadType);
      return audio;
    }
    case undefined:
      return undefined;
    default:
      return media satisfies never;
  }
}

/** The transport encrypts RTP and RTCP of every SSRC alike; it tells the two apart by their second byte (RFC 5761). */
function sendOver(track: Track, packet: Buffer): void {
  try {
    track.sendMessageBinary(packet);
  } catch {
    // The track isn't open yet, or not any more: nobody is there to see the packet.
  }
}
