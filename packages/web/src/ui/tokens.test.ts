import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCENTS } from './accent.ts';

type Colour = readonly [number, number, number];

const CSS = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The two hex colours of `--name: light-dark(#…, #…)`. */
function colours(name: string): Readonly<Record<'light' | 'dark', Colour>> {
  const found = new RegExp(`--${name}: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)`).exec(CSS);
  const [, light, dark] = found ?? [];
  if (light === undefined || dark === undefined) throw new TypeError(`tokens.css has no --${name} of two hex colours`);
  return { light: rgb(light), dark: rgb(dark) };
}

function rgb(hex: string): Colour {
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [channel(0), channel(2), channel(4)];
}

/** Contrast ratio of WCAG 2.2, 1…21. */
function contrast(a: Colour, b: Colour): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]; // two in, two out
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

const TEXT = 4.5;
const CONTROL = 3;

describe.each(['light', 'dark'] as const)('the colours of the %s theme', (theme) => {
  it.each([
    ['ink', ['paper', 'surface', 'sunken', 'raised', 'accent-soft', 'lamp-soft', 'warn-soft']],
    ['ink-soft', ['paper', 'surface', 'sunken', 'raised', 'lamp-soft']],
    ['accent', ['paper', 'surface', 'sunken', 'lamp-soft']],
    ['danger', ['paper', 'surface', 'danger-soft']],
    ['good', ['good-soft']],
    ['warn', ['surface', 'warn-soft']],
    ['on-accent', ['accent', 'accent-strong']],
    ['on-danger', ['danger', 'danger-strong']],
  ])('P9.1: text in %s can be read on every ground it stands on (WCAG AA)', (ink, grounds) => {
    for (const ground of grounds) expect.soft(contrast(colours(ink)[theme], colours(ground)[theme]), ground).toBeGreaterThanOrEqual(TEXT);
  });

  it.each([
    ['line-strong', ['surface', 'raised', 'paper']],
    ['focus', ['paper', 'surface', 'raised', 'lamp-soft']],
  ])('P9.1: edges in %s stand out (WCAG AA)', (edge, grounds) => {
    for (const ground of grounds)
      expect.soft(contrast(colours(edge)[theme], colours(ground)[theme]), ground).toBeGreaterThanOrEqual(CONTROL);
  });
});

describe('the colours that a profile can have', () => {
  it.each(ACCENTS)('P8.4: white can be read on %s (WCAG AA)', (name) => {
    const [, hex] = new RegExp(`--accent-${name}: #([0-9a-f]{6});`).exec(CSS) ?? [];
    expect(contrast(rgb(hex ?? ''), rgb('ffffff'))).toBeGreaterThanOrEqual(TEXT);
  });
});
