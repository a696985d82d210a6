/** Colours that a profile can be given by name; `tokens.css` has each as `--accent-NAME`. White can be read on all of them. */
export const ACCENTS = ['pine', 'sea', 'plum', 'rose', 'clay', 'ochre', 'moss', 'slate'] as const;
type Accent = (typeof ACCENTS)[number];

/** A ground, and the ink that can be read on it (at least 4.5:1), as values of CSS properties. */
export interface AccentColours {
  readonly ground: string;
  readonly ink: string;
}

/** Of a profile's `accent`: `#RRGGBB`, or the name of a colour. One that this page doesn't know is the colour of the house. */
export function accentColours(accent: string | undefined): AccentColours {
  if (accent !== undefined && /^#[0-9a-f]{6}$/i.test(accent)) {
    return { ground: accent, ink: luminance(accent) > MIDDLE ? BLACK : WHITE };
  }
  const name: Accent = ACCENTS.find((known) => known === accent?.toLowerCase()) ?? 'pine';
  return { ground: `var(--accent-${name})`, ink: WHITE };
}

const WHITE = '#ffffff';
const BLACK = '#000000';
/** Where black and white stand out equally, both by 4.58:1. */
const MIDDLE = 0.1791;

/** Relative luminance of WCAG 2.2, 0…1. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
