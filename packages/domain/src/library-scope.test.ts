import { describe, expect, it } from 'vitest';
import { byTitle, scopeLibrary } from './library-scope.ts';
import type { LibraryScope } from './profile.ts';

const title = (id: string, name: string) => ({ id, store: id.split(':')[0] ?? '', title: name, art: {} });
const MACHINE = [title('steam:570', 'Dota 2'), title('steam:1', 'anagrams'), title('desktop:gimp', 'GIMP')];
const OWN = [{ id: 'ab12', title: 'Chess', art: {}, launch: { kind: 'command', value: 'chess' } }];

const listed = (library_scope: LibraryScope, custom_entries = OWN) =>
  scopeLibrary(MACHINE, { library_scope, custom_entries }).map(({ id }) => id);

describe('what a profile sees of the library (requirement P4.1)', () => {
  it.each([
    ['all', { mode: 'all' }, ['steam:1', 'custom:ab12', 'steam:570', 'desktop:gimp']],
    ['what is allowed', { mode: 'allow', ids: ['desktop:gimp', 'steam:999'] }, ['custom:ab12', 'desktop:gimp']],
    ['nothing allowed', { mode: 'allow', ids: [] }, ['custom:ab12']],
    ['what isn’t denied', { mode: 'deny', ids: ['steam:570'] }, ['steam:1', 'custom:ab12', 'desktop:gimp']],
  ] as const)('P4.1: %s and its own, sorted by title', (_case, scope, expected) => {
    expect(listed(scope)).toEqual(expected);
  });

  it('P4.1: an entry of its own is a title like any other', () => {
    expect(scopeLibrary([], { library_scope: { mode: 'all' }, custom_entries: OWN })).toEqual([
      { id: 'custom:ab12', store: 'custom', title: 'Chess', art: {}, launch: { kind: 'command', value: 'chess' } },
    ]);
  });

  it('P4.1: equal titles have one order everywhere', () => {
    const twins = [title('steam:2', 'Go'), title('steam:1', 'GO')];
    expect([...twins].sort(byTitle).map(({ id }) => id)).toEqual(['steam:1', 'steam:2']);
    expect(byTitle(title('a', 'x'), title('a', 'x'))).toBe(0);
  });

  it('P4.1: where the profile and the machine use one id, the profile’s own wins', () => {
    const machine = [title('custom:ab12', 'Other')];
    expect(scopeLibrary(machine, { library_scope: { mode: 'all' }, custom_entries: OWN }).map((entry) => entry.title)).toEqual(['Chess']);
  });
});
