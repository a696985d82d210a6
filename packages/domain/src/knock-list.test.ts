import { fingerprint } from '@usher/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { KNOCK_LIFETIME_MS, KNOCKS_MAX, KnockList } from './knock-list.ts';

const who = (number: number, name = `laptop ${number}`) => ({
  device: fingerprint(number.toString(16).padStart(64, '0')),
  name,
  address: '192.0.2.1',
});

describe('the knock list', () => {
  let list: KnockList;

  beforeEach(() => {
    list = new KnockList();
  });

  it('P9.1: a knock is listed until it is removed', () => {
    list.knock(who(1), 'a', 0);
    expect(list.list()).toEqual([{ id: 'a', who: who(1), knockedMs: 0, present: true }]);
    expect(list.find('a')?.who.name).toBe('laptop 1');
    expect(list.remove('a')).toBe(true);
    expect(list.remove('a')).toBe(false);
    expect(list.find('a')).toBeUndefined();
  });

  it('P9.1: a device that knocks again is refreshed in place', () => {
    list.knock(who(1), 'a', 0);
    list.leave('a');
    const { knock, evicted } = list.knock(who(1, 'new name'), 'b', 500);
    expect(knock).toEqual({ id: 'a', who: who(1, 'new name'), knockedMs: 500, present: true });
    expect(evicted).toBeUndefined();
    expect(list.list()).toHaveLength(1);
  });

  it('P9.1: a knock waits for ten minutes, counted from the last refresh', () => {
    list.knock(who(1), 'a', 0);
    list.knock(who(2), 'b', 0);
    list.knock(who(2), 'b', 1000);
    expect(list.expire(KNOCK_LIFETIME_MS - 1)).toEqual([]);
    expect(list.expire(KNOCK_LIFETIME_MS).map((knock) => knock.id)).toEqual(['a']);
    expect(list.list().map((knock) => knock.id)).toEqual(['b']);
  });

  it('P9.1: a full list makes room by its oldest', () => {
    for (let number = 0; number < KNOCKS_MAX; number += 1) list.knock(who(number), `k${number}`, number);
    list.knock(who(0), 'k0', 100); // refreshed: no longer the oldest
    const { evicted } = list.knock(who(999), 'new', 101);
    expect(evicted?.id).toBe('k1');
    expect(list.list()).toHaveLength(KNOCKS_MAX);
  });

  it('P9.1: those whose viewer has gone make room before anyone who waits', () => {
    for (let number = 0; number < KNOCKS_MAX; number += 1) list.knock(who(number), `k${number}`, number);
    list.leave('k20');
    list.leave('k10');
    expect(list.knock(who(100), 'x', 200).evicted?.id).toBe('k10');
    expect(list.knock(who(101), 'y', 200).evicted?.id).toBe('k20');
    expect(list.knock(who(102), 'z', 200).evicted?.id).toBe('k0');
  });

  it('P9.1: someone who has left no knock can leave', () => {
    list.leave('a');
    expect(list.list()).toEqual([]);
  });

  it('P9.1: whoever knocks, the list keeps to its size and has each device once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(80), fc.boolean()), { maxLength: 200 }), (steps) => {
        list = new KnockList();
        for (const [index, [number, leaves]] of steps.entries()) {
          const { knock } = list.knock(who(number), `k${index}`, index);
          if (leaves) list.leave(knock.id);
          const devices = list.list().map((entry) => entry.who.device);
          expect(devices.length).toBeLessThanOrEqual(KNOCKS_MAX);
          expect(new Set(devices).size).toBe(devices.length);
          expect(devices).toContain(who(number).device);
        }
      }),
    );
  });
});
