import type { ConnectStage, ProfileEntry } from '@usher/sdk';
import type { Failure } from '../i18n/failures/failure.ts';
import type { RejectName } from '../i18n/failures/texts.ts';
import type { DesktopSession } from './link.ts';

/** How a person comes in: with a PIN, by asking, known already; or they only wanted to see the profiles. */
export type Way = 'pin' | 'knock' | 'open' | 'choose';

/** Why a person is asked for a passcode, or to choose again. */
export interface Refusal {
  readonly failure: Failure;
  /** Unix seconds before which another passcode isn't looked at. */
  readonly opensUnix: number;
}

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
  /** The hosts that this device knows. */
  | { readonly page: 'hosts' }
  /** Whose desktop? `profiles` is undefined while the host is asked. */
  | {
      readonly page: 'picker';
      readonly profiles: readonly ProfileEntry[] | undefined;
      readonly refusal: Refusal | undefined;
      /** Set where the passcode of one profile is what the host wants: that profile, or the one in which this device lands. */
      readonly asksFor: string | 'landing' | undefined;
    }
  | {
      readonly page: 'passcode';
      readonly profile: ProfileEntry;
      /** For the way back; undefined where they have to be asked for. */
      readonly profiles: readonly ProfileEntry[] | undefined;
      readonly refusal: Refusal | undefined;
    }
  | { readonly page: 'connecting'; readonly way: Way; readonly stage: ConnectStage; readonly profile: ProfileEntry | undefined }
  /** The knock waits for the operator. */
  | { readonly page: 'knocking'; readonly untilUnix: number }
  | { readonly page: 'desktop'; readonly session: DesktopSession }
  | { readonly page: 'refused'; readonly way: Way; readonly failure: Failure; readonly profile: ProfileEntry | undefined }
  /** A session that was is over; no failure where the person left. */
  | { readonly page: 'ended'; readonly failure: Failure | undefined };

export type ViewerEvent =
  | { readonly type: 'opened'; readonly known: boolean }
  | { readonly type: 'keyless' }
  | { readonly type: 'ask-pin' }
  | { readonly type: 'start'; readonly known: boolean }
  | { readonly type: 'hosts' }
  /** A person wants to choose a profile, or goes back to the choice. */
  | { readonly type: 'choose' }
  | { readonly type: 'roster'; readonly profiles: readonly ProfileEntry[] }
  /** A profile that asks for its passcode was chosen. */
  | { readonly type: 'ask-passcode'; readonly profile: ProfileEntry }
  | { readonly type: 'connect'; readonly way: Way; readonly profile?: ProfileEntry | undefined }
  | { readonly type: 'stage'; readonly stage: ConnectStage }
  | { readonly type: 'knocked'; readonly untilUnix: number }
  | { readonly type: 'entered'; readonly session: DesktopSession }
  | {
      readonly type: 'refused';
      readonly way: Way;
      readonly failure: Failure;
      readonly profile?: ProfileEntry | undefined;
      /** The profile that was asked for, also where only its id is known. */
      readonly profileId?: string | undefined;
      readonly nowUnix: number;
    }
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
    case 'hosts':
      return { page: 'hosts' };
    case 'choose':
      return { page: 'picker', profiles: state.page === 'passcode' ? state.profiles : undefined, refusal: undefined, asksFor: undefined };
    case 'roster':
      return state.page === 'picker' ? withRoster(state, event.profiles) : state;
    case 'ask-passcode':
      return {
        page: 'passcode',
        profile: event.profile,
        profiles: state.page === 'picker' ? state.profiles : undefined,
        refusal: undefined,
      };
    case 'connect':
      return { page: 'connecting', way: event.way, stage: 'signalling', profile: event.profile };
    case 'stage':
      return reached(state, event.stage);
    case 'knocked':
      return { page: 'knocking', untilUnix: event.untilUnix };
    case 'entered':
      return { page: 'desktop', session: event.session };
    case 'refused':
      return turnedAway(event);
    case 'ended':
      return state.page === 'desktop' ? { page: 'ended', failure: event.failure } : state;
    default:
      return event satisfies never;
  }
}

/** Where a refused profile leads (requirement P9.2): its passcode, another choice, or an explanation with what to do. */
const STEP_AFTER = {
  PasscodeRequired: 'passcode',
  WrongPasscode: 'passcode',
  LockedOut: 'passcode',
  NotFound: 'choice',
  NotPermitted: 'choice',
  NeedsSelection: 'choice',
  Occupied: 'explanation',
  SessionUnavailable: 'explanation',
  NeedsIsolation: 'explanation',
} as const satisfies Record<RejectName, 'passcode' | 'choice' | 'explanation'>;

function turnedAway(event: Extract<ViewerEvent, { type: 'refused' }>): ViewerState {
  const { way, failure, profile, profileId, nowUnix } = event;
  const step = failure.reject === undefined ? 'explanation' : STEP_AFTER[failure.reject];
  if (step === 'explanation') return { page: 'refused', way, failure, profile };
  const refusal: Refusal = { failure, opensUnix: nowUnix + (failure.retrySeconds ?? 0) };
  if (step === 'choice') return { page: 'picker', profiles: undefined, refusal, asksFor: undefined };
  if (profile !== undefined) return { page: 'passcode', profile, profiles: undefined, refusal };
  // The person never chose, so the host has to say first whose passcode it wants.
  return { page: 'picker', profiles: undefined, refusal, asksFor: profileId ?? 'landing' };
}

/** The host has said what there is to choose from; a profile whose passcode is wanted is led to at once. */
function withRoster(state: Extract<ViewerState, { page: 'picker' }>, profiles: readonly ProfileEntry[]): ViewerState {
  const { asksFor, refusal } = state;
  const profile =
    asksFor === undefined ? undefined : profiles.find(({ id, assigned }) => (asksFor === 'landing' ? assigned : id === asksFor));
  if (profile !== undefined) return { page: 'passcode', profile, profiles, refusal };
  return { page: 'picker', profiles, refusal, asksFor: undefined };
}

/** A knock that has been answered goes on as a connection does; the wait itself has a page of its own. */
function reached(state: ViewerState, stage: ConnectStage): ViewerState {
  if (stage === 'waiting-for-approval') return state;
  if (state.page === 'knocking') return { page: 'connecting', way: 'knock', stage, profile: undefined };
  return state.page === 'connecting' ? { ...state, stage } : state;
}

function home(known: boolean): ViewerState {
  return known ? { page: 'ready' } : { page: 'welcome', asks: 'way' };
}
