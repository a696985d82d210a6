import { type InputEvent, InputKind } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { FakeX } from '../../testing/fake-x.ts';
import { InputPlayer } from './input-player.ts';
import { TextKeys } from './text-keys.ts';

const [KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION] = [2, 3, 4, 5, 6];
const event = (kind: InputKind, fields: Partial<InputEvent> = {}): InputEvent => ({ kind, code: 0, x: 0, y: 0, flags: 0, ...fields });

async function setUp(spare?: readonly number[]) {
  const x = new FakeX(spare);
  const player = new InputPlayer(x.connection, await TextKeys.open(x.connection), () => ({ width: 1280, height: 720 }));
  return { x, player };
}

describe('playing input', () => {
  it.each([
    ['a key', event(InputKind.KeyDown, { code: 30 }), [[KEY_PRESS, 38, 0, 0]]],
    ['the last key', event(InputKind.KeyDown, { code: 247 }), [[KEY_PRESS, 255, 0, 0]]],
    ['a key that X has no number for', event(InputKind.KeyDown, { code: 248 }), []],
    ['no key at all', event(InputKind.KeyDown, { code: 0 }), []],
    ['left', event(InputKind.ButtonDown, { code: 1 }), [[BUTTON_PRESS, 1, 0, 0]]],
    ['right', event(InputKind.ButtonDown, { code: 3 }), [[BUTTON_PRESS, 3, 0, 0]]],
    ['back', event(InputKind.ButtonDown, { code: 4 }), [[BUTTON_PRESS, 8, 0, 0]]],
    ['forward', event(InputKind.ButtonDown, { code: 5 }), [[BUTTON_PRESS, 9, 0, 0]]],
    ['an unknown button', event(InputKind.ButtonDown, { code: 6 }), []],
    ['a step', event(InputKind.PointerMoveBy, { x: -3, y: 99_999 }), [[MOTION, 1, -3, 32_767]]],
    ['a place', event(InputKind.PointerMoveTo, { x: 10, y: 20, flags: (640 << 16) | 360 }), [[MOTION, 0, 20, 40]]],
    [
      'the wheel down',
      event(InputKind.Scroll, { y: 120 }),
      [
        [BUTTON_PRESS, 5, 0, 0],
        [BUTTON_RELEASE, 5, 0, 0],
      ],
    ],
    [
      'the wheel up',
      event(InputKind.Scroll, { y: -120 }),
      [
        [BUTTON_PRESS, 4, 0, 0],
        [BUTTON_RELEASE, 4, 0, 0],
      ],
    ],
    [
      'the wheel to the right',
      event(InputKind.Scroll, { x: 120 }),
      [
        [BUTTON_PRESS, 7, 0, 0],
        [BUTTON_RELEASE, 7, 0, 0],
      ],
    ],
  ])('P7.2: %s', async (_name, given, expected) => {
    const { x, player } = await setUp();
    player.play(1, given);
    expect(x.played).toEqual(expected);
  });

  it('P7.2: a viewer who goes lets go of keys and buttons, others keep theirs', async () => {
    const { x, player } = await setUp();
    player.play(1, event(InputKind.KeyDown, { code: 42 }));
    player.play(1, event(InputKind.ButtonDown, { code: 1 }));
    player.play(2, event(InputKind.KeyDown, { code: 30 }));
    x.played.length = 0;
    player.release(1);
    expect(x.played).toEqual([
      [KEY_RELEASE, 50, 0, 0],
      [BUTTON_RELEASE, 1, 0, 0],
    ]);
  });

  it('P7.2: everything is let go at the end', async () => {
    const { x, player } = await setUp();
    player.play(1, event(InputKind.KeyDown, { code: 42 }));
    player.play(2, event(InputKind.ButtonDown, { code: 1 }));
    x.played.length = 0;
    player.releaseEverything();
    expect(x.played).toHaveLength(2);
  });

  it('P7.2: a lost focus lets go of what that viewer holds', async () => {
    const { x, player } = await setUp();
    player.play(1, event(InputKind.KeyDown, { code: 42 }));
    player.play(1, event(InputKind.ReleaseAll));
    expect(x.played.at(-1)).toEqual([KEY_RELEASE, 50, 0, 0]);
  });

  it('P7.2: a character gets a key of its own, and keeps it', async () => {
    const { x, player } = await setUp();
    for (const character of 'ééü') player.play(1, event(InputKind.Text, { code: character.codePointAt(0) ?? 0 }));
    expect(x.lent).toEqual([
      { keycode: 200, keysym: 0xe9 },
      { keycode: 201, keysym: 0xfc },
    ]);
    expect(x.played.filter(([type]) => type === KEY_PRESS).map(([, keycode]) => keycode)).toEqual([200, 200, 201]);
  });

  it('P7.2: when keys run out, the one used longest ago is lent anew', async () => {
    const { x, player } = await setUp([200, 201]);
    for (const character of 'abac') player.play(1, event(InputKind.Text, { code: character.charCodeAt(0) }));
    expect(x.lent.map(({ keycode }) => keycode)).toEqual([200, 201, 201]);
  });

  it('P7.2: a keyboard without a key to spare types nothing', async () => {
    const { x, player } = await setUp([]);
    player.play(1, event(InputKind.Text, { code: 0x61 }));
    expect(x.played).toEqual([]);
  });
});
