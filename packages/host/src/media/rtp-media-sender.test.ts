import { type AudioUnit, VideoCodec, type VideoUnit } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../testing/hand-clock.ts';
import { compactNtp } from './media-clock.ts';
import { RtpMediaSender } from './rtp-media-sender.ts';

const VIDEO_SSRC = 0x1111;
const AUDIO_SSRC = 0x2222;

function unitOf(key: boolean, size = 100, codec: VideoCodec = VideoCodec.H264): VideoUnit {
  const data = Buffer.concat([Buffer.from([0, 0, 0, 1, key ? 0x65 : 0x41]), Buffer.alloc(size, 0xaa)]);
  return { type: 'video', codec, key, width: 2, height: 2, changedUs: 0n, capturedUs: 1_000_000n, data };
}

const SOUND: AudioUnit = { type: 'audio', timestamp: 480, data: Uint8Array.of(1, 2, 3) };

const isReport = (packet: Buffer) => packet[1] === 200;
const ssrcOf = (packet: Buffer) => packet.readUInt32BE(isReport(packet) ? 4 : 8);
const sequenceOf = (packet: Buffer) => packet.readUInt16BE(2);

/** Runs what is told "in a turn of its own". */
const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

function rtcp(...words: readonly string[]): Uint8Array {
  return Buffer.from(words.join(''), 'hex');
}

const word = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
const pli = (ssrc: number) => rtcp('81ce0002', word(9), word(ssrc));
const missing = (ssrc: number, sequence: number) => rtcp('81cd0003', word(9), word(ssrc), word(sequence << 16));
const allows = (mantissa: number) => rtcp('8fce0005', word(9), word(0), '52454d42', word(0x0100_0000 | mantissa), word(VIDEO_SSRC));
const receiverReport = (ssrc: number, lost: number, highest: number, lastReport: number) =>
  rtcp('81c90007', word(9), word(ssrc), word(lost << 24), word(highest), word(0), word(lastReport), word(0));

describe('the sender of one viewer', () => {
  let clock: HandClock;
  let packets: Buffer[];
  let asked: number;
  let estimates: number[];
  let sender: RtpMediaSender;

  beforeEach(() => {
    clock = new HandClock();
    packets = [];
    asked = 0;
    estimates = [];
    const ids = { playoutDelayId: 1, absSendTimeId: 2 };
    sender = new RtpMediaSender({
      video: { codec: VideoCodec.H264, ssrc: VIDEO_SSRC, payloadType: 102, ...ids },
      audio: { ssrc: AUDIO_SSRC, payloadType: 111, ...ids },
      cname: 'test',
      clock,
      connectionRttMs: () => undefined,
      send: (packet) => packets.push(Buffer.from(packet)),
      random: () => 0,
    });
    sender.onKeyframeNeeded(() => {
      asked += 1;
    });
    sender.onEstimate((kbps) => estimates.push(kbps));
  });

  const media = () => packets.filter((packet) => !isReport(packet));

  it('P5.1: sends nothing before it is started, and nothing after it is stopped', async () => {
    sender.sendVideo(unitOf(true));
    sender.sendAudio(SOUND);
    sender.receive(pli(VIDEO_SSRC));
    await turn();
    expect({ packets, asked }).toEqual({ packets: [], asked: 0 });
    sender.start();
    sender.sendVideo(unitOf(true));
    const sent = packets.length;
    sender.stop();
    sender.sendVideo(unitOf(true));
    sender.sendAudio(SOUND);
    sender.start();
    expect(packets).toHaveLength(sent);
  });

  it('asks for a key frame at the start and sends nothing before it', async () => {
    sender.start();
    sender.sendVideo(unitOf(false));
    await turn();
    expect(asked).toBe(1);
    expect(packets).toEqual([]);
    sender.sendVideo(unitOf(true));
    sender.sendVideo(unitOf(false));
    expect(media()).toHaveLength(2);
  });

  it('leaves a codec that this viewer did not choose to others', () => {
    sender.start();
    sender.sendVideo(unitOf(true, 100, VideoCodec.Vp8));
    expect(packets).toEqual([]);
  });

  it('does not change the unit, which other viewers get too', () => {
    sender.start();
    const unit = unitOf(true, 5000);
    const before = Buffer.from(unit.data);
    sender.sendVideo(unit);
    sender.receive(missing(VIDEO_SSRC, 1));
    expect(Buffer.from(unit.data)).toEqual(before);
  });

  it('sends picture and sound with their times', () => {
    sender.start();
    sender.sendVideo(unitOf(true));
    sender.sendAudio(SOUND);
    const [video, audio] = media();
    expect(video && { ssrc: ssrcOf(video), timestamp: video.readUInt32BE(4), type: video[1] }).toEqual({
      ssrc: VIDEO_SSRC,
      timestamp: 90_000,
      type: 0x80 | 102,
    });
    expect(audio && { ssrc: ssrcOf(audio), timestamp: audio.readUInt32BE(4), type: audio[1] }).toEqual({
      ssrc: AUDIO_SSRC,
      timestamp: 480,
      type: 0x80 | 111,
    });
  });

  it('RFC 3550 §6.4: reports each stream twice a second while it sends, both by one clock', () => {
    sender.start();
    for (let at = 0; at < 1000; at += 100) {
      sender.sendVideo(unitOf(true));
      sender.sendAudio(SOUND);
      clock.pass(100);
    }
    const reports = packets.filter(isReport);
    expect(reports.map(ssrcOf)).toEqual([VIDEO_SSRC, AUDIO_SSRC, VIDEO_SSRC, AUDIO_SSRC]);
    expect(reports.map((report) => report.readUInt32BE(8) * 1000 + Math.round(report.readUInt32BE(12) / 2 ** 32 / 0.001))).toEqual([
      1000, 1000, 1500, 1500,
    ]);
    // The same moment on the streams' clocks: 90 kHz since the capture clock's zero, 48 kHz since the sound's.
    expect(reports[2]?.readUInt32BE(16)).toBe(1.5 * 90_000);
    expect(reports[3]?.readUInt32BE(16)).toBe(480);
  });

  it('resends what the viewer misses, as it was but for its send time, and nothing else', () => {
    sender.start();
    sender.sendVideo(unitOf(true, 3000));
    const [, second] = media();
    if (second === undefined) throw new TypeError('a unit of three packets');
    packets.length = 0;
    clock.pass(100);
    sender.receive(missing(AUDIO_SSRC, sequenceOf(second)));
    sender.receive(missing(VIDEO_SSRC, 500));
    expect(packets).toEqual([]);
    sender.receive(missing(VIDEO_SSRC, sequenceOf(second)));
    const [resent] = packets;
    expect(resent?.subarray(0, 21)).toEqual(second.subarray(0, 21));
    expect(resent?.subarray(24)).toEqual(second.subarray(24));
    expect(resent?.subarray(21, 24)).not.toEqual(second.subarray(21, 24));
  });

  it('passes a request for a key frame on, but only one about the picture', async () => {
    sender.start();
    sender.sendVideo(unitOf(true));
    clock.pass(200);
    sender.receive(pli(AUDIO_SSRC));
    await turn();
    expect(asked).toBe(1);
    sender.receive(pli(VIDEO_SSRC));
    await turn();
    expect(asked).toBe(2);
  });

  it('drops what would come too late, asks for a key frame then, and goes on with it', async () => {
    sender.start();
    // 2.5 Mbit/s, three times: 937 bytes a millisecond; 600 kB would take longer than half a second.
    sender.sendVideo(unitOf(true, 600_000));
    clock.pass(10);
    const waiting = packets.length;
    sender.sendVideo(unitOf(false));
    await turn();
    expect(asked).toBe(2);
    clock.pass(1000);
    const first = media().length;
    expect(first).toBeGreaterThan(waiting);
    sender.sendVideo(unitOf(false));
    expect(media()).toHaveLength(first);
    sender.sendVideo(unitOf(true));
    sender.sendVideo(unitOf(false));
    expect(media()).toHaveLength(first + 2);
  });

  it('P7.3: tells its estimate when it changed, and keeps it in its figures', async () => {
    sender.start();
    for (let at = 0; at < 1000; at += 10) {
      sender.sendVideo(unitOf(true, 3000));
      clock.pass(10);
    }
    sender.receive(allows(((1_000_000 >> 6) << 6) & 0x3ffff));
    await turn();
    expect(estimates).toHaveLength(1);
    expect(sender.stats().estimateKbps).toBe(estimates[0]);
    sender.receive(allows(((1_000_000 >> 6) << 6) & 0x3ffff));
    await turn();
    expect(estimates).toHaveLength(1);
  });

  it('measures round trip and losses by the viewer’s reports, and counts what it sent', () => {
    sender.start();
    sender.sendVideo(unitOf(true));
    expect(sender.stats()).toMatchObject({ lossFraction: 0, sentBytes: media()[0]?.length });
    expect(sender.stats()).not.toHaveProperty('rttMs');
    const reported = compactNtp(clock.nowUs());
    clock.pass(50);
    sender.receive(receiverReport(VIDEO_SSRC, 0, 0, reported));
    clock.pass(500);
    sender.receive(receiverReport(VIDEO_SSRC, 64, 100, reported));
    expect(sender.stats().lossFraction).toBe(0.25);
    expect(sender.stats().rttMs).toBeGreaterThan(49);
  });

  it('follows the losses of the sound where there is no picture', () => {
    const soundOnly = new RtpMediaSender({
      video: undefined,
      audio: { ssrc: AUDIO_SSRC, payloadType: 111, playoutDelayId: undefined, absSendTimeId: undefined },
      cname: 'test',
      clock,
      connectionRttMs: () => undefined,
      send: (packet) => packets.push(packet),
      random: () => 0,
    });
    soundOnly.start();
    soundOnly.sendVideo(unitOf(true));
    soundOnly.sendAudio(SOUND);
    soundOnly.receive(receiverReport(AUDIO_SSRC, 0, 0, 0));
    clock.pass(500);
    soundOnly.receive(receiverReport(AUDIO_SSRC, 128, 100, 0));
    expect(soundOnly.stats().lossFraction).toBe(0.5);
    expect(media()).toHaveLength(1);
  });
});
