import { type InputEvent, InputKind, keyEvent } from '@usher/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { typedText } from './typed-text.ts';

/** `<` Backspace, `↵` Enter, `→` Tab; anything else is typed. Only key downs are told, and each must be followed by its up. */
function story(events: readonly InputEvent[]): string {
  return events
    .map((event, at) => (event.kind === InputKind.Text ? String.fromCodePoint(event.code) : tapped(event, events[at + 1])))
    .join('');
}

function tapped(event: InputEvent, next: InputEvent | undefined): string {
  if (event.kind === InputKind.KeyUp) return '';
  expect(next).toEqual({ ...event, kind: InputKind.KeyUp });
  return [...'<↵→'][['Backspace', 'Enter', 'Tab'].findIndex((code) => keyEvent(code, true)?.code === event.code)] ?? '?';
}

it.each([
  ['a letter', 'a', 'ab', 'b'],
  ['a letter deleted', 'ab', 'a', '<'],
  ['a word corrected', 'teh', 'the', '<<he'],
  ['a word swiped', '', 'hello', 'hello'],
  ['an emoji is one character', '', '👋', '👋'],
  ['an emoji deleted is one key', 'a👋', 'a', '<'],
  ['Enter and Tab are keys', '', 'a\n\tb', 'a↵→b'],
  ['nothing', 'abc', 'abc', ''],
])('I1: a touch keyboard types %s', (_name, before, after, expected) => {
  expect(story(typedText(before, after))).toBe(expected);
});

it('I1: typing it elsewhere always leads to the same text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '👋') });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const there = [...before];
      for (const character of story(typedText(before, after))) character === '<' ? there.pop() : there.push(character);
      expect(there.join('')).toBe(after);
    }),
  );
});
