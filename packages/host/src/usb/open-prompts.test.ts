import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { openPrompt } from '../../testing/fake-services.ts';
import type { UsbNews } from '../services.ts';
import { OpenPrompts } from './open-prompts.ts';

const { prompt } = openPrompt();

let clock: FakeClock;
let news: UsbNews[];
let prompts: OpenPrompts;

beforeEach(() => {
  clock = new FakeClock();
  news = [];
  prompts = new OpenPrompts(clock, (one) => news.push(one));
});

function add(number: number): string {
  prompts.add(number, prompt);
  return prompts.list().at(-1)?.id ?? '';
}

describe('A6: questions to the operator', () => {
  it('A6: have a name of their own, and a time', () => {
    const [one, other] = [add(1), add(2)];
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(other).not.toBe(one);
    expect(prompts.list()[0]).toEqual({ id: one, prompt, sinceUnix: clock.unix(), expiresUnix: clock.unix() + 30 });
    expect(news.map(({ kind }) => kind)).toEqual(['prompt', 'prompt']);
  });

  it('A6: are answered once', () => {
    const id = add(7);
    expect([prompts.take(id), prompts.take(id), prompts.take('0'.repeat(16))]).toEqual([7, undefined, undefined]);
    prompts.close(7, 'answered'); // the agent's word for it
    expect(news.slice(1)).toEqual([{ kind: 'prompt-closed', id, reason: 'answered' }]);
    expect(clock.waiting).toBe(0);
  });

  it('A6: end with their time, also where the agent forgets to say so', async () => {
    const id = add(1);
    await clock.advance(30_000);
    expect(prompts.list()).toHaveLength(1);
    await clock.advance(1000);
    expect([prompts.list(), prompts.take(id)]).toEqual([[], undefined]);
    expect(news.at(-1)).toEqual({ kind: 'prompt-closed', id, reason: 'expired' });
  });

  it('A6: end with the agent', () => {
    const ids = [add(1), add(2)];
    prompts.closeAll();
    expect(news.slice(2)).toEqual(ids.map((id) => ({ kind: 'prompt-closed', id, reason: 'agent-ended' })));
    expect(clock.waiting).toBe(0);
  });

  it('A6: a number that is open is no other question, and too many aren’t shown', () => {
    add(1);
    add(1);
    expect(prompts.list()).toHaveLength(1);
    for (let number = 2; number < 100; number += 1) add(number);
    expect(prompts.list()).toHaveLength(64);
  });
});
