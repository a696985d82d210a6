import { beforeEach, describe, expect, it } from 'vitest';
import { KeyframeGate } from './keyframe-gate.ts';

const ms = (milliseconds: number) => milliseconds * 1000;

describe('the key frame gate', () => {
  let asked: number;
  let gate: KeyframeGate;

  beforeEach(() => {
    asked = 0;
    gate = new KeyframeGate(() => {
      asked += 1;
    });
    gate.start(ms(0));
  });

  it('asks for a key frame at the start and lets nothing through before it', () => {
    expect(asked).toBe(1);
    expect(gate.admits(false, ms(10))).toBe(false);
    expect(gate.admits(true, ms(20))).toBe(true);
    expect(gate.admits(false, ms(30))).toBe(true);
    expect(asked).toBe(1);
  });

  it('asks again where the key frame doesn’t come', () => {
    for (let at = 10; at <= 1200; at += 10) gate.admits(false, ms(at));
    expect(asked).toBe(3);
  });

  it('lets nothing through after a picture was dropped, until the next key frame', () => {
    gate.admits(true, ms(10));
    gate.dropped(ms(20));
    expect(asked).toBe(2);
    expect(gate.admits(false, ms(30))).toBe(false);
    expect(gate.admits(true, ms(40))).toBe(true);
  });

  it('passes a viewer’s request on, but not one that the last key frame answers', () => {
    gate.admits(true, ms(10));
    gate.requested(ms(100), 0);
    expect(asked).toBe(1);
    gate.requested(ms(120), 0);
    expect(asked).toBe(2);
  });

  it('counts the way there: over a long round trip a request may be older than the key frame', () => {
    gate.admits(true, ms(10));
    gate.requested(ms(300), 200);
    expect(asked).toBe(1);
    gate.requested(ms(320), 200);
    expect(asked).toBe(2);
  });

  it('gives a picture up that resending cannot mend, once a second at most', () => {
    gate.admits(true, ms(10));
    gate.beyondRepair(ms(900));
    expect(asked).toBe(1);
    gate.beyondRepair(ms(1010));
    gate.beyondRepair(ms(1900));
    expect(asked).toBe(2);
    gate.beyondRepair(ms(2010));
    expect(asked).toBe(3);
  });

  it('joins requests that come within a tenth of a second', () => {
    gate.admits(true, ms(10));
    for (let at = 200; at < 300; at += 10) gate.requested(ms(at), 0);
    expect(asked).toBe(2);
    gate.requested(ms(310), 0);
    expect(asked).toBe(3);
  });
});
