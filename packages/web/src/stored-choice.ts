/** The choices about the page itself that this browser keeps; none of them says anything about a person or a host. */
const KEYS = { language: 'usher.language', theme: 'usher.theme', volume: 'usher.volume', deviceName: 'usher.device-name' } as const;
export type Choice = keyof typeof KEYS;

/** Storage may be switched off by the browser; a choice then lasts as long as the page. */
const forgotten = new Map<string, string>();

export function read(choice: Choice): string | undefined {
  try {
    return localStorage.getItem(KEYS[choice]) ?? undefined;
  } catch {
    return forgotten.get(KEYS[choice]); // storage is refused: see above
  }
}

export function write(choice: Choice, value: string): void {
  try {
    localStorage.setItem(KEYS[choice], value);
  } catch {
    forgotten.set(KEYS[choice], value); // storage is refused: see above
  }
}
