import { describe, expect, it } from 'vitest';
import { SecretText, takeFrom } from './secret-text.ts';

function typed(text: string): SecretText {
  const secret = new SecretText();
  for (const character of text) secret.append(character);
  return secret;
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe('a passcode that is typed', () => {
  it('P2.4: is taken once, and nothing stays', () => {
    const secret = typed('24é🦊');
    expect(secret.characters).toBe(4);
    expect(textOf(secret.take())).toBe('24é🦊');
    expect([secret.characters, secret.take().length]).toEqual([0, 0]);
  });

  it('P2.4: loses whole characters, back to none', () => {
    const secret = typed('2é🦊');
    secret.removeLast();
    secret.removeLast();
    expect(textOf(secret.take())).toBe('2');
    secret.removeLast();
    expect(secret.characters).toBe(0);
  });

  it('P2.4: is wiped where it is given up', () => {
    const secret = typed('2468');
    secret.wipe();
    expect(secret.take()).toHaveLength(0);
  });

  it('P2.4: has room for 64 bytes, and no half of a character', () => {
    const secret = typed('x'.repeat(63));
    expect([secret.append('é'), secret.append('y'), secret.append('z')]).toEqual([false, true, false]);
    expect(secret.take()).toHaveLength(64);
  });

  it('P2.4: leaves its field as it becomes bytes', () => {
    const field = { value: 'geheim' };
    expect([textOf(takeFrom(field)), field.value]).toEqual(['geheim', '']);
    const long = { value: 'é'.repeat(33) };
    expect([takeFrom(long), long.value.length]).toEqual([undefined, 33]);
  });
});
