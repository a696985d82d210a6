import { readFileSync } from 'node:fs';
import { fingerprint, isCoded, type PeerPurpose, VideoCodec } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeOffer } from '../../testing/fake-peer.ts';
import { readOffer } from './offer.ts';

const CHROMIUM = readFileSync(new URL('../../testing/chromium-offer.sdp', import.meta.url), 'utf8');
const VIEWER = fingerprint('11'.repeat(32));
const SESSION = fakeOffer(VIEWER);
const BULK = fakeOffer(VIEWER, { video: [], audio: false });

function codeOf(sdp: string, purpose: PeerPurpose = 'session'): string {
  try {
    readOffer(sdp, purpose);
    return 'accepted';
  } catch (error) {
    if (isCoded(error)) return error.code;
    throw error;
  }
}

describe('an offer', () => {
  it('P7.1: of Chromium is read: H.264 constrained baseline, Opus, the extensions, the transport', () => {
    expect(readOffer(CHROMIUM, 'session')).toEqual({
      transport: {
        fingerprint: fingerprint('c7ac346bc72efdf13ab69f9cc8b5297d2dbf2098573cc4b73cdfef9ee3721dfb'),
        iceUser: 'QaaK',
        icePassword: 'vq8rp7REvcBnjpFdUWlmh/p8',
        setup: 'actpass',
      },
      sections: [expect.objectContaining({ mid: '0' }), expect.objectContaining({ mid: '1' }), expect.objectContaining({ mid: '2' })],
      video: {
        kind: 'video',
        mid: '0',
        codec: VideoCodec.H264,
        payloadType: 108,
        format: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
        playoutDelayId: 5,
        absSendTimeId: 2,
      },
      audio: { kind: 'audio', mid: '1', payloadType: 111, absSendTimeId: 2 },
      data: { kind: 'application', mid: '2', sctpPort: 5000, maxMessage: 262_144 },
      candidates: [],
    });
  });

  it.each([
    ['constrained baseline as profile 42 with constraint 1', '42e01f', true],
    ['as 42 with both constraints', '42c01f', true],
    ['as main with constraint 0', '4d8015', true],
    ['as extended with both', '58c015', true],
    ['plain baseline', '42001f', false],
    ['main', '4d001f', false],
    ['high', '64001f', false],
    ['constrained high', '640c1f', false],
  ])('RFC 6184 §8.1: H.264 %s', (_name, profile, accepted) => {
    const offer = SESSION.replace('profile-level-id=42e01f', `profile-level-id=${profile}`);
    expect(readOffer(offer, 'session').video?.codec).toBe(accepted ? VideoCodec.H264 : VideoCodec.Vp8);
  });

  it('RFC 6184 §6.2: H.264 without packetization-mode 1 is not taken', () => {
    expect(readOffer(SESSION.replace('packetization-mode=1;', ''), 'session').video?.codec).toBe(VideoCodec.Vp8);
  });

  it('RFC 9143 §7.2: takes the transport of the first bundled section, wherever its attributes stand', () => {
    const perSection = SESSION.replace('a=group:BUNDLE 0', 'a=group:BUNDLE 1 0 2')
      .replace('a=mid:1', 'a=mid:1\r\na=ice-ufrag:tagged\r\na=ice-pwd:taggedtaggedtaggedtagged\r\na=setup:active')
      .replace('a=mid:0', 'a=mid:0\r\na=ice-ufrag:other');
    expect(readOffer(perSection, 'session').transport).toEqual({
      fingerprint: VIEWER,
      iceUser: 'tagged',
      icePassword: 'taggedtaggedtaggedtagged',
      setup: 'active',
    });
  });

  it('takes the candidates that it carries, as far as they can be read, and no more than the bound', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `a=candidate:1 1 udp 5 192.0.2.7 ${index + 1} typ host\r\n`).join('');
    const offer = readOffer(`${BULK}a=candidate:1 1 udp 5 hidden.local 9 typ host\r\n${lines}`, 'bulk');
    expect(offer.candidates).toHaveLength(64);
    expect(offer.candidates[0]).toBe('candidate:1 1 UDP 5 192.0.2.7 1 typ host');
  });

  it('RFC 8841 §6.1: takes 64 KiB for the longest message where it names none', () => {
    expect(readOffer(BULK, 'bulk').data.maxMessage).toBe(65_536);
  });

  it('RFC 8285 §4.2: passes over an extension id that its header form cannot carry', () => {
    const uri = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';
    const offer = SESSION.replace('a=mid:1', `a=mid:1\r\na=extmap:15 ${uri}\r\na=extmap:0 ${uri}`);
    expect(readOffer(offer, 'session').video?.playoutDelayId).toBeUndefined();
  });

  it.each([
    ['video without a codec of ours', fakeOffer(VIEWER, { video: ['av1'] }), 'session', 'session.no-codec'],
    ['audio without Opus', SESSION.replace('opus/48000/2', 'PCMU/8000'), 'session', 'session.no-codec'],
    ['media in a bulk offer', SESSION, 'bulk', 'message.malformed'],
    ['no section for channels', SESSION.replace(/m=application[\s\S]*?(?=m=)/, ''), 'session', 'message.malformed'],
    ['two sections of a kind', `${BULK}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n`, 'bulk', 'message.malformed'],
    ['two sections with one mid', SESSION.replace('a=mid:2', 'a=mid:1'), 'session', 'message.malformed'],
    ['a section of another kind', `${BULK}m=text 9 UDP 0\r\na=mid:1\r\n`, 'bulk', 'message.malformed'],
    ['media without encryption', SESSION.replace('m=video 9 UDP/TLS/RTP/SAVPF', 'm=video 9 RTP/AVP'), 'session', 'message.malformed'],
    ['a mid that is no token', BULK.replace('a=mid:0', 'a=mid:0 0'), 'bulk', 'message.malformed'],
    ['no ICE user', BULK.replace('a=ice-ufrag:viewer', ''), 'bulk', 'message.malformed'],
    ['a short ICE password', BULK.replace(/a=ice-pwd:.*/, 'a=ice-pwd:short'), 'bulk', 'message.malformed'],
    ['no DTLS role', BULK.replace('a=setup:actpass', 'a=setup:holdconn'), 'bulk', 'message.malformed'],
    ['no fingerprint', BULK.replace(/a=fingerprint.*/, ''), 'bulk', 'message.malformed'],
    ['SCTP port 0', BULK.replace('a=sctp-port:5000', 'a=sctp-port:0'), 'bulk', 'message.malformed'],
    ['a format that is no plain text', SESSION.replace('42e01f', '42e01f\u2028x'), 'session', 'message.malformed'],
  ] as const)('is refused for %s', (_name, sdp, purpose, code) => {
    expect(codeOf(sdp, purpose)).toBe(code);
  });

  it('is read or refused by code, whatever it is', () => {
    const line = fc.oneof(fc.constantFrom(...CHROMIUM.split('\n')), fc.string({ maxLength: 30 }));
    fc.assert(fc.property(fc.array(line, { maxLength: 40 }), (lines) => void codeOf(['v=0', ...lines].join('\r\n'))));
    const lines = CHROMIUM.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(lines.length - 1), fc.string({ maxLength: 20 }), (at, from, noise) => {
        codeOf(lines.toSpliced(at, 1, `${lines[from]}${noise}`).join('\r\n'));
      }),
    );
  });
});
