import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMAND_WORDS_MAX, commandOf, joinCommand, splitCommand } from './command-line.ts';

describe('the command of a title', () => {
  it.each([
    ['chess', ['chess']],
    ['  chess\t--fast\n', ['chess', '--fast']],
    [`'/opt/my chess' "a b" c\\ d`, ['/opt/my chess', 'a b', 'c d']],
    [`--file='a b'"c"d`, ['--file=a bcd']],
    [`sh ''`, ['sh', '']],
    ['say "\\"hi\\" \\$5 \\n"', ['say', '"hi" $5 \\n']],
    [`it\\'s`, ["it's"]],
    ['\\ chess', [' chess']],
  ])('P7.5: %j is %j', (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each(['a; b', 'a && b', 'a | b', 'a $(b)', 'a `b`', 'a $HOME', 'a > b', 'a *', 'a &'])(
    'P7.5: no shell reads %j: its signs are words like others',
    (line) => {
      expect(splitCommand(line)).toEqual(line.split(' '));
    },
  );

  it.each(['', '   ', `'`, `"chess`, `chess 'x`, 'chess \\', `'' chess`, 'x '.repeat(COMMAND_WORDS_MAX + 1)])(
    'P7.5: %j names no program',
    (line) => {
      expect(splitCommand(line)).toBeUndefined();
    },
  );

  it('P7.5: what is joined is split into the same words', () => {
    const words = fc
      .array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: COMMAND_WORDS_MAX })
      .filter(([program]) => program !== '');
    fc.assert(
      fc.property(words, (command) => {
        expect(splitCommand(joinCommand(command))).toEqual(command);
      }),
    );
  });

  it('P7.5: no text makes it throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (line) => void splitCommand(line)));
  });

  it.each([
    [{ kind: 'command', value: 'chess --new' }, ['chess', '--new']],
    [{ kind: 'steam_appid', value: '570' }, ['steam', 'steam://rungameid/570']],
    [{ kind: 'steam_appid', value: '570; rm' }, undefined],
    [{ kind: 'command', value: `'` }, undefined],
    [{ kind: 'flatpak', value: 'org.x' }, undefined],
  ] as const)('P7.5: %j starts %j', (spec, command) => {
    expect(commandOf(spec)).toEqual(command);
  });
});
