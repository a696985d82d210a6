import { expect, it } from 'vitest';
import { minutesAndSeconds, roughDuration, since } from './duration.ts';

it.each([
  [0, '0:00'],
  [59.9, '0:59'],
  [65, '1:05'],
  [600, '10:00'],
  [-3, '0:00'],
])('P9.1: %d seconds left read as %s', (seconds, expected) => {
  expect(minutesAndSeconds(seconds)).toBe(expected);
});

it.each([
  [12, 'en', '12 seconds'],
  [61, 'en', '1 minute'],
  [7300, 'de', '2 Stunden'],
  [172_800, 'de', '2 Tage'],
])('P8.4: %d seconds in %s are "%s"', (seconds, language, expected) => {
  expect(roughDuration(seconds, language)).toBe(expected);
});

it.each([
  [1000, 'en', 'now'],
  [1000 - 12, 'de', 'vor 12 Sekunden'],
  [1000 - 120, 'en', '2 minutes ago'],
  [1000 - 86_400, 'de', 'gestern'],
  [1000 + 30, 'en', 'now'],
])('P8.4: a time of %d seen at 1000 in %s was "%s"', (unix, language, expected) => {
  expect(since(unix, 1000, language)).toBe(expected);
});
