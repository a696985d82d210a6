import type { LaunchSpec } from './profile.ts';

/** Words of one command; far more than any launcher has, and a bound for what a session is asked to start. */
export const COMMAND_WORDS_MAX = 64;

/** A command as one line of text, quoted so that {@link splitCommand} (and a POSIX shell) reads the same words back. */
export function joinCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/**
 * The words of a line, by the quoting of a POSIX shell and nothing else of it: no variables, no lists, no redirections. What would be such
 * is a character like any other, because no shell ever sees it. Undefined where a quote isn't closed, there is no program, or too many words.
 */
export function splitCommand(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; ) {
    const [, single, double, escaped, blank, plain] =
      /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\s+)|([^\s'"\\]+))/su.exec(line.slice(at)) ?? [];
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += blank.length;
      continue;
    }
    if (single !== undefined) {
      word = (word ?? '') + single;
      at += single.length + 2;
    } else if (double !== undefined) {
      word = (word ?? '') + double.replaceAll(/\\(["`$\\])/g, '$1');
      at += double.length + 2;
    } else if (escaped !== undefined) {
      word = (word ?? '') + escaped;
      at += escaped.length + 1;
    } else if (plain !== undefined) {
      word = (word ?? '') + plain;
      at += plain.length;
    } else return undefined;
  }
  if (word !== undefined) words.push(word);
  return words[0] === undefined || words[0] === '' || words.length > COMMAND_WORDS_MAX ? undefined : words;
}

/** What starts a title; undefined for a kind that this version doesn't know, and for a text that names no program. */
export function commandOf({ kind, value }: LaunchSpec): readonly string[] | undefined {
  switch (kind) {
    case 'command':
      return splitCommand(value);
    case 'steam_appid':
      return /^\d{1,10}$/.test(value) ? ['steam', `steam://rungameid/${value}`] : undefined;
    default:
      return undefined;
  }
}
