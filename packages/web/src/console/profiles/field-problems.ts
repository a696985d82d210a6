import { isCoded } from '@usher/sdk';
import { numberIn, type ProfileDraft, SHARED_COMPOSITORS } from './draft.ts';

/** The fields of the form, by their names in the API: its refusals name them so. */
const FIELDS = [
  'display_name',
  'accent',
  'avatar',
  'os_account',
  'library_scope',
  'custom_entries',
  'session_defaults.max_width',
  'session_defaults.max_height',
  'session_defaults.max_refresh_hz',
  'session_defaults.max_bitrate_kbps',
  'session_defaults.compositor',
  'session_defaults.gamepad',
  'tvos_user_ids',
] as const;
type FieldName = (typeof FIELDS)[number];

/** What is wrong with a field: a text of ours with its values, or the host's own words. */
export type FieldProblem =
  | { readonly kind: 'empty' | 'account' | 'taken' | 'shared-compositor' | 'title' }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'host'; readonly words: string };
export type FieldProblems = Partial<Readonly<Record<FieldName, FieldProblem>>>;

/** Smallest and largest number that the host takes; the data rate here in Mbit/s. */
const RANGES = [
  ['session_defaults.max_width', 'maxWidth', 320, 16_384],
  ['session_defaults.max_height', 'maxHeight', 200, 16_384],
  ['session_defaults.max_refresh_hz', 'maxRefreshHz', 1, 1000],
  ['session_defaults.max_bitrate_kbps', 'maxMegabits', 0.1, 10_000],
] as const;

/** What can be said before the host is asked. The host decides by itself; this only saves a round trip. */
export function problemsIn(draft: ProfileDraft): FieldProblems {
  const { account } = draft;
  const isNameless =
    (account.kind === 'linux' && account.username.trim() === '') || (account.kind === 'windows' && account.account_name.trim() === '');
  const problems: [FieldName, FieldProblem][] = [];
  if (draft.name.trim() === '') problems.push(['display_name', { kind: 'empty' }]);
  if (isNameless) problems.push(['os_account', { kind: 'account' }]);
  for (const [field, key, from, to] of RANGES) {
    const value = numberIn(draft[key]);
    const isWhole = field === 'session_defaults.max_bitrate_kbps' || Number.isInteger(value);
    if (value !== undefined && !(isWhole && value >= from && value <= to)) problems.push([field, { kind: 'range', from, to }]);
  }
  if (account.kind !== 'operator' && SHARED_COMPOSITORS.some((name) => name === draft.compositor)) {
    problems.push(['session_defaults.compositor', { kind: 'shared-compositor' }]);
  }
  if (draft.ownTitles.some(({ title, launch }) => title.trim() === '' || launch?.value.trim() === '')) {
    problems.push(['custom_entries', { kind: 'title' }]);
  }
  return Object.fromEntries(problems);
}

/** The field that a refusal of the host is about; undefined where it is about none. */
export function problemsOfRefusal(error: unknown): FieldProblems | undefined {
  if (isCoded(error, 'profile.account-taken')) return { os_account: { kind: 'taken' } };
  if (!isCoded(error, 'message.malformed')) return undefined;
  const [, path = '', words = ''] = /^(?:profile|body)\.([\w.[\]]+): (.*)$/s.exec(error.message) ?? [];
  const field = FIELDS.find((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
  return field && { [field]: { kind: 'host', words } };
}
