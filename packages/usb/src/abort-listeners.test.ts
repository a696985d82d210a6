import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { AbortListeners } from './abort-listeners.ts';

it('U17: many transfers listen to one signal once, and leave nothing behind', () => {
  const stop = new AbortController();
  const listening = () => getEventListeners(stop.signal, 'abort').length;
  const listeners = new AbortListeners();
  const heard: number[] = [];
  const off = Array.from({ length: 20 }, (_, at) => listeners.add(stop.signal, () => heard.push(at)));
  expect(listening()).toBe(1);
  for (const end of off.slice(2)) end();
  stop.abort();
  expect(heard).toEqual([0, 1]);
  for (const end of off) end();
  expect(listening()).toBe(0);
});

it('U17: without a signal there is nothing to listen to', () => {
  expect(new AbortListeners().add(undefined, () => undefined)()).toBeUndefined();
});
