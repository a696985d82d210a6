import { PassThrough } from 'node:stream';
import { Reader } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { forwardLog } from './forward-log.ts';

let clock: FakeClock;
let stderr: PassThrough;
let logged: { readonly level: unknown; readonly from: unknown; readonly msg: string; readonly line: Reader }[];

beforeEach(() => {
  clock = new FakeClock();
  stderr = new PassThrough();
  logged = [];
  const log = pino(
    { level: 'trace' },
    {
      write: (text: string) => {
        const line = Reader.json(text, 'line');
        logged.push({ level: line.raw('level'), from: line.raw('from'), msg: line.string('msg', 100_000), line });
      },
    },
  );
  forwardLog(stderr, 'worker', clock, log);
});

async function say(text: string): Promise<void> {
  stderr.write(text);
  await settled();
}

describe('the log of a child', () => {
  it.each([
    [20, 20],
    [30, 30],
    [40, 40],
    [50, 50],
    [60, 50],
  ])('style §7: a line of level %i comes at level %i, with its fields', async (level, shown) => {
    await say(`${JSON.stringify({ level, time: 1, pid: 2, process: 'worker', display: ':99', msg: 'open' })}\n`);
    expect(logged).toMatchObject([{ level: shown, from: 'worker', msg: 'open' }]);
    expect(logged[0]?.line.raw('display')).toBe(':99');
    expect(logged[0]?.line.has('process')).toBe(false);
  });

  it('style §7: a line of some library is a warning', async () => {
    await say('Xlib: something is missing\n\n');
    expect(logged).toMatchObject([{ level: 40, from: 'worker', msg: 'Xlib: something is missing' }]);
  });

  it('style §7: lines come whole, however they are cut, and the last one without its end', async () => {
    for (const piece of ['on', 'e\ntw', 'o\nthr']) await say(piece);
    stderr.end('ee');
    await settled();
    expect(logged.map((line) => line.msg)).toEqual(['one', 'two', 'three']);
  });

  it('style §7: a line without end is cut', async () => {
    for (let count = 0; count < 20; count += 1) await say('x'.repeat(1000));
    await say('\n');
    expect(logged.map((line) => line.msg.length)).toEqual([4096]);
  });

  it('style §7: more than fifty lines a second are counted, not shown', async () => {
    await say('noise\n'.repeat(1000));
    expect(logged).toHaveLength(50);
    await clock.advance(1000);
    await say('quiet\n');
    expect(logged.slice(50).map((line) => line.msg)).toEqual(['lines of a child were left out', 'quiet']);
    expect(logged[50]?.line.raw('leftOut')).toBe(950);
  });
});
