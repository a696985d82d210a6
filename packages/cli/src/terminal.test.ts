import { describe, expect, it } from 'vitest';
import { columns, printable } from './columns.ts';
import { readFirstLine } from './terminal.ts';

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

describe('standard input', () => {
  it.each([
    ['one line', ['open sesame\n'], 'open sesame'],
    ['several', ['one\ntwo\n'], 'one'],
    ['in pieces', ['op', 'en', '\n'], 'open'],
    ['a character in two pieces', [Uint8Array.of(0xc3), Uint8Array.of(0xbc, 0x0a)], 'ü'],
    ['without an end', ['open'], 'open'],
    ['of Windows', ['open\r\n'], 'open'],
    ['empty', [], ''],
  ])('P2.4: %s', async (_what, parts, expected) => expect(await readFirstLine(chunks(...parts))).toBe(expected));

  it('P2.4: a line without end is refused', async () => {
    await expect(readFirstLine(chunks('x'.repeat(600), 'x'.repeat(600)))).rejects.toMatchObject({ code: 'config.invalid' });
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
