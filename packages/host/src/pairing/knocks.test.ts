import { KNOCKS_MAX } from '@usher/domain';
import { CodedError } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { RecordedAudit } from '../../testing/fake-profiles.ts';
import { FakePairedDevices } from '../../testing/fake-services.ts';
import { device } from '../../testing/story.ts';
import { createKnocks, type KnockDoor } from './knocks.ts';

let clock: FakeClock;
let paired: FakePairedDevices;
let knocks: KnockDoor;
let outcomes: string[];

beforeEach(() => {
  clock = new FakeClock();
  paired = new FakePairedDevices();
  knocks = createKnocks({ clock, log: pino({ level: 'silent' }), paired, audit: new RecordedAudit() });
  outcomes = [];
});

function knock(number: number, extra: { readonly key?: string } = {}) {
  const applicant = { device: device(number), name: `device ${number}`, address: '192.0.2.1', ...extra };
  return knocks.knock(applicant, (outcome) => outcomes.push(`${number} ${outcome}`));
}

const idOf = (number: number) => knocks.list().find((entry) => entry.device === device(number))?.id ?? 'none';

describe('the door', () => {
  it('P9.1: lists who waits, since when and until when', async () => {
    expect(knock(1).seconds).toBe(600);
    const sinceUnix = clock.unix();
    await clock.advance(60_000);
    expect(knocks.list()).toEqual([
      { id: idOf(1), device: device(1), name: 'device 1', address: '192.0.2.1', sinceUnix, expiresUnix: sinceUnix + 600 },
    ]);
  });

  it('P9.1: keeps the device’s key with its pairing', async () => {
    knock(1, { key: 'spki' });
    expect(await knocks.approve(idOf(1), 'Kitchen\u202e')).toBe(true);
    expect(paired.list()).toEqual([{ fingerprint: device(1), name: 'Kitchen', key: 'spki', pairedUnix: clock.unix() }]);
    await settled();
    expect(outcomes).toEqual(['1 approved']);
  });

  it('P9.1: nobody is let in twice, and nobody who isn’t there', async () => {
    knock(1);
    const id = idOf(1);
    expect(await Promise.all([knocks.approve(id), knocks.approve(id)])).toEqual([true, false]);
    expect(await knocks.approve(id)).toBe(false);
    expect(knocks.deny(id)).toBe(false);
  });

  it('P1.2: a save that fails lets nobody in; the knock waits on', async () => {
    knock(1);
    paired.add = () => Promise.reject(new CodedError('store.write-failed', 'the disk is full'));
    await expect(knocks.approve(idOf(1))).rejects.toMatchObject({ code: 'store.write-failed' });
    await settled();
    expect(outcomes).toEqual([]);
    expect(knocks.deny(idOf(1))).toBe(true);
    await settled();
    expect(outcomes).toEqual(['1 denied']);
  });

  it('P9.1: a full list tells the oldest that its time is over', async () => {
    for (let number = 0; number <= KNOCKS_MAX; number += 1) knock(number);
    await settled();
    expect(outcomes).toEqual(['0 expired']);
    expect(knocks.list()).toHaveLength(KNOCKS_MAX);
  });

  it('P9.1: each expires at its own time', async () => {
    knock(1);
    await clock.advance(60_000);
    knock(2);
    await clock.advance(540_000);
    expect(outcomes).toEqual(['1 expired']);
    await clock.advance(60_000);
    expect(outcomes).toEqual(['1 expired', '2 expired']);
    expect(clock.waiting).toBe(0);
  });

  it('P9.1: who has left hears nothing more', async () => {
    knock(1).leave();
    await knocks.approve(idOf(1));
    await settled();
    expect(outcomes).toEqual([]);
    expect(paired.find(device(1))).toBeDefined();
  });

  it('P9.1: an older connection that leaves late doesn’t take the newer one’s place', async () => {
    const before = knock(1);
    knock(1);
    before.leave();
    knocks.deny(idOf(1));
    await settled();
    expect(outcomes).toEqual(['1 superseded', '1 denied']);
  });
});
