import type { CustomEntry, LibraryScope, OsAccount, ProfileAdmin, ProfileInput, SessionDefaults } from '@usher/sdk/api';

/** A profile as it stands in the form: texts as they were typed. */
export interface ProfileDraft {
  readonly name: string;
  /** A colour's name or `#rrggbb`; empty is none. */
  readonly accent: string;
  readonly avatar: string;
  readonly account: OsAccount;
  readonly requirePasscode: boolean;
  readonly allowSharedView: boolean;
  readonly allowTakeover: boolean;
  readonly scope: ScopeDraft;
  readonly ownTitles: readonly CustomEntry[];
  readonly maxWidth: string;
  readonly maxHeight: string;
  readonly maxRefreshHz: string;
  /** Mbit/s, as people say it; the API counts kbit/s. */
  readonly maxMegabits: string;
  readonly compositor: string;
  readonly gamepad: string;
  /** One a line. */
  readonly tvUsers: string;
}

/** The chosen titles stay while another mode is looked at. */
export interface ScopeDraft {
  readonly mode: LibraryScope['mode'];
  readonly ids: readonly string[];
}

export const EMPTY_DRAFT: ProfileDraft = {
  name: '',
  accent: '',
  avatar: '',
  account: { kind: 'operator' },
  requirePasscode: false,
  allowSharedView: false,
  allowTakeover: false,
  scope: { mode: 'all', ids: [] },
  ownTitles: [],
  maxWidth: '',
  maxHeight: '',
  maxRefreshHz: '',
  maxMegabits: '',
  compositor: '',
  gamepad: '',
  tvUsers: '',
};

/** Compositors that show the operator's own desktop: no other account may ask for one (rule SEC-3 of the profiles design). */
export const SHARED_COMPOSITORS = ['kwin', 'mutter', 'wlroots'] as const;

export function draftOf(profile: ProfileAdmin): ProfileDraft {
  const { max_width, max_height, max_refresh_hz, max_bitrate_kbps, compositor, gamepad } = profile.session_defaults;
  return {
    name: profile.display_name,
    accent: profile.accent ?? '',
    avatar: profile.avatar ?? '',
    account: profile.os_account,
    requirePasscode: profile.require_passcode_even_when_assigned,
    allowSharedView: profile.allow_shared_view,
    allowTakeover: profile.allow_takeover,
    scope: { mode: profile.library_scope.mode, ids: profile.library_scope.mode === 'all' ? [] : profile.library_scope.ids },
    ownTitles: profile.custom_entries,
    maxWidth: numberText(max_width),
    maxHeight: numberText(max_height),
    maxRefreshHz: numberText(max_refresh_hz),
    maxMegabits: numberText(max_bitrate_kbps === undefined ? undefined : max_bitrate_kbps / KILO),
    compositor: compositor ?? '',
    gamepad: gamepad ?? '',
    tvUsers: profile.tvos_user_ids.join('\n'),
  };
}

/** What is saved. The devices aren't part of the form: whoever saves adds those that the profile has at that moment. */
export function inputOf(draft: ProfileDraft, devices: readonly string[]): ProfileInput {
  return {
    display_name: draft.name.trim(),
    accent: draft.accent,
    avatar: draft.avatar.trim(),
    os_account: draft.account,
    assigned_fingerprints: [...devices],
    require_passcode_even_when_assigned: draft.requirePasscode,
    allow_shared_view: draft.allowSharedView,
    allow_takeover: draft.allowTakeover,
    tvos_user_ids: lines(draft.tvUsers),
    library_scope: draft.scope.mode === 'all' ? { mode: 'all' } : { mode: draft.scope.mode, ids: [...draft.scope.ids] },
    custom_entries: [...draft.ownTitles],
    session_defaults: limitsOf(draft),
  };
}

/** Whether saving would change anything. */
export function saysTheSame(one: ProfileDraft, other: ProfileDraft): boolean {
  return JSON.stringify(inputOf(one, [])) === JSON.stringify(inputOf(other, []));
}

/** The texts of a field with one entry a line: empty lines are nothing, and the same line twice is one. */
export function lines(text: string): string[] {
  return [
    ...new Set(
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ),
  ];
}

/** The number in a field; undefined where it is empty, NaN where it isn't one. Germans write a comma. */
export function numberIn(text: string): number | undefined {
  const typed = text.trim().replace(',', '.');
  return typed === '' ? undefined : Number(typed);
}

const KILO = 1000;

function limitsOf(draft: ProfileDraft): SessionDefaults {
  const max_width = numberIn(draft.maxWidth);
  const max_height = numberIn(draft.maxHeight);
  const max_refresh_hz = numberIn(draft.maxRefreshHz);
  const megabits = numberIn(draft.maxMegabits);
  const gamepad = draft.gamepad.trim();
  return {
    ...(max_width === undefined ? {} : { max_width }),
    ...(max_height === undefined ? {} : { max_height }),
    ...(max_refresh_hz === undefined ? {} : { max_refresh_hz }),
    ...(megabits === undefined ? {} : { max_bitrate_kbps: Math.round(megabits * KILO) }),
    ...(draft.compositor === '' ? {} : { compositor: draft.compositor }),
    ...(gamepad === '' ? {} : { gamepad }),
  };
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
