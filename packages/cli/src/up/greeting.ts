import { displayFingerprint, type Fingerprint } from '@usher/sdk/node';
import { armedText, isoTime } from './armed-pin.ts';

/** What `usher up` has to say once the host is there. */
export interface Greeting {
  readonly url: string;
  readonly lan: readonly string[];
  readonly fingerprint: Fingerprint;
  /** Undefined where no PIN could be armed. */
  readonly armed: { readonly pin: string; readonly expiresUnix: number } | undefined;
  /** Only at the first start. */
  readonly token: string | undefined;
}

export function greetingJson({ url, lan, fingerprint, armed, token }: Greeting) {
  return {
    url,
    addresses: [url, ...lan],
    fingerprint,
    ...(armed === undefined ? {} : { pin: armed.pin, expiresAt: isoTime(armed.expiresUnix) }),
    ...(token === undefined ? {} : { token }),
  };
}

/** `self` is how this program is called: the hint must be a line to copy. */
export function greetingText(greeting: Greeting, self: string): string {
  const { url, lan, fingerprint, armed, token } = greeting;
  const lines = [
    'Usher is ready. Ctrl-C ends it.',
    '',
    ...labelled('Open', [url, ...lan]),
    ...labelled('Fingerprint', inTwo(displayFingerprint(fingerprint))),
    '',
    armed === undefined ? 'No PIN could be armed.' : `  ${armedText(armed.pin, armed.expiresUnix)}`,
    `  A new PIN: ${self} pair`,
  ];
  if (token === undefined) return lines.join('\n');
  const explanation = `Your bearer token, shown this once: sign in with it at ${url}console to manage devices and sessions.`;
  return [...lines, '', explanation, `  ${token}`].join('\n');
}

function labelled(label: string, values: readonly string[]): readonly string[] {
  return values.map((value, index) => `  ${(index === 0 ? label : '').padEnd(12)} ${value}`);
}

/** 32 pairs of digits are too long for one line of a narrow terminal. */
function inTwo(text: string): readonly string[] {
  return [text.slice(0, 48), text.slice(48)];
}
