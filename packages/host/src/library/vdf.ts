import { CodedError } from '@usher/protocol';

/** An object of Valve's KeyValues 1 text. Names are lower case: Steam isn't consistent about theirs. */
export interface VdfObject extends ReadonlyMap<string, string | VdfObject> {}

/** Steam's own files nest four deep. */
const MAX_DEPTH = 16;

/** Quoted with escapes, bare, a brace; comments and platform conditions (`[$LINUX]`) stand between. */
const TOKEN = /\s+|\/\/[^\n]*|\[[^\]\n]*\]|"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}"]+)/sy;

/**
 * Parses KeyValues 1, the text of `libraryfolders.vdf` and `appmanifest_*.acf`. Of two values for a name the last counts.
 *
 * @throws CodedError `message.malformed` where braces or quotes don't close, or where it nests deeper than 16.
 */
export function parseVdf(text: string): VdfObject {
  return readObject(tokenise(text), 0);
}

type Token = { readonly text: string } | '{' | '}';

function* tokenise(text: string): Generator<Token, undefined> {
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw malformed('a quote does not close');
    const [, quoted, brace, bare] = match;
    if (brace === '{' || brace === '}') yield brace;
    else if (quoted !== undefined) yield { text: quoted.replaceAll(/\\(.)/gs, (_whole, letter: string) => ESCAPES[letter] ?? letter) };
    else if (bare !== undefined) yield { text: bare };
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/** Reads up to the brace that closes the object, or to the end of the text for the root. */
function readObject(tokens: Iterator<Token, undefined>, depth: number): VdfObject {
  if (depth > MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH}`);
  const object = new Map<string, string | VdfObject>();
  for (;;) {
    const { value: key } = tokens.next();
    if (key === '{') throw malformed('an object has no name');
    if (key === undefined || key === '}') {
      if ((key === undefined) !== (depth === 0)) throw malformed('the braces do not match');
      return object;
    }
    const { value } = tokens.next();
    if (value === undefined || value === '}') throw malformed('a name has no value');
    object.set(key.text.toLowerCase(), value === '{' ? readObject(tokens, depth + 1) : value.text);
  }
}

function malformed(problem: string): CodedError {
  return new CodedError('message.malformed', `KeyValues: ${problem}`);
}
