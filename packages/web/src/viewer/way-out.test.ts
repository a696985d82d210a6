import type { ProfileEntry } from '@usher/sdk';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../i18n/failures/failure.ts';
import type { Action } from '../i18n/failures/remedies.ts';
import type { Device } from './link.ts';
import type { ViewerActions } from './use-viewer.ts';
import type { ViewerState, Way } from './viewer-state.ts';
import { wayOut } from './way-out.ts';

const FAILURE: Failure = { code: 'session.transport', reject: undefined, message: 'no', retrySeconds: undefined };
const KIDS: ProfileEntry = { id: 'a1b2c3d4e5f6', displayName: 'Kids', accent: '', avatar: '', passcodeRequired: true, assigned: false };
const ORIGIN = 'https://host.test:9939';

/** What a person's press does, as the name of the action and what it is given. */
function pressed(action: Action, state: ViewerState, known: boolean): readonly unknown[] {
  let done: readonly unknown[] = [];
  const doing =
    (name: keyof ViewerActions) =>
    (...given: readonly unknown[]) => {
      done = [name, ...given];
    };
  const actions: ViewerActions = {
    askPin: doing('askPin'),
    start: doing('start'),
    hosts: doing('hosts'),
    pair: doing('pair'),
    knock: doing('knock'),
    open: doing('open'),
    choose: doing('choose'),
    pick: doing('pick'),
    enter: doing('enter'),
    leave: doing('leave'),
    rename: doing('rename'),
    forget: doing('forget'),
    nameProfile: doing('nameProfile'),
  };
  // Only whether the host is known is asked of a device here.
  const device = { knownHost: () => (known ? {} : undefined) } as Device;
  wayOut(action, { origin: ORIGIN, viewer: { state, device, actions }, deviceName: 'tablet' })();
  return done;
}

const refused = (way: Way, profile?: ProfileEntry): ViewerState => ({ page: 'refused', way, failure: FAILURE, profile });

describe('what a person does about a refusal', () => {
  it.each([
    ['a profile that was chosen is entered again', refused('open', KIDS), true, ['enter', KIDS]],
    ['a list that didn’t come is asked for again', refused('choose'), true, ['choose']],
    ['the default tap is tapped again', refused('open'), true, ['open']],
    ['a PIN that let the device in isn’t needed again', refused('pin'), true, ['open']],
    ['a PIN that didn’t is asked for again', refused('pin'), false, ['askPin']],
    ['a knock is repeated', refused('knock'), false, ['knock', 'tablet']],
    ['a session that ended is opened again', { page: 'ended', failure: FAILURE }, true, ['open']],
  ] as const)('P9.2: %s', (_what, state, known, expected) => {
    expect(pressed('again', state, known)).toEqual(expected);
  });

  it.each([
    ['pin', ['askPin']],
    ['anew', ['forget', ORIGIN]],
    ['start', ['start']],
    ['none', ['start']],
  ] as const)('P9.2: %s', (action, expected) => {
    expect(pressed(action, refused('open'), true)).toEqual(expected);
  });
});
