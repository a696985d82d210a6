import { type InputEvent, keyEvent, textEvents } from '@usher/sdk';

/**
 * What a touch keyboard did to a text field, as input for the session. Such keyboards rewrite whole words (autocorrection, swiping,
 * composing), so the field's text before and after is all that can be trusted.
 */
export function typedText(before: string, after: string): readonly InputEvent[] {
  const [old, now] = [[...before], [...after]];
  const same = commonStart(old, now);
  return [...old.slice(same).flatMap(() => tap('Backspace')), ...now.slice(same).flatMap(typeCharacter)];
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((character, at) => character !== b[at]);
  return differs === -1 ? a.length : differs;
}

/** Line breaks and tabs are keys: programs act on them, and only type letters. */
function typeCharacter(character: string): readonly InputEvent[] {
  if (character === '\n') return tap('Enter');
  if (character === '\t') return tap('Tab');
  return textEvents(character);
}

function tap(code: string): readonly InputEvent[] {
  return [keyEvent(code, true), keyEvent(code, false)].filter((event) => event !== undefined);
}
