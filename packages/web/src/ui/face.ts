/** What an avatar shows: a picture, or a few characters. */
export type Face = { readonly picture: string } | { readonly text: string };

/** More don't fit into the circle. */
const CHARACTERS_MAX = 2;

/**
 * Of a profile's `avatar`, or of its name where that says nothing that could be drawn. A picture of another server isn't fetched: that server
 * would learn who looks at which host, and the pages' Content-Security-Policy forbids it.
 */
export function faceOf(name: string, avatar: string | undefined): Face {
  if (avatar?.startsWith('data:image/') === true) return { picture: avatar };
  if (avatar !== undefined && avatar !== '' && characters(avatar).length <= CHARACTERS_MAX) return { text: avatar };
  return { text: monogram(name) };
}

/** "Ada Lovelace" → "AL", "ada" → "A". */
function monogram(name: string): string {
  const words = name.trim().split(/\s+/);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen
    .map((word) => characters(word ?? '')[0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

/** As people count them: an emoji of several code points is one. */
function characters(text: string): readonly string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}
