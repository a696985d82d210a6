import { describe, expect, it } from 'vitest';
import { Serial } from './serial.ts';

describe('serial', () => {
  it('U1.5: tasks run one after the other, and a failure stops none', async () => {
    const serial = new Serial(3);
    const ran: number[] = [];
    const failing = serial.run(() => Promise.reject(new Error('no')));
    const tasks = [1, 2].map((number) => serial.run(() => Promise.resolve(ran.push(number))));
    await expect(failing).rejects.toThrow('no');
    await Promise.all(tasks);
    expect(ran).toEqual([1, 2]);
  });

  it('style §7: one task too many is a bug of the caller, who could have asked', async () => {
    const serial = new Serial(1);
    const task = serial.run(() => Promise.resolve());
    expect(serial.full).toBe(true);
    expect(() => serial.run(() => Promise.resolve())).toThrow(RangeError);
    await task;
    await serial.drained();
    expect(serial.full).toBe(false);
  });
});
