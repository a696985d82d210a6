import { describe, expect, it } from 'vitest';
import { chooseLanguage } from './wording.ts';

describe('the language of a page', () => {
  it.each([
    ['the first that is spoken', ['fr-FR', 'de-AT', 'en-US'], 'de'],
    ['a bare tag', ['de'], 'de'],
    ['any case', ['EN-gb'], 'en'],
    ['English where none is spoken', ['fr', 'it'], 'en'],
    ['English where nothing is wanted', [], 'en'],
    ['no language by its first letters alone', ['den', 'enm'], 'en'],
  ] as const)('P8.4: %s', (_name, wanted, expected) => {
    expect(chooseLanguage(wanted)).toBe(expected);
  });
});
