import { Occupancy, type PasscodeGate, withProfile } from '@usher/domain';
import { CodedError, utf8 } from '@usher/protocol';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { id, phone, profile } from '../../../domain/testing/profiles.ts';
import { FakeClock, settled } from '../../testing/fake-clock.ts';
import { FakeHasher, FakeIsolation, MemoryGate, MemoryRoster, RecordedAudit } from '../../testing/fake-profiles.ts';
import { Entrance, type SeatHolder } from './entrance.ts';

/** A gate whose disk the test plays. */
class SlowGate extends MemoryGate {
  saved: Promise<void> = Promise.resolve();

  override begin<T>(edit: (gate: PasscodeGate) => T) {
    return { answer: edit(this.counters), saved: this.saved };
  }
}

let gate: SlowGate;
let hasher: FakeHasher;
let entrance: Entrance;

beforeEach(async () => {
  gate = new SlowGate();
  hasher = new FakeHasher();
  const file = new MemoryRoster();
  const passcode = { phc: Buffer.from('4711').toString('hex') };
  await file.change((roster) => withProfile(roster, profile({ passcode })));
  entrance = new Entrance({
    ...{ clock: new FakeClock(), log: pino({ level: 'silent' }), audit: new RecordedAudit(), file, gate, hasher },
    ...{ isolation: new FakeIsolation(), occupancy: new Occupancy<SeatHolder>() },
  });
});

function enter(passcode: string) {
  return entrance.enter({ device: phone(1), deviceName: 'Tablet', requested: id(1), passcode: utf8(passcode), takenOver: () => undefined });
}

describe('a passcode and the disk', () => {
  it.each(['4711', '0000'])('P2.3: nobody hears whether %s is right before the attempt is on disk', async (passcode) => {
    let onDisk = (): void => {};
    gate.saved = new Promise((resolve) => {
      onDisk = resolve;
    });
    let heard = false;
    const entering = enter(passcode).then(
      () => 'in',
      () => 'refused',
    );
    void entering.then(() => (heard = true));
    await settled();
    expect([hasher.evaluations, heard, gate.counters.failures(id(1), phone(1))]).toEqual([1, false, 1]);
    onDisk();
    expect(await entering).toBe(passcode === '4711' ? 'in' : 'refused');
  });

  it.each(['4711', '0000'])(
    'P2.3: a disk that can’t take the count lets nobody in, and doesn’t say whether %s is right',
    async (passcode) => {
      gate.saved = Promise.reject(new CodedError('store.write-failed', 'full'));
      await expect(enter(passcode)).rejects.toMatchObject({ code: 'store.write-failed' });
      expect(gate.counters.failures(id(1), phone(1))).toBe(1);
    },
  );
});
