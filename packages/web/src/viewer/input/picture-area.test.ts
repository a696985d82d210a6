import { describe, expect, it } from 'vitest';
import { pictureArea, toSession } from './picture-area.ts';

const HD = { width: 1280, height: 720 };

describe('where the picture stands', () => {
  it.each([
    ['fills a stage of its own size', { width: 1280, height: 720 }, { left: 0, top: 0, width: 1280, height: 720, scale: 1 }],
    ['leaves bars above and below', { width: 1280, height: 920 }, { left: 0, top: 100, width: 1280, height: 720, scale: 1 }],
    ['leaves bars left and right', { width: 1000, height: 360 }, { left: 180, top: 0, width: 640, height: 360, scale: 0.5 }],
  ] as const)('P7.3: %s', (_name, stage, expected) => {
    expect(pictureArea(stage, HD)).toEqual(expected);
  });

  it.each([
    ['no picture has come', HD, { width: 0, height: 0 }],
    ['the window has no room', { width: 0, height: 500 }, HD],
  ])('P7.3: nowhere while %s', (_name, stage, picture) => {
    expect(pictureArea(stage, picture)).toBeUndefined();
  });

  it('I1: a place on the stage is a place in the session, even beside the picture', () => {
    const area = pictureArea({ width: 1000, height: 360 }, HD);
    if (area === undefined) throw new TypeError('there is an area');
    expect(toSession(area, 500, 180)).toEqual({ x: 640, y: 360 });
    expect(toSession(area, 80, 0)).toEqual({ x: -200, y: 0 });
  });
});
