import { OPERATOR, profileId } from '@usher/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { profile } from '../../../domain/testing/profiles.ts';
import { settled } from '../../testing/fake-clock.ts';
import { device, Story } from '../../testing/story.ts';

const LAPTOP = device(1);

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.pair(LAPTOP);
});

/** Enters with a title, and expects Welcome. */
async function enters(launch: string, hello = {}) {
  const viewer = story.viewer(LAPTOP);
  await viewer.connect();
  return { viewer, welcome: await viewer.enter({ launch, ...hello }) };
}

/** Enters with a title, and tells why that ended. */
async function isRefused(launch: string) {
  const viewer = story.viewer(LAPTOP);
  await viewer.connect();
  viewer.hello({ launch });
  return viewer.farewell();
}

/** A profile that the laptop comes to, with a scope of its own. */
async function scoped(fields: Partial<Parameters<Story['profiles']['create']>[0]>) {
  const { id: _id, created_unix: _created, updated_unix: _updated, ...input } = profile({ assigned_fingerprints: [LAPTOP] });
  await story.profiles.create({ ...input, os_account: { kind: 'operator' }, ...fields });
}

describe('a session that begins with a title (requirement P7.5)', () => {
  it('C20: the title is started before Welcome, by its program and its words', async () => {
    const { welcome } = await enters('desktop:chess');
    expect(welcome.resolvedProfile).toBe(OPERATOR);
    expect(story.workers.latest.of('launch')).toEqual([{ type: 'launch', title: 'desktop:chess', command: ['chess', '--new game'] }]);
    expect(story.audit.records.find(({ event }) => event === 'title.launched')).toMatchObject({
      principal: `device:${LAPTOP}`,
      profile: OPERATOR,
      fields: { title: 'desktop:chess' },
    });
  });

  it('C20: a game of Steam is started by Steam', async () => {
    await enters('steam:570');
    expect(story.workers.latest.of('launch')).toMatchObject([{ command: ['steam', 'steam://rungameid/570'] }]);
  });

  it('C20: without one nothing is started', async () => {
    await story.watching(LAPTOP);
    expect(story.workers.latest.of('launch')).toEqual([]);
  });

  it.each(['desktop:poker', 'chess', 'DESKTOP:CHESS', '../../bin/sh', 'custom:x'])(
    'C20: %s isn’t in the library: refused, and no worker was started',
    async (launch) => {
      expect(await isRefused(launch)).toBe('session.title-not-found');
      await settled();
      expect(story.workers.started).toEqual([]);
      expect(story.profiles.occupancy()).toEqual([]);
    },
  );

  it('P4.2: what the profile’s scope hides can’t be started either', async () => {
    await scoped({ library_scope: { mode: 'deny', ids: ['steam:570'] } });
    expect(await isRefused('steam:570')).toBe('session.title-not-found');
    expect(story.workers.started).toEqual([]);
    await enters('desktop:chess');
    expect(story.workers.latest.of('launch')).toHaveLength(1);
  });

  it('P4.2: nor what it doesn’t allow', async () => {
    await scoped({ library_scope: { mode: 'allow', ids: ['steam:570'] } });
    expect(await isRefused('desktop:chess')).toBe('session.title-not-found');
    await enters('steam:570');
  });

  it('P4.1: the profile’s own titles can be started, and nobody else’s', async () => {
    const custom_entries = [{ id: 'maze', title: 'Maze', art: {}, launch: { kind: 'command', value: '/opt/maze/run --level 3' } }];
    await scoped({ library_scope: { mode: 'allow', ids: [] }, custom_entries });
    await enters('custom:maze');
    expect(story.workers.latest.of('launch')).toMatchObject([{ command: ['/opt/maze/run', '--level', '3'] }]);
  });

  it.each([
    ['says no program', {}],
    ['says one that can’t be read', { launch: { kind: 'command', value: '"' } }],
    ['is of a kind that this host doesn’t know', { launch: { kind: 'flatpak', value: 'org.x' } }],
  ])('C20: a title that %s can’t be started, and no worker was', async (_name, fields) => {
    await scoped({ custom_entries: [{ id: 'maze', title: 'Maze', art: {}, ...fields }] });
    expect(await isRefused('custom:maze')).toBe('session.title-failed');
    expect(story.workers.started).toEqual([]);
  });

  it('C20: a program that the desktop lacks is told, and the session ends; the desktop stays', async () => {
    await story.watching(LAPTOP);
    story.workers.latest.titleProblem = 'chess is not installed on the host';
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    viewer.hello({ launch: 'desktop:chess' });
    expect(await viewer.farewell()).toBe('session.title-failed');
    expect(story.sessions.list()).toHaveLength(1);
    expect(story.workers.started).toHaveLength(1);
  });

  it('C20: a desktop that says nothing isn’t waited for longer than ten seconds', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    await story.watching(device(2));
    story.workers.latest.answersLaunch = false;
    viewer.hello({ launch: 'desktop:chess' });
    await settled();
    await story.clock.advance(10_000);
    expect(await viewer.farewell()).toBe('session.title-failed');
  });

  it('C20: a worker that goes meanwhile ends the wait with its own reason', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    await story.watching(device(2));
    story.workers.latest.answersLaunch = false;
    viewer.hello({ launch: 'desktop:chess' });
    await settled();
    story.workers.latest.end();
    expect(await viewer.farewell()).toBe('session.worker-lost');
  });

  it('C20: a profile that may not be entered says nothing of its titles', async () => {
    const viewer = story.viewer(LAPTOP);
    await viewer.connect();
    viewer.hello({ launch: 'desktop:chess', profileId: profileId('ffffffffffff') });
    expect((await viewer.hears())[4]).toBe(0x43); // ProfileReject
    expect(story.workers.started).toEqual([]);
  });
});
