import { describe, expect, it } from 'vitest';
import { HandClock } from '../../testing/hand-clock.ts';
import { Pacer } from './pacer.ts';

const SIZE = 1000;
const packets = (count: number) => Array.from({ length: count }, (_, sequence) => ({ sequence, bytes: Buffer.alloc(SIZE) }));

function pacerOf(kbps: number) {
  const clock = new HandClock();
  const sent: number[] = [];
  const pacer = new Pacer({ clock, kbps, send: ({ sequence }) => sent.push(sequence) });
  return { clock, sent, pacer };
}

describe('the pacer', () => {
  it('lets an ordinary picture leave at once', () => {
    const { sent, pacer } = pacerOf(2500);
    pacer.push(packets(20));
    expect(sent).toHaveLength(20);
  });

  it('spreads a large one at three times the estimate, in order', () => {
    const { clock, sent, pacer } = pacerOf(2000);
    pacer.push(packets(105));
    expect(sent).toHaveLength(30);
    // 6 Mbit/s are 750 bytes a millisecond.
    clock.pass(50);
    expect(sent.length).toBeGreaterThanOrEqual(60);
    expect(sent.length).toBeLessThanOrEqual(70);
    clock.pass(60);
    expect(sent).toEqual(Array.from({ length: 105 }, (_, sequence) => sequence));
  });

  it('gives the next picture its place behind what waits', () => {
    const { clock, sent, pacer } = pacerOf(2000);
    pacer.push(packets(40));
    pacer.push(packets(3));
    clock.pass(100);
    expect(sent.slice(-4)).toEqual([39, 0, 1, 2]);
  });

  it('says that it is behind when more than 300 ms wait', () => {
    const { clock, pacer } = pacerOf(2000);
    pacer.push(packets(30 + 225));
    expect(pacer.isBehind).toBe(false);
    pacer.push(packets(1));
    expect(pacer.isBehind).toBe(true);
    clock.pass(10);
    expect(pacer.isBehind).toBe(false);
  });

  it('is quicker as soon as the estimate is', () => {
    const { clock, sent, pacer } = pacerOf(300);
    pacer.push(packets(200));
    pacer.setEstimate(20_000);
    clock.pass(40);
    expect(sent).toHaveLength(200);
  });

  it('sends nothing after it was stopped, and leaves no timer', () => {
    const { clock, sent, pacer } = pacerOf(2000);
    pacer.push(packets(100));
    pacer.stop();
    clock.pass(1000);
    expect(sent).toHaveLength(30);
  });
});
