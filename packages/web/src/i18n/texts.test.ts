import { describe, expect, it } from 'vitest';
import { common } from './common.ts';
import { consoleTexts } from './console.ts';
import { auditTexts } from './console-audit.ts';
import { profileTexts } from './console-profiles.ts';
import { usbTexts } from './console-usb.ts';
import { viewerTexts } from './viewer.ts';

/** Every key of a nested table as a path, with its text. */
function flatten(table: object, path = ''): Map<string, string> {
  const entries = Object.entries(table).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? [...flatten(value, `${path}${key}.`)] : [[`${path}${key}`, String(value)] as const],
  );
  return new Map(entries);
}

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
}

describe.each([
  ['common', common],
  ['viewer', viewerTexts],
  ['console', consoleTexts],
  ['profiles', profileTexts],
  ['audit', auditTexts],
  ['usb', usbTexts],
])('the texts of "%s"', (_name, { en, de }) => {
  const [english, german] = [flatten(en), flatten(de)];

  it('P8.4: have the same keys in both languages', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('P8.4: name the same values in both languages', () => {
    for (const [key, text] of english) expect.soft(placeholders(german.get(key) ?? ''), key).toEqual(placeholders(text));
  });

  it('P8.4: are never empty', () => {
    for (const [key, text] of [...english, ...german]) expect.soft(text.trim(), key).not.toBe('');
  });
});
