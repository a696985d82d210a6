import { describe, expect, it } from 'vitest';
import { refusalOfComplaint, refusalOfStatus } from './refusals.ts';

describe('an exit status of systemd', () => {
  it.each([
    [0, undefined],
    [1, undefined],
    [137, undefined],
    [199, undefined],
    [200, 'NoHome'],
    [203, 'NoWorker'],
    [216, 'LaunchFailed'],
    [217, 'NoAccount'],
    [224, 'LoginRefused'],
    [226, 'LaunchFailed'],
    [243, 'LaunchFailed'],
    [244, undefined],
  ] as const)('B6: %i is %s', (status, refusal) => {
    expect(refusalOfStatus(status)).toBe(refusal);
  });
});

describe('a line of systemd-run’s', () => {
  it.each([
    ['Failed to find executable /usr/bin/node: No such file or directory', 'NoWorker'],
    ['Failed to start transient service unit: Unit usher-session-1000.service already exists.', 'Occupied'],
    ['Failed to start transient service unit: Unit usher-session-1000.service was already loaded or has a fragment file.', 'Occupied'],
    ['Failed to start transient service unit: Access denied', 'LaunchFailed'],
    ['Failed to start transient service unit: Connection timed out', 'LaunchFailed'],
    ['{"level":30,"msg":"Failed to start transient service unit: "}', undefined],
    ['', undefined],
  ] as const)('B6: %j is %s', (line, refusal) => {
    expect(refusalOfComplaint(line)).toBe(refusal);
  });
});
