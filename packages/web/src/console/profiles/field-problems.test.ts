import { CodedError } from '@usher/protocol';
import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, type ProfileDraft } from './draft.ts';
import { type FieldProblems, problemsIn, problemsOfRefusal } from './field-problems.ts';

const GOOD: ProfileDraft = { ...EMPTY_DRAFT, name: 'Ada' };

describe('what the form sees by itself', () => {
  it.each<[string, Partial<ProfileDraft>, FieldProblems]>([
    ['nothing wrong', {}, {}],
    ['a missing name', { name: ' ' }, { display_name: { kind: 'empty' } }],
    ['an account without a name', { account: { kind: 'linux', username: '' } }, { os_account: { kind: 'account' } }],
    ['a size out of range', { maxWidth: '100' }, { 'session_defaults.max_width': { kind: 'range', from: 320, to: 16_384 } }],
    ['half a pixel', { maxHeight: '720.5' }, { 'session_defaults.max_height': { kind: 'range', from: 200, to: 16_384 } }],
    ['what is no number', { maxRefreshHz: 'fast' }, { 'session_defaults.max_refresh_hz': { kind: 'range', from: 1, to: 1000 } }],
    ['half a megabit, which is fine', { maxMegabits: '0,5' }, {}],
    [
      'the operator’s desktop for somebody else',
      { account: { kind: 'linux', username: 'kid' }, compositor: 'kwin' },
      { 'session_defaults.compositor': { kind: 'shared-compositor' } },
    ],
    ['the operator’s desktop for the operator, which is fine', { compositor: 'kwin' }, {}],
    ['a title without a name', { ownTitles: [{ id: 'a', title: '', art: {} }] }, { custom_entries: { kind: 'title' } }],
  ])('P8.4: %s', (_what, change, expected) => {
    expect(problemsIn({ ...GOOD, ...change })).toEqual(expected);
  });
});

describe('what the host says about a field', () => {
  it.each<[string, unknown, FieldProblems | undefined]>([
    ['stands at that field', malformed('profile.accent: expected #RRGGBB'), { accent: { kind: 'host', words: 'expected #RRGGBB' } }],
    [
      'stands at the field around it',
      malformed('profile.os_account.username: not the name of an account'),
      { os_account: { kind: 'host', words: 'not the name of an account' } },
    ],
    [
      'stands at the list around it',
      malformed('profile.custom_entries[2].title: is empty'),
      { custom_entries: { kind: 'host', words: 'is empty' } },
    ],
    [
      'stands at a limit',
      malformed('profile.session_defaults.max_width: out of range'),
      { 'session_defaults.max_width': { kind: 'host', words: 'out of range' } },
    ],
    ['stands at the account that is taken', new CodedError('profile.account-taken', 'it is'), { os_account: { kind: 'taken' } }],
    ['stands above the form where it names none', malformed('63 profiles are the most; remove one first'), undefined],
    ['stands above the form where it is no matter of a field', new CodedError('store.write-failed', 'profile.accent: no'), undefined],
    ['is nothing where something else broke', new TypeError('profile.accent: no'), undefined],
  ])('P8.4: %s', (_what, error, expected) => {
    expect(problemsOfRefusal(error)).toEqual(expected);
  });
});

function malformed(message: string): CodedError {
  return new CodedError('message.malformed', message);
}
