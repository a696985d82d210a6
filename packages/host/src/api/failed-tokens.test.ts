import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FailedTokens } from './failed-tokens.ts';

function failing(times: number, address = '192.0.2.1') {
  const clock = new FakeClock();
  const failures = new FailedTokens(clock);
  for (let time = 0; time < times; time += 1) failures.add(address);
  return { clock, failures };
}

describe('wrong tokens by address (facts/usb-wire.md §15.1)', () => {
  it('P8.1: seven are forgiven', () => {
    expect(failing(7).failures.waitSeconds('192.0.2.1')).toBe(0);
  });

  it('P8.1: the eighth makes the address wait until the first is a minute old', async () => {
    const { clock, failures } = failing(8);
    expect(failures.waitSeconds('192.0.2.1')).toBe(60);
    await clock.advance(59_001);
    expect(failures.waitSeconds('192.0.2.1')).toBe(1);
    await clock.advance(999);
    expect(failures.waitSeconds('192.0.2.1')).toBe(0);
  });

  it('P8.1: one address does not make another wait', () => {
    expect(failing(8).failures.waitSeconds('192.0.2.2')).toBe(0);
  });

  it('P8.1: a flood of addresses forgets the oldest and no other', () => {
    const { failures } = failing(8);
    for (let count = 0; count < 1023; count += 1) failures.add(`2001:db8::${count.toString(16)}`);
    expect(failures.waitSeconds('192.0.2.1')).toBe(60);
    failures.add('2001:db8:1::');
    expect(failures.waitSeconds('192.0.2.1')).toBe(0);
  });
});
