import { describe, expect, it } from 'vitest';
import { columns, printable } from './columns.ts';
import { readLines } from './terminal.ts';

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

describe('standard input', () => {
  it.each([
    ['one line', ['open sesame\n'], 1, ['open sesame']],
    ['several', ['one\ntwo\n'], 1, ['one']],
    ['two of three', ['one\ntw', 'o\nthree\n'], 2, ['one', 'two']],
    ['fewer than were asked for', ['one\n'], 2, ['one']],
    ['in pieces', ['op', 'en', '\n'], 1, ['open']],
    ['a character in two pieces', [Uint8Array.of(0xc3), Uint8Array.of(0xbc, 0x0a)], 1, ['ü']],
    ['without an end', ['open'], 1, ['open']],
    ['of Windows', ['open\r\nsesame\r\n'], 2, ['open', 'sesame']],
    ['empty', [], 1, []],
    ['with an empty line', ['\nopen\n'], 2, ['', 'open']],
  ])('P2.4: %s', async (_what, parts, count, expected) => expect(await readLines(chunks(...parts), count)).toEqual(expected));

  it('P2.4: a line without end is refused', async () => {
    await expect(readLines(chunks('x'.repeat(600), 'x'.repeat(600)), 1)).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

describe('columns', () => {
  it('style: are as wide as their widest cell', () => {
    expect(
      columns(
        ['A', 'BB'],
        [
          ['aaa', ''],
          ['a', 'b'],
        ],
      ),
    ).toBe('A    BB\naaa\na    b');
  });

  it('style: nothing of a stranger’s moves the cursor or turns the text', () => {
    expect(printable('a\u0000b\u001bc\u202ed\u2028e\nf')).toBe('a·b·c·d·e·f');
  });
});
