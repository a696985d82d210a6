import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desktopOf } from './desktop-of.ts';
import { UsherMachine } from './usher-machine.ts';
import { Visitors } from './visitors.ts';

/** Both are in while one of them makes noise for five seconds; the rest is for a machine that does other things. */
const VISIT_SECONDS = 25;
/** For both, though neither was ever logged in; where nothing else runs it takes a quarter of that. */
const FIRST_PICTURES_MS = 4000;
const PEOPLE = ['kid', 'zoe'] as const;

let machine: UsherMachine;
let visitors: Visitors;
beforeAll(async () => {
  machine = await UsherMachine.withBroker();
  visitors = await Visitors.ofPeople(machine, PEOPLE);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

describe('two people at once', () => {
  it('P6.3, P6.5: see pictures, and noise in one session is silence in the other', async () => {
    const visits = PEOPLE.map((name) => visitors.visit(name, ['--seconds', String(VISIT_SECONDS)]));
    const { soundServer } = await desktopOf(machine.container, 'kid');
    const noise = 'head -c 960000 /dev/urandom | pacat --playback --raw --format=s16le --rate=48000 --channels=2 --server="$0"';
    await machine.container.must(['sh', '-c', noise, soundServer], { user: 'kid' });
    const answers = (await Promise.all(visits)).map(({ answer, errors }) => {
      expect(answer.boolean('ok'), errors).toBe(true);
      return answer;
    });
    const numbers = answers.map((answer) => ({
      frames: answer.object('video').integer('frames', 0, 1e6),
      packets: answer.object('audio').integer('packets', 0, 1e6),
    }));
    const [kid, zoe] = numbers;
    expect(Math.min(...numbers.map(({ frames }) => frames))).toBeGreaterThan(0);
    // Five seconds of noise are 500 packets; silence is one a second.
    expect(kid?.packets).toBeGreaterThan(250);
    expect(zoe?.packets).toBeLessThan(100);
    const figures = answers.map((answer) => Math.round(Number(answer.object('video').raw('firstFrameMs'))));
    console.log(`first pictures of two accounts at once that had never been logged in: ${figures.join(' and ')} ms`);
    expect(Math.max(...figures)).toBeLessThan(FIRST_PICTURES_MS);
  });

  it('P6.5: are each in a login session of their own, of class user, and nothing of theirs listens on the network', async () => {
    const { container } = machine;
    for (const name of PEOPLE) {
      const { worker, uid } = await desktopOf(container, name);
      const group = await container.must(['cat', `/proc/${worker}/cgroup`]);
      expect(group).toContain(`user-${uid}.slice`);
      const id = /session-(\w+)\.scope/.exec(group)?.[1] ?? '';
      expect(await container.must(['loginctl', 'show-session', id])).toMatch(/^Class=user$/m);
    }
    const listening = await container.must(['sh', '-c', 'cat /proc/net/tcp /proc/net/tcp6']);
    const uids = listening.split('\n').flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      return fields[3] === LISTENS ? [fields[7]] : [];
    });
    expect(new Set(uids)).toEqual(new Set([(await container.must(['id', '-u', 'usher'])).trim()]));
  });
});

/** TCP's state LISTEN, as /proc/net/tcp writes it. */
const LISTENS = '0A';
