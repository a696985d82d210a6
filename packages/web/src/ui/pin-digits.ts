/** Digits of a pairing PIN (requirement P9.1). */
export const PIN_DIGITS = 6;

/** What a person typed or pasted, reduced to the digits of a PIN: `482 913`, `482-913` and full-width digits all read alike. */
export function pinDigits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, PIN_DIGITS);
}
