/**
 * A JSON value as Python prints it. AutoControl's record of a run is keyed by it (`execute: ['AC_usb_acl_list']`), and programs look their
 * results up by that key.
 */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([name, field]) => `${quoted(name)}: ${pythonLiteral(field)}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** Python takes double quotes only where the text has single ones and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${quote}${text.replaceAll(/[\\\n\r\t]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|'/gu, (found) => escaped(found, quote))}${quote}`;
}

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string, quote: string): string {
  if (character === "'") return quote === "'" ? "\\'" : "'";
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
