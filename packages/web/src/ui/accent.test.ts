import { describe, expect, it } from 'vitest';
import { accentColours } from './accent.ts';

describe('the colours of a profile', () => {
  it.each([
    ['a colour by its name', 'plum', { ground: 'var(--accent-plum)', ink: '#ffffff' }],
    ['in any case', 'Plum', { ground: 'var(--accent-plum)', ink: '#ffffff' }],
    ['the house’s where none is chosen', undefined, { ground: 'var(--accent-pine)', ink: '#ffffff' }],
    ['the house’s where another program knows more names', 'tartan', { ground: 'var(--accent-pine)', ink: '#ffffff' }],
    ['dark ink on a bright colour', '#FFE066', { ground: '#FFE066', ink: '#000000' }],
    ['white ink on a dark colour', '#102030', { ground: '#102030', ink: '#ffffff' }],
    ['the house’s for what is no colour', '#12', { ground: 'var(--accent-pine)', ink: '#ffffff' }],
  ])('P8.4: %s', (_what, accent, expected) => {
    expect(accentColours(accent)).toEqual(expected);
  });
});
