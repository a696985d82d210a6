import { type InputEvent, InputKind, keyEvent } from '@usher/sdk';
import { describe, expect, it } from 'vitest';
import { HeldKeys, type KeyboardSystem, type KeyPress } from './held-keys.ts';

function press(code: string, more: Partial<KeyPress> = {}): KeyPress {
  return { code, key: '', repeat: false, atMs: 0, ...more };
}

/** `+KeyA` down, `-KeyA` up, `*` everything let go, and typed text as it is. */
function story(events: readonly InputEvent[] | undefined): string | undefined {
  return events?.map(told).join(' ');
}

function told(event: InputEvent): string {
  if (event.kind === InputKind.ReleaseAll) return '*';
  if (event.kind === InputKind.Text) return String.fromCodePoint(event.code);
  const name = CODES.find((code) => keyEvent(code, true)?.code === event.code) ?? '?';
  return `${event.kind === InputKind.KeyDown ? '+' : '-'}${name}`;
}

const CODES = ['KeyA', 'KeyC', 'CapsLock', 'ControlLeft', 'AltRight', 'MetaLeft', 'ShiftLeft', 'Tab', 'F5'];

function keys(system: KeyboardSystem = 'other'): HeldKeys {
  return new HeldKeys(system);
}

describe('keys on their way into the session', () => {
  it('I1: a key is pressed and let go by its place', () => {
    const held = keys();
    expect(story(held.down(press('KeyA', { key: 'q' })))).toBe('+KeyA');
    expect(story(held.up('KeyA'))).toBe('-KeyA');
  });

  it.each(['Tab', 'F5'])('I1: %s goes to the session, not to the browser', (code) => {
    expect(story(keys().down(press(code)))).toBe(`+${code}`);
  });

  it('I1: a repeat is swallowed, because the session repeats by itself', () => {
    const held = keys();
    held.down(press('KeyA'));
    expect(held.down(press('KeyA', { repeat: true }))).toEqual([]);
  });

  it('I1: a key that was never pressed is not let go', () => {
    expect(keys().up('KeyA')).toEqual([]);
  });

  it('I1: a key that no keyboard of the session has is left to the browser', () => {
    expect(keys().down(press('Fn', { key: 'Fn' }))).toBeUndefined();
    expect(keys().up('Fn')).toBeUndefined();
  });

  it('I1: a touch keyboard that names no place types the letter', () => {
    expect(story(keys().down(press('', { key: 'ß' })))).toBe('ß');
    expect(keys().down(press('', { key: 'Unidentified' }))).toBeUndefined();
  });

  it('I2: lost focus lets everything go, and nothing is let go twice', () => {
    const held = keys();
    held.down(press('ShiftLeft'));
    expect(story(held.releaseAll())).toBe('*');
    expect(held.up('ShiftLeft')).toEqual([]);
  });

  it('I1: AltGr of Windows arrives without the Control that comes with it', () => {
    const held = keys('windows');
    expect(story(held.down(press('ControlLeft', { atMs: 1000 })))).toBe('+ControlLeft');
    expect(story(held.down(press('AltRight', { atMs: 1001 })))).toBe('-ControlLeft +AltRight');
    expect(held.up('ControlLeft')).toEqual([]);
    expect(story(held.up('AltRight'))).toBe('-AltRight');
  });

  it('I1: a Control that was held before stays with the right Alt', () => {
    const held = keys('windows');
    held.down(press('ControlLeft', { atMs: 1000 }));
    expect(story(held.down(press('AltRight', { atMs: 1400 })))).toBe('+AltRight');
  });

  it('I1: macOS forgets to report keys let go under Command; they are let go with it', () => {
    const held = keys('mac');
    held.down(press('MetaLeft'));
    held.down(press('ShiftLeft'));
    held.down(press('KeyC'));
    expect(story(held.up('MetaLeft'))).toBe('-MetaLeft -KeyC');
    expect(story(held.up('ShiftLeft'))).toBe('-ShiftLeft');
  });

  it('I1: Caps Lock of macOS is a tap both times', () => {
    const held = keys('mac');
    expect(story(held.down(press('CapsLock')))).toBe('+CapsLock -CapsLock');
    expect(story(held.up('CapsLock'))).toBe('+CapsLock -CapsLock');
  });
});
