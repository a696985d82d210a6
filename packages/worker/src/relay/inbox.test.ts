import { PassThrough } from 'node:stream';
import { encodeHostMessage, envelope, type HostMessage, isCoded, VideoCodec } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { settle } from '../../testing/fake-clock.ts';
import { readHost } from './inbox.ts';

const start: HostMessage = { type: 'start', mode: { width: 640, height: 480, refreshHz: 60 }, display: { kind: 'virtual' }, audio: true };
const keyframe: HostMessage = { type: 'keyframe', codec: VideoCodec.H264 };
const bytesOf = (...messages: readonly HostMessage[]) => Buffer.concat(messages.map((message) => envelope(encodeHostMessage(message))));

async function read(...chunks: readonly Uint8Array[]) {
  const stream = new PassThrough();
  const heard: string[] = [];
  readHost(stream, {
    started: (message) => heard.push(message.type),
    received: (message) => heard.push(message.type),
    ended: () => heard.push('ended'),
    failed: (error) => heard.push(isCoded(error) ? error.code : String(error)),
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await settle();
  return heard;
}

describe('reading the host', () => {
  it.each([
    ['a conversation', [bytesOf(start, keyframe)], ['start', 'keyframe', 'ended']],
    ['nothing', [], ['ended']],
    ['a first message that is no start', [bytesOf(keyframe, start)], ['message.unexpected']],
    ['a second start', [bytesOf(start, start, keyframe)], ['start', 'message.unexpected']],
    ['an unknown message', [bytesOf(start), envelope(Uint8Array.of(0x7f))], ['start', 'frame.unknown-op']],
    ['an empty message', [envelope(new Uint8Array(0))], ['frame.truncated']],
    ['a start that is no JSON', [envelope(Uint8Array.of(1, 0x7b))], ['message.malformed']],
    ['an announcement beyond the bound', [Buffer.from([0xff, 0xff, 0xff, 0xff])], ['frame.oversized']],
    ['noise', [Buffer.from('GET / HTTP/1.1\r\n\r\n')], ['frame.oversized']],
  ])('P5.3: %s', async (_name, chunks, expected) => {
    expect(await read(...chunks)).toEqual(expected);
  });

  it('P5.3: a conversation may come one byte at a time', async () => {
    expect(await read(...[...bytesOf(start, keyframe)].map((byte) => Uint8Array.of(byte)))).toEqual(['start', 'keyframe', 'ended']);
  });

  it('P5.3: a pipe that breaks is a host that went', () => {
    const heard: string[] = [];
    const stream = new PassThrough();
    const note = (what: string) => () => void heard.push(what);
    readHost(stream, { started: note('started'), received: note('received'), ended: note('ended'), failed: note('failed') });
    stream.emit('error', new Error('ECONNRESET'));
    stream.emit('end');
    expect(heard).toEqual(['ended']);
  });
});
