/** Minutes and seconds as a clock shows them: `9:05`. Never below zero. */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

const STEPS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const;

const SECOND = { unit: 'second', seconds: 1 } as const;

/** "3 hours", "2 Tage": one unit, rounded down. */
export function roughDuration(seconds: number, language: string): string {
  const step = STEPS.find((candidate) => seconds >= candidate.seconds) ?? SECOND;
  const count = Math.max(0, Math.floor(seconds / step.seconds));
  return new Intl.NumberFormat(language, { style: 'unit', unit: step.unit, unitDisplay: 'long' }).format(count);
}

/** "3 hours ago", "vor 2 Tagen", "now" in the language's own words. */
export function since(unix: number, nowUnix: number, language: string): string {
  const seconds = Math.max(0, nowUnix - unix); // the host's clock may run ahead of the browser's
  const step = STEPS.find((candidate) => seconds >= candidate.seconds) ?? SECOND;
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(seconds / step.seconds), step.unit);
}
