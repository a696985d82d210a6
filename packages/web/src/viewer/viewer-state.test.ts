import { type ProfileEntry, RejectReason } from '@usher/sdk';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../i18n/failures/failure.ts';
import type { RejectName } from '../i18n/failures/texts.ts';
import { nextState, type ViewerEvent, type ViewerState } from './viewer-state.ts';

const FAILURE: Failure = { code: 'pairing.wrong-pin', reject: undefined, message: 'no', retrySeconds: undefined };
const NOW = 1_760_000_000;
const KIDS: ProfileEntry = { id: 'a1b2c3d4e5f6', displayName: 'Kids', accent: '', avatar: '', passcodeRequired: true, assigned: false };
const ADA: ProfileEntry = { id: 'operator', displayName: 'Ada', accent: '', avatar: '', passcodeRequired: true, assigned: true };

function rejected(reject: RejectName, retrySeconds?: number): Failure {
  return { code: 'profile.rejected', reject, message: 'no', retrySeconds };
}

function after(...events: readonly ViewerEvent[]): ViewerState {
  return events.reduce(nextState, { page: 'opening' });
}

describe('which page the viewer shows', () => {
  it('P9.1: a device that was let in before is one tap away; any other is welcomed', () => {
    expect(after({ type: 'opened', known: true })).toEqual({ page: 'ready' });
    expect(after({ type: 'opened', known: false })).toEqual({ page: 'welcome', asks: 'way' });
  });

  it('P9.1: keys that open late don’t pull a person away from what they do', () => {
    const state = after({ type: 'opened', known: false }, { type: 'connect', way: 'knock' }, { type: 'opened', known: false });
    expect(state.page).toBe('connecting');
  });

  it('P9.1: a connection tells how far it has come', () => {
    const state = after({ type: 'connect', way: 'pin' }, { type: 'stage', stage: 'pairing' });
    expect(state).toEqual({ page: 'connecting', way: 'pin', stage: 'pairing' });
  });

  it('P9.1: a knock waits on a page of its own, and goes on as a connection when it is answered', () => {
    const knocking = after(
      { type: 'connect', way: 'knock' },
      { type: 'stage', stage: 'waiting-for-approval' },
      { type: 'knocked', untilUnix: 600 },
      { type: 'stage', stage: 'waiting-for-approval' },
    );
    expect(knocking).toEqual({ page: 'knocking', untilUnix: 600 });
    expect(nextState(knocking, { type: 'stage', stage: 'starting' })).toEqual({ page: 'connecting', way: 'knock', stage: 'starting' });
  });

  it('P9.2: a refusal remembers the way that was tried', () => {
    const state = after({ type: 'connect', way: 'pin' }, { type: 'refused', way: 'pin', failure: FAILURE, nowUnix: NOW });
    expect(state).toEqual({ page: 'refused', way: 'pin', failure: FAILURE });
  });

  it('P9.1: a stage that is reported late leaves a refusal where it is', () => {
    const refused = after({ type: 'connect', way: 'pin' }, { type: 'refused', way: 'pin', failure: FAILURE, nowUnix: NOW });
    expect(nextState(refused, { type: 'stage', stage: 'starting' })).toBe(refused);
  });

  it('P9.1: an end that comes after the person has left changes nothing', () => {
    const left: ViewerState = { page: 'ended', failure: undefined };
    expect(nextState(left, { type: 'ended', failure: FAILURE })).toBe(left);
  });
});

describe('what a refused profile leads to', () => {
  const refused = (reject: RejectName, wanted: { profile?: ProfileEntry; profileId?: string }, retrySeconds?: number) =>
    after(
      { type: 'connect', way: 'open', profile: wanted.profile },
      { type: 'refused', way: 'open', failure: rejected(reject, retrySeconds), ...wanted, nowUnix: NOW },
    );

  it.each([
    ['PasscodeRequired', 'passcode'],
    ['WrongPasscode', 'passcode'],
    ['LockedOut', 'passcode'],
    ['NotFound', 'picker'],
    ['NotPermitted', 'picker'],
    ['NeedsSelection', 'picker'],
    ['Occupied', 'refused'],
    ['SessionUnavailable', 'refused'],
    ['NeedsIsolation', 'refused'],
  ] as const)('P9.2: %s of a profile that was chosen: the page %s, which knows why', (reject, page) => {
    const state = refused(reject, { profile: KIDS, profileId: KIDS.id });
    expect(state.page).toBe(page);
    expect(JSON.stringify(state)).toContain(reject);
  });

  it('P9.2: there is a way for every reason', () => {
    for (const reject of Object.keys(RejectReason) as RejectName[]) expect(refused(reject, {}).page).not.toBe('connecting'); // keys of a literal
  });

  it('P9.2: a wrong and a locked passcode say when the next may come; a missing one has no wait', () => {
    expect(refused('WrongPasscode', { profile: KIDS }, 4)).toMatchObject({ profile: KIDS, refusal: { opensUnix: NOW + 4 } });
    expect(refused('LockedOut', { profile: KIDS }, 900)).toMatchObject({ refusal: { opensUnix: NOW + 900 } });
    expect(refused('PasscodeRequired', { profile: KIDS })).toMatchObject({ refusal: { opensUnix: NOW } });
  });

  it.each([
    ['the profile that was last', { profileId: KIDS.id }, KIDS],
    ['the one in which the device lands', {}, ADA],
  ] as const)('P9.2: where nobody chose, the host is asked first, and then the passcode of %s', (_whose, wanted, expected) => {
    const asking = refused('PasscodeRequired', wanted);
    expect(asking).toMatchObject({ page: 'picker', profiles: undefined });
    const profiles = [ADA, KIDS];
    expect(nextState(asking, { type: 'roster', profiles })).toMatchObject({ page: 'passcode', profile: expected, profiles });
  });

  it('P9.2: a profile that is gone meanwhile leaves the choice, with the reason', () => {
    const asking = refused('WrongPasscode', { profileId: KIDS.id }, 4);
    expect(nextState(asking, { type: 'roster', profiles: [ADA] })).toMatchObject({
      page: 'picker',
      profiles: [ADA],
      refusal: { opensUnix: NOW + 4 },
    });
  });

  it('P9.2: from the passcode back to the choice nobody is asked again, where the list is known', () => {
    const picking = after({ type: 'choose' }, { type: 'roster', profiles: [ADA, KIDS] });
    const asked = nextState(picking, { type: 'ask-passcode', profile: KIDS });
    expect(asked).toEqual({ page: 'passcode', profile: KIDS, profiles: [ADA, KIDS], refusal: undefined });
    expect(nextState(asked, { type: 'choose' })).toEqual(picking);
  });

  it('P9.2: a list that comes after the person has gone elsewhere changes nothing', () => {
    const home = after({ type: 'choose' }, { type: 'start', known: true });
    expect(nextState(home, { type: 'roster', profiles: [ADA] })).toBe(home);
  });
});
