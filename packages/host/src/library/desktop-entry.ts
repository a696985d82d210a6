/** What the library needs of a desktop entry (freedesktop.org Desktop Entry Specification 1.5). */
export interface DesktopEntry {
  readonly name: string;
  /** The program and its arguments, field codes taken out. */
  readonly command: readonly string[];
}

export interface DesktopEnvironment {
  /** As in `LANG`: `de_DE.UTF-8`. */
  readonly locale: string;
  /** As in `XDG_CURRENT_DESKTOP`, split; empty where none runs. */
  readonly desktops: readonly string[];
}

const NAME_MAX = 256;
/** Far more arguments than any launcher has. */
const ARGUMENTS_MAX = 64;

/**
 * Reads a `.desktop` file. Undefined where it is no title for a person: another type, hidden, meant for another desktop environment, without
 * a name or a program, or a program for a terminal, which would start and show nothing.
 */
export function parseDesktopEntry(text: string, { locale, desktops }: DesktopEnvironment): DesktopEntry | undefined {
  const keys = mainGroup(text);
  const flag = (key: string) => keys.get(key) === 'true';
  const shown = (key: string) => splitList(keys.get(key) ?? '').some((desktop) => desktops.includes(desktop));
  if (keys.get('Type') !== 'Application' || flag('NoDisplay') || flag('Hidden') || flag('Terminal')) return undefined;
  if ((keys.has('OnlyShowIn') && !shown('OnlyShowIn')) || shown('NotShowIn')) return undefined;
  const name = localised(keys, 'Name', locale)?.trim() ?? '';
  const command = parseExec(keys.get('Exec') ?? '', name);
  return name === '' || name.length > NAME_MAX || command === undefined ? undefined : { name, command };
}

/** The keys of `[Desktop Entry]`, values with their escapes resolved. The group comes first; what follows are actions and extensions. */
function mainGroup(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('[')) {
      if (inside) break;
      inside = line.trimEnd() === '[Desktop Entry]';
    }
    const [, key, value] = /^([A-Za-z0-9-]+(?:\[[^\]]*\])?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined && !keys.has(key)) keys.set(key, resolveEscapes(value));
  }
  return keys;
}

const ESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** A backslash before anything else stays: lists and Exec have escapes of their own. */
function resolveEscapes(value: string): string {
  return value.replaceAll(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}

function splitList(value: string): readonly string[] {
  return value.split(';').filter((item) => item !== '');
}

/** `lang_COUNTRY@MODIFIER`, then with less and less of it, then the key without a locale (specification §5). */
function localised(keys: ReadonlyMap<string, string>, key: string, locale: string): string | undefined {
  const [, language, country = '', modifier = ''] = /^([A-Za-z]+)(_[A-Za-z]+)?(?:\.[^@]*)?(@.+)?$/.exec(locale) ?? [];
  const tries =
    language === undefined ? [] : [`${language}${country}${modifier}`, `${language}${country}`, `${language}${modifier}`, language];
  return tries.map((name) => keys.get(`${key}[${name}]`)).find((value) => value !== undefined) ?? keys.get(key);
}

/** Arguments with spaces between: quoted as a whole (specification §7). */
const ARGUMENT = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/y;
/** What a launcher puts in for files, addresses, icons and its own place, and what is obsolete: nothing, where nothing is opened. */
const FIELD_CODE = /^%[fFuUdDnNikvm]$/;

/** The argument list of an Exec line. Undefined where it names no program, or isn't valid. */
function parseExec(exec: string, name: string): readonly string[] | undefined {
  const line = exec.trim();
  const command: string[] = [];
  for (let at = 0; at < line.length; at = ARGUMENT.lastIndex) {
    ARGUMENT.lastIndex = at;
    const match = ARGUMENT.exec(line);
    if (match === null || command.length === ARGUMENTS_MAX) return undefined;
    const [, quoted, bare = ''] = match;
    if (quoted !== undefined) command.push(quoted.replaceAll(/\\(["`$\\])/g, '$1'));
    else if (!FIELD_CODE.test(bare)) command.push(withoutCodes(bare, name));
  }
  return command[0] === undefined || command[0] === '' ? undefined : command;
}

/** `%c` is the title, `%%` a percent sign. */
function withoutCodes(word: string, name: string): string {
  return word.replaceAll(/%(.)/g, (_whole, code: string) => (code === '%' ? '%' : code === 'c' ? name : ''));
}
