import { describe, expect, it } from 'vitest';
import { refusalOfStatus } from './exit-status.ts';

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
