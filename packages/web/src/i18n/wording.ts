/** The languages that every text exists in. English is the one the others are measured against. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same keys as an English table, with any text behind them. */
export type Wording<Table> = { readonly [Key in keyof Table]: Table[Key] extends string ? string : Wording<Table[Key]> };

/** The first of a person's languages that Usher speaks; English where it speaks none of them. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
