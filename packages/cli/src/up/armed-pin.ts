export function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}

/** One PIN is one guess: that is why the words say "one device". */
export function armedText(pin: string, expiresUnix: number): string {
  return `PIN ${pin}, for one device, until ${new Date(expiresUnix * 1000).toLocaleTimeString()}`;
}
