import { CodedError, type CursorShape, type HostMessage, InputKind, type Mode, type Reconfigured, VideoCodec } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { FakeMediaSender } from '../../testing/fake-peer.ts';
import { picture } from '../../testing/fake-worker.ts';
import { Desktop, type DesktopViewer } from './desktop.ts';

const HD: Mode = { width: 1280, height: 720, refreshHz: 60 };
const SMALL: Mode = { width: 800, height: 600, refreshHz: 60 };
const TINY: Mode = { width: 320, height: 200, refreshHz: 60 };

let clock: FakeClock;
let sent: HostMessage[];
let desktop: Desktop;

beforeEach(() => {
  clock = new FakeClock();
  sent = [];
  desktop = new Desktop(HD, clock, (message) => sent.push(message));
});

class TestViewer implements DesktopViewer {
  readonly codec: VideoCodec;
  readonly media: FakeMediaSender;
  readonly wishKbps = 0;
  readonly audio: boolean;
  readonly cursors: CursorShape[] = [];
  readonly modes: Reconfigured[] = [];
  lostTo: CodedError | undefined;

  constructor(codec: VideoCodec = VideoCodec.H264, audio = true) {
    this.codec = codec;
    this.media = new FakeMediaSender(codec);
    this.audio = audio;
  }

  showCursor(cursor: CursorShape): void {
    this.cursors.push(cursor);
  }

  modeChanged(answer: Reconfigured): void {
    this.modes.push(answer);
  }

  lost(reason: CodedError): void {
    this.lostTo = reason;
  }
}

const of = <Type extends HostMessage['type']>(type: Type) =>
  sent.filter((message): message is Extract<HostMessage, { type: Type }> => message.type === type);

describe('the fan-out', () => {
  it('P7.1: encodes once for each codec, and gives every viewer its own', () => {
    const [one, two, three] = [new TestViewer(), new TestViewer(), new TestViewer(VideoCodec.Vp8)];
    for (const viewer of [one, two, three]) desktop.join(viewer);
    expect(of('start-stream').map((message) => message.codec)).toEqual([VideoCodec.H264, VideoCodec.Vp8]);
    desktop.take(picture());
    desktop.take(picture({ codec: VideoCodec.Vp8 }));
    expect([one, two, three].map((viewer) => viewer.media.video.length)).toEqual([1, 1, 1]);
  });

  it('P7.1: drops a picture of a codec that nobody takes', () => {
    desktop.join(new TestViewer());
    expect(() => desktop.take(picture({ codec: VideoCodec.Vp8 }))).not.toThrow();
  });

  it('P7.1: gives sound to those who negotiated it', () => {
    const [hears, deaf] = [new TestViewer(), new TestViewer(VideoCodec.H264, false)];
    desktop.join(hears);
    desktop.join(deaf);
    desktop.take({ type: 'audio', timestamp: 0, data: Uint8Array.of(1) });
    expect([hears.media.audio.length, deaf.media.audio.length]).toEqual([1, 0]);
  });

  it('C9: shows a newcomer the cursor as it is now', () => {
    const cursor = (hotX: number) => ({ width: 0, height: 0, hotX, hotY: 0, rgba: new Uint8Array() });
    const first = new TestViewer();
    desktop.join(first);
    for (const hotX of [1, 2, 3]) desktop.take({ type: 'cursor', cursor: cursor(hotX) });
    const newcomer = new TestViewer();
    desktop.join(newcomer);
    expect(first.cursors).toHaveLength(3);
    expect(newcomer.cursors).toEqual([cursor(3)]);
  });

  it('P7.3: passes on what a viewer’s network takes, and who needs a key frame', async () => {
    const viewer = new TestViewer();
    desktop.join(viewer);
    desktop.take(picture());
    await clock.advance(500);
    viewer.media.estimate(1000);
    viewer.media.askForKeyframe();
    await settled();
    expect(of('bitrate')).toEqual([{ type: 'bitrate', codec: VideoCodec.H264, kbps: 1000 }]);
    expect(of('keyframe')).toHaveLength(1);
  });

  it('W6: keeps the viewers’ input apart by number, and lets go of a viewer’s keys when it leaves', () => {
    const places = [desktop.join(new TestViewer()), desktop.join(new TestViewer())];
    const events = [{ kind: InputKind.KeyDown, code: 30, x: 0, y: 0, flags: 0 }];
    for (const place of places) place.input(events);
    places[0]?.leave();
    places[0]?.input(events);
    places[0]?.leave();
    places[1]?.input([]);
    expect(sent.filter((message) => message.type === 'input' || message.type === 'viewer-gone')).toEqual([
      { type: 'input', viewer: 1, events },
      { type: 'input', viewer: 2, events },
      { type: 'viewer-gone', viewer: 1 },
    ]);
  });

  it('W6: numbers wrap around without meeting one that is in use', () => {
    const stays = desktop.join(new TestViewer());
    for (let count = 0; count < 0xffff; count += 1) desktop.join(new TestViewer()).leave();
    expect(of('viewer-gone').every((message) => message.viewer >= 2 && message.viewer <= 0xffff)).toBe(true);
    sent.length = 0;
    stays.leave();
    expect(of('viewer-gone')).toEqual([{ type: 'viewer-gone', viewer: 1 }]);
  });

  it('issue 2: a lost worker is told to everyone, and nothing is asked of it any more', async () => {
    const viewer = new TestViewer();
    const place = desktop.join(viewer);
    place.resize(SMALL);
    sent.length = 0;
    const reason = new CodedError('session.worker-lost', 'gone');
    desktop.lose(reason);
    expect(viewer.lostTo).toBe(reason);
    place.input([{ kind: InputKind.Text, code: 65, x: 0, y: 0, flags: 0 }]);
    place.resize(TINY);
    place.requestKeyframe();
    place.leave();
    await desktop.fit(TINY);
    await settled();
    expect(sent).toEqual([]);
    expect(clock.waiting).toBe(0);
    expect(() => desktop.join(new TestViewer())).toThrow(reason);
  });
});

describe('the size of the desktop', () => {
  const answer = (mode: Mode, accepted = true) => desktop.take({ type: 'resized', accepted, mode });

  it('P7.3: the asker is answered and the others are told', async () => {
    const [asker, other] = [new TestViewer(), new TestViewer()];
    const place = desktop.join(asker);
    desktop.join(other);
    place.resize(SMALL);
    answer(SMALL);
    await settled();
    expect(asker.modes).toEqual([{ accepted: true, ...SMALL }]);
    expect(other.modes).toEqual([{ accepted: true, ...SMALL }]);
    expect(desktop.mode).toEqual(SMALL);
  });

  it('P7.3: a refusal tells the asker the size that holds, and nobody else anything', async () => {
    const [asker, other] = [new TestViewer(), new TestViewer()];
    const place = desktop.join(asker);
    desktop.join(other);
    place.resize(SMALL);
    answer(HD, false);
    await settled();
    expect(asker.modes).toEqual([{ accepted: false, ...HD }]);
    expect(other.modes).toEqual([]);
  });

  it('P7.3: of many wishes the last one wins, and the worker has one at a time', async () => {
    const viewer = new TestViewer();
    const place = desktop.join(viewer);
    const wishes = Array.from({ length: 20 }, (_, index) => ({ ...HD, width: 1000 + 2 * index }));
    for (const wish of wishes) place.resize(wish);
    expect(of('resize').map((message) => message.mode.width)).toEqual([1000]);
    answer(wishes[0] ?? HD);
    await settled();
    answer(wishes[19] ?? HD);
    await settled();
    expect(of('resize').map((message) => message.mode.width)).toEqual([1000, 1038]);
    expect(viewer.modes.at(-1)).toEqual({ accepted: true, ...HD, width: 1038 });
    expect(viewer.modes.filter((mode) => !mode.accepted)).toHaveLength(18);
  });

  it('P7.3: a worker that says nothing has refused after three seconds', async () => {
    const viewer = new TestViewer();
    desktop.join(viewer).resize(SMALL);
    await clock.advance(3_000);
    expect(viewer.modes).toEqual([{ accepted: false, ...HD }]);
  });

  it('W5: a size that changed by itself is told to everyone', () => {
    const viewer = new TestViewer();
    desktop.join(viewer);
    answer(SMALL);
    expect(viewer.modes).toEqual([{ accepted: true, ...SMALL }]);
  });

  it('P7.1: somebody who comes alone gets the size that fits, and somebody who joins takes what is there', async () => {
    const fitted = desktop.fit(SMALL);
    answer(SMALL);
    await fitted;
    expect(desktop.mode).toEqual(SMALL);
    desktop.join(new TestViewer());
    await desktop.fit(TINY);
    expect(of('resize')).toHaveLength(1);
  });
});
