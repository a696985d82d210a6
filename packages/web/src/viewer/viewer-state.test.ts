import { describe, expect, it } from 'vitest';
import type { Failure } from '../i18n/failures/failure.ts';
import { nextState, type ViewerEvent, type ViewerState } from './viewer-state.ts';

const FAILURE: Failure = { code: 'pairing.wrong-pin', reject: undefined, message: 'no', retrySeconds: undefined };

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
    const state = after({ type: 'connect', way: 'pin' }, { type: 'refused', way: 'pin', failure: FAILURE });
    expect(state).toEqual({ page: 'refused', way: 'pin', failure: FAILURE });
  });

  it('P9.1: a stage that is reported late leaves a refusal where it is', () => {
    const refused = after({ type: 'connect', way: 'pin' }, { type: 'refused', way: 'pin', failure: FAILURE });
    expect(nextState(refused, { type: 'stage', stage: 'starting' })).toBe(refused);
  });

  it('P9.1: an end that comes after the person has left changes nothing', () => {
    const left: ViewerState = { page: 'ended', failure: undefined };
    expect(nextState(left, { type: 'ended', failure: FAILURE })).toBe(left);
  });
});
