import { type InputEvent, InputKind } from '@usher/protocol';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { FakeX } from '../../testing/fake-x.ts';
import { InputPlayer } from './input-player.ts';
import { TextKeys } from './text-keys.ts';

const [KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE, MOTION] = [2, 3, 4, 5, 6];
const event = (kind: InputKind, fields: Partial<InputEvent> = {}): InputEvent => ({ kind, code: 0, x: 0, y: 0, flags: 0, ...fields });

async function setUp(spare?: readonly number[]) {
  const x = new FakeX(spare);
  const clock = new FakeClock();
  const text = await TextKeys.open(x.connection, clock, pino({ level: 'silent' }));
  const player = new InputPlayer(x.connection, text, () => ({ width: 1280, height: 720 }), clock);
  const type = (characters: string) => {
    for (const character of characters) player.play(1, event(InputKind.Text, { code: character.codePointAt(0) ?? 0 }));
  };
  /** Keys that went down, as X numbers them. */
  const pressed = () => x.played.filter(([type]) => type === KEY_PRESS).map(([, keycode]) => keycode);
  return { x, player, clock, type, pressed };
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
    player.close();
    expect(x.played).toHaveLength(2);
  });

  it('P7.2: a lost focus lets go of what that viewer holds', async () => {
    const { x, player } = await setUp();
    player.play(1, event(InputKind.KeyDown, { code: 42 }));
    player.play(1, event(InputKind.ReleaseAll));
    expect(x.played.at(-1)).toEqual([KEY_RELEASE, 50, 0, 0]);
  });

  it('P7.2: a character that the layout has is typed with its key, and Shift where it takes one', async () => {
    const { type, pressed } = await setUp();
    type('aA');
    expect(pressed()).toEqual([38, 50, 38]);
  });

  it('P7.2: while Shift is held, it is neither pressed again nor in the way', async () => {
    const { x, player, type, pressed } = await setUp();
    player.play(1, event(InputKind.KeyDown, { code: 54 }));
    type('Aa');
    expect(pressed()).toEqual([62, 38, 200]);
    expect(x.lent).toEqual([{ keycode: 200, keysym: 0x61 }]);
  });

  it('P7.2: another character gets a key of its own, and keeps it', async () => {
    const { x, type, pressed } = await setUp();
    type('ééü');
    expect(x.lent).toEqual([
      { keycode: 200, keysym: 0xe9 },
      { keycode: 201, keysym: 0xfc },
    ]);
    expect(pressed()).toEqual([200, 200, 201]);
  });

  it('P7.2: when keys run out, the one used longest ago is lent anew, after a while, and nothing overtakes', async () => {
    const { x, player, clock, type, pressed } = await setUp([200, 201]);
    type('éüéß');
    player.play(1, event(InputKind.KeyDown, { code: 30 }));
    expect(pressed()).toEqual([200, 201, 200]);
    await clock.pass(1_000_000);
    expect(x.lent.at(-1)).toEqual({ keycode: 201, keysym: 0xdf });
    expect(pressed()).toEqual([200, 201, 200, 201, 38]);
  });

  it('P7.2: a viewer who goes takes along what still waits', async () => {
    const { player, clock, type, pressed } = await setUp([200]);
    type('éü');
    player.release(1);
    await clock.pass(1_000_000);
    expect(pressed()).toEqual([200]);
  });

  it('P7.2: what waits is bounded', async () => {
    const { clock, type, pressed } = await setUp([200]);
    for (let round = 0; round < 5000; round += 1) type('éü');
    await clock.pass(10_000_000_000);
    expect(pressed().length).toBeLessThan(5000);
  });

  it('P7.2: a new layout is learnt, and what was lent is lent again', async () => {
    const { x, type, pressed } = await setUp([200, 201]);
    type('é');
    x.spareKeycodes = [210];
    x.hear({ name: 'MappingNotify', request: 1, count: 248 });
    await settle();
    type('é');
    expect(pressed()).toEqual([200, 210]);
  });

  it('P7.2: at the end, lent keys are given back', async () => {
    const { x, player, type } = await setUp();
    type('é');
    player.close();
    expect(x.lent.at(-1)).toEqual({ keycode: 200, keysym: 0 });
  });

  it('P7.2: a keyboard without a key to spare types nothing else', async () => {
    const { type, pressed } = await setUp([]);
    type('éa');
    expect(pressed()).toEqual([38]);
  });
});
