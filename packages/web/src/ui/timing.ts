import { useEffect, useEffectEvent, useState } from 'react';

/** Calls `then` once, `milliseconds` after the render that gave them; undefined = not at all. */
export function useAfter(milliseconds: number | undefined, then: () => void): void {
  const latest = useEffectEvent(then);
  useEffect(() => {
    if (milliseconds === undefined) return;
    const timer = setTimeout(() => latest(), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
}

/** Unix seconds, renewed every second: for words like "two minutes left". */
export function useUnixSeconds(): number {
  const [now, setNow] = useState(unixSeconds);
  useEffect(() => {
    const timer = setInterval(() => setNow(unixSeconds()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
