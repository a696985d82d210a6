import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { CONSOLE_SESSION_SECONDS, ConsoleSessions } from './console-sessions.ts';

describe("the console's sessions (design §3)", () => {
  it('P8.1: a browser is signed in until its twelve hours are over', async () => {
    const clock = new FakeClock();
    const sessions = new ConsoleSessions(clock);
    const cookie = sessions.open();
    expect(cookie).toMatch(/^[0-9a-f]{64}$/);
    await clock.advance(CONSOLE_SESSION_SECONDS * 1000 - 1);
    expect(sessions.has(cookie)).toBe(true);
    await clock.advance(1);
    expect(sessions.has(cookie)).toBe(false);
  });

  it('P8.1: signing out ends that browser and no other', () => {
    const sessions = new ConsoleSessions(new FakeClock());
    const [first, second] = [sessions.open(), sessions.open()];
    sessions.close(first);
    expect([sessions.has(first), sessions.has(second)]).toEqual([false, true]);
  });

  it('P8.1: the thirty-third browser ends the oldest', () => {
    const sessions = new ConsoleSessions(new FakeClock());
    const cookies = Array.from({ length: 33 }, () => sessions.open());
    expect(cookies.map((cookie) => sessions.has(cookie))).toEqual([false, ...Array.from({ length: 32 }, () => true)]);
  });

  it('P8.1: a session that has run out makes room before one that has not', async () => {
    const clock = new FakeClock();
    const sessions = new ConsoleSessions(clock);
    sessions.open();
    await clock.advance(CONSOLE_SESSION_SECONDS * 1000);
    const cookies = Array.from({ length: 32 }, () => sessions.open());
    expect(cookies.every((cookie) => sessions.has(cookie))).toBe(true);
  });
});
