/** Control characters that a text can hold and that have a key: keysymdef.h. */
const CONTROL_KEYSYMS: ReadonlyMap<number, number> = new Map([
  [0x08, 0xff08], // BackSpace
  [0x09, 0xff09], // Tab
  [0x0a, 0xff0d], // Return
  [0x0d, 0xff0d], // Return
  [0x1b, 0xff1b], // Escape
  [0x7f, 0xffff], // Delete
]);
const UNICODE_KEYSYMS = 0x0100_0000;

/** The X keysym of a Unicode code point; undefined for what is no character that a key could make (X11 protocol, appendix A). */
export function keysymOf(codePoint: number): number | undefined {
  const control = CONTROL_KEYSYMS.get(codePoint);
  if (control !== undefined) return control;
  if (codePoint < 0x20 || (codePoint >= 0x80 && codePoint < 0xa0)) return undefined;
  if (codePoint < 0x100) return codePoint;
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000)) return undefined;
  return UNICODE_KEYSYMS + codePoint;
}
