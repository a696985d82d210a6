import type { ConnectStage } from '@usher/sdk';
import type { Failure } from '../i18n/failures/failure.ts';
import type { DesktopSession } from './link.ts';

/** How a person comes in: with a PIN, by asking, or known already. */
export type Way = 'pin' | 'knock' | 'open';

/** Which page the viewer shows; there is exactly one. */
export type ViewerState =
  /** This device's keys are found or made. */
  | { readonly page: 'opening' }
  /** The browser can't be a device: it keeps nothing, or the address isn't HTTPS. */
  | { readonly page: 'keyless' }
  /** The host and this device don't know each other yet. */
  | { readonly page: 'welcome'; readonly asks: 'way' | 'pin' }
  /** Paired: one tap away. */
  | { readonly page: 'ready' }
  | { readonly page: 'connecting'; readonly way: Way; readonly stage: ConnectStage }
  /** The knock waits for the operator. */
  | { readonly page: 'knocking'; readonly untilUnix: number }
  | { readonly page: 'desktop'; readonly session: DesktopSession }
  | { readonly page: 'refused'; readonly way: Way; readonly failure: Failure }
  /** A session that was is over; no failure where the person left. */
  | { readonly page: 'ended'; readonly failure: Failure | undefined };

export type ViewerEvent =
  | { readonly type: 'opened'; readonly known: boolean }
  | { readonly type: 'keyless' }
  | { readonly type: 'ask-pin' }
  | { readonly type: 'start'; readonly known: boolean }
  | { readonly type: 'connect'; readonly way: Way }
  | { readonly type: 'stage'; readonly stage: ConnectStage }
  | { readonly type: 'knocked'; readonly untilUnix: number }
  | { readonly type: 'entered'; readonly session: DesktopSession }
  | { readonly type: 'refused'; readonly way: Way; readonly failure: Failure }
  | { readonly type: 'ended'; readonly failure: Failure | undefined };

export function nextState(state: ViewerState, event: ViewerEvent): ViewerState {
  switch (event.type) {
    case 'opened':
      return state.page === 'opening' ? home(event.known) : state;
    case 'keyless':
      return { page: 'keyless' };
    case 'ask-pin':
      return { page: 'welcome', asks: 'pin' };
    case 'start':
      return home(event.known);
    case 'connect':
      return { page: 'connecting', way: event.way, stage: 'signalling' };
    case 'stage':
      return reached(state, event.stage);
    case 'knocked':
      return { page: 'knocking', untilUnix: event.untilUnix };
    case 'entered':
      return { page: 'desktop', session: event.session };
    case 'refused':
      return { page: 'refused', way: event.way, failure: event.failure };
    case 'ended':
      return state.page === 'desktop' ? { page: 'ended', failure: event.failure } : state;
    default:
      return event satisfies never;
  }
}

/** A knock that has been answered goes on as a connection does; the wait itself has a page of its own. */
function reached(state: ViewerState, stage: ConnectStage): ViewerState {
  if (stage === 'waiting-for-approval') return state;
  if (state.page === 'knocking') return { page: 'connecting', way: 'knock', stage };
  return state.page === 'connecting' ? { ...state, stage } : state;
}

function home(known: boolean): ViewerState {
  return known ? { page: 'ready' } : { page: 'welcome', asks: 'way' };
}
