const PORT = 9939;

/** The origin of a host from what a person types: `192.168.1.5`, `atelier.local:9000`, `https://…`; undefined where it is none. */
export function hostOrigin(text: string): string | undefined {
  const typed = text.trim();
  if (typed === '' || /\s/.test(typed)) return undefined;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  const address = hasScheme ? typed : `https://${typed}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  // A bare name means Usher's port; a whole address means what it says.
  if (!hasScheme && url.port === '' && !/:\d+(\/|$)/.test(typed)) url.port = String(PORT);
  return url.origin;
}
