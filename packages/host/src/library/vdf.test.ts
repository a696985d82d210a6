import { isCoded } from '@usher/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVdf, type VdfObject } from './vdf.ts';

const plain = (object: VdfObject): unknown =>
  Object.fromEntries([...object].map(([name, value]) => [name, typeof value === 'string' ? value : plain(value)]));

describe('P4.1: KeyValues text', () => {
  it('P4.1: is read as Steam writes it', () => {
    const text = '"libraryfolders"\n{\n\t"0"\n\t{\n\t\t"path"\t\t"/home/kid/.local/share/Steam"\n\t\t"apps" { "570" "1" }\n\t}\n}\n';
    expect(plain(parseVdf(text))).toEqual({ libraryfolders: { 0: { path: '/home/kid/.local/share/Steam', apps: { 570: '1' } } } });
  });

  it.each([
    ['', {}],
    ['AppState { appid 570 }', { appstate: { appid: '570' } }],
    ['"Name" "x" // a comment\n"b" "2" [$LINUX]', { name: 'x', b: '2' }],
    ['"a" "C:\\\\Games\\n\\"x\\""', { a: 'C:\\Games\n"x"' }],
    ['a 1 A 2', { a: '2' }],
    ['__proto__ { x 1 }', Object.fromEntries([['__proto__', { x: '1' }]])],
  ])('P4.1: %j', (text, expected) => {
    expect(plain(parseVdf(text))).toEqual(expected);
  });

  it.each(['a {', '}', 'a', '{ }', '"a', '"a" "b', 'a }', 'a { b }', `${'a{'.repeat(17)}${'}'.repeat(17)}`])(
    'P4.1: %j is refused',
    (text) => {
      expect(() => parseVdf(text)).toThrow(/KeyValues/);
    },
  );

  it('P4.1: noise fails by its code or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '{', '}', '\\', ' ', '\n', 'a', '/', '['), maxLength: 60 }), (text) => {
        try {
          parseVdf(text);
        } catch (error) {
          expect(isCoded(error, 'message.malformed')).toBe(true);
        }
      }),
    );
  });
});
