import { InputKind } from '@usher/sdk';
import { expect, it } from 'vitest';
import { HeldButtons } from './held-buttons.ts';

const NONE = 0;
const LEFT = 1;
const RIGHT = 2;
const MIDDLE = 4;
const FORWARD = 16;

function story(...masks: readonly number[]): readonly string[] {
  const buttons = new HeldButtons();
  return masks.map((mask) =>
    buttons
      .change(mask)
      .map((event) => `${event.kind === InputKind.ButtonDown ? '+' : '-'}${event.code}`)
      .join(' '),
  );
}

it.each([
  ['a click', [LEFT, NONE], ['+1', '-1']],
  ['the right button is the third', [RIGHT, NONE], ['+3', '-3']],
  ['the wheel as a button is the second', [MIDDLE, NONE], ['+2', '-2']],
  ['the button for "forward"', [FORWARD, NONE], ['+5', '-5']],
  ['a second button while one is held', [LEFT, LEFT | RIGHT, RIGHT, NONE], ['+1', '+3', '-1', '-3']],
  ['motion changes nothing', [LEFT, LEFT, LEFT], ['+1', '', '']],
  ['both at once', [LEFT | RIGHT, NONE], ['+1 +3', '-1 -3']],
  ['a button that the session doesn’t have', [32, NONE], ['', '']],
] as const)('I1: %s', (_name, masks, expected) => {
  expect(story(...masks)).toEqual(expected);
});
