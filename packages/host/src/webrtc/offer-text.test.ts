import { readFileSync } from 'node:fs';
import { fingerprint } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeOffer } from '../../testing/fake-peer.ts';
import { answerText } from './answer-text.ts';
import { readOffer } from './offer.ts';
import { nativeOffer } from './offer-text.ts';

const CHROMIUM = readFileSync(new URL('../../testing/chromium-offer.sdp', import.meta.url), 'utf8');
const VIEWER = fingerprint('11'.repeat(32));
const NATIVE_ANSWER = [
  'v=0',
  'a=fingerprint:sha-256 AA:BB',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:2',
  'a=sctp-port:5000',
  'a=max-message-size:131073',
  'a=setup:active',
  'a=ice-ufrag:host',
  'a=ice-pwd:password',
  '',
].join('\r\n');

const sections = (sdp: string) => sdp.split(/^(?=m=)/m).slice(1);

describe('the offer for the native library', () => {
  it('SEC: has one media section, the picture’s, and the one for channels', () => {
    const text = nativeOffer(readOffer(CHROMIUM, 'session'));
    expect(text.match(/^m=.*/gm)).toEqual(['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=video 9 UDP/TLS/RTP/SAVPF 108']);
    expect(text).toContain('a=group:BUNDLE 2 0\r\n');
  });

  it('has the sound’s where there is no picture', () => {
    const text = nativeOffer(readOffer(fakeOffer(VIEWER, { video: [] }), 'session'));
    expect(text.match(/^m=\w+/gm)).toEqual(['m=application', 'm=audio']);
  });

  it('is an offer that means the same', () => {
    const offer = readOffer(fakeOffer(VIEWER, { audio: false }), 'session');
    const again = readOffer(nativeOffer(offer), 'session');
    expect(again).toEqual(offer);
  });

  it('SEC: never carries a line of the viewer’s that was not read', () => {
    const lines = CHROMIUM.split('\n');
    const known = /^(v=0|o=- 1 1 IN IP4 127\.0\.0\.1|s=-|t=0 0|c=IN IP4 0\.0\.0\.0|m=\S+ 9 \S+ \S+|a=[a-z-]+(:[\x20-\x7e]*)?|)$/;
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ maxLength: 20 }), (at, noise) => {
        let text: string;
        try {
          text = nativeOffer(readOffer(lines.toSpliced(at, 1, `${lines[at]}${noise}`).join('\r\n'), 'session'));
        } catch {
          return; // refused: nothing reaches the library
        }
        expect(text.split('\r\n').filter((line) => !known.test(line))).toEqual([]);
        expect(text.match(/^m=/gm)).toHaveLength(2);
      }),
    );
  });
});

describe('the answer', () => {
  const track = (ssrc: number, stream: string) => ({ ssrc, cname: 'host', stream });
  const answer = answerText(NATIVE_ANSWER, readOffer(CHROMIUM, 'session'), { video: track(7, 'screen'), audio: track(8, 'sound') });

  it('RFC 3264 §6: has every section of the offer, in its order, under its mid', () => {
    expect(answer.match(/^m=\w+/gm)).toEqual(['m=video', 'm=audio', 'm=application']);
    expect(answer.match(/^a=mid:\w+/gm)).toEqual(['a=mid:0', 'a=mid:1', 'a=mid:2']);
    expect(answer).toContain('a=group:BUNDLE 0 1 2\r\n');
  });

  it('gives each section the transport of the library’s answer', () => {
    for (const section of sections(answer)) {
      expect(section).toContain('a=setup:active\r\na=ice-ufrag:host\r\na=ice-pwd:password\r\na=fingerprint:sha-256 AA:BB\r\n');
    }
  });

  it('sends picture and sound as two streams, so that neither waits for the other', () => {
    const [video = '', audio = ''] = sections(answer);
    expect(video).toContain('a=sendonly\r\n');
    expect(video).toContain('a=msid:screen screen-track\r\na=ssrc:7 cname:host\r\n');
    expect(audio).toContain('a=msid:sound sound-track\r\na=ssrc:8 cname:host\r\n');
  });

  it('promises what the sender does: resending, key frames, following the estimate, two extensions', () => {
    const [video = '', audio = ''] = sections(answer);
    expect(video.match(/^a=rtcp-fb:108 .*(?=\r)/gm)).toEqual([
      'a=rtcp-fb:108 nack',
      'a=rtcp-fb:108 nack pli',
      'a=rtcp-fb:108 ccm fir',
      'a=rtcp-fb:108 goog-remb',
    ]);
    expect(video.match(/^a=extmap:\d+/gm)).toEqual(['a=extmap:5', 'a=extmap:2']);
    expect(audio).not.toContain('rtcp-fb');
  });

  it('takes port and message size of the channels from the library', () => {
    expect(sections(answer)[2]).toContain('a=sctp-port:5000\r\na=max-message-size:131073\r\n');
  });

  it('is not made of an answer that lacks its transport', () => {
    const offer = readOffer(fakeOffer(VIEWER, { video: [], audio: false }), 'bulk');
    expect(() => answerText('v=0\r\n', offer, { video: undefined, audio: undefined })).toThrow(TypeError);
  });
});
