import { describe, expect, it } from 'vitest';
import { ShellUsers, type TvWindow, wantsTv } from './tv-users.ts';

const OWN = 'https://host.test:9939';
const SHELL = 'app://shell';

/** A window whose shell is this test. */
class FakeWindow implements TvWindow {
  readonly location: { origin: string; search: string; hash: string };
  readonly #listeners: { readonly type: string; readonly listener: (event: { origin: string; data: unknown }) => void }[] = [];

  constructor(search = '?tv', hash = '') {
    this.location = { origin: OWN, search, hash };
  }

  addEventListener(type: 'message' | 'hashchange', listener: (event: { origin: string; data: unknown }) => void): void {
    this.#listeners.push({ type, listener });
  }

  post(data: unknown, origin = OWN): void {
    this.#tell('message', { origin, data });
  }

  go(hash: string): void {
    this.location.hash = hash;
    this.#tell('hashchange', { origin: OWN, data: undefined });
  }

  #tell(type: string, event: { origin: string; data: unknown }): void {
    for (const registered of this.#listeners) if (registered.type === type) registered.listener(event);
  }
}

const user = (name: unknown) => ({ type: 'usher.tv-user', version: 1, user: name });

function watched(window: FakeWindow) {
  const users = new ShellUsers(window);
  const changes: (string | undefined)[] = [];
  const stop = users.onChange(() => changes.push(users.current()));
  return { users, changes, stop };
}

describe('who is in front of the television', () => {
  it('P9.5: nobody, where no shell says so', () => {
    expect(new ShellUsers(new FakeWindow()).current()).toBeUndefined();
  });

  it('P9.5: the address names the user in its fragment, and another fragment is another user', () => {
    const window = new FakeWindow('?tv', '#tv-user=ada%20l');
    const { users, changes } = watched(window);
    expect(users.current()).toBe('ada l');
    window.go('#tv-user=kim');
    window.go('#tv-user=kim');
    window.go('');
    expect(changes).toEqual(['kim', undefined]);
  });

  it('P9.5: a name in the query, which hosts see, is none', () => {
    expect(new ShellUsers(new FakeWindow('?tv&tv-user=ada')).current()).toBeUndefined();
  });

  it('P9.5: the shell tells by messages, as an object or as text, and null is nobody', () => {
    const window = new FakeWindow();
    const { changes, stop } = watched(window);
    window.post(user('ada'));
    window.post(JSON.stringify(user('kim')));
    window.post(user('kim'));
    window.post(user(null));
    stop();
    window.post(user('ada'));
    expect(changes).toEqual(['ada', 'kim', undefined]);
  });

  it('P9.5: another origin is heard only where the address names it as the shell', () => {
    const own = watched(new FakeWindow('?tv'));
    const window = new FakeWindow(`?tv&shell=${encodeURIComponent(SHELL)}`);
    const named = watched(window);
    window.post(user('ada'), SHELL);
    window.post(user('kim'), 'https://evil.test');
    window.post(user('kim'), `${SHELL}.evil`);
    window.post(user('kim'), 'null');
    expect([own.changes, named.changes]).toEqual([[], ['ada']]);
  });

  it.each([
    'ada',
    '{"type":"usher.tv-user"',
    null,
    7,
    [user('ada')],
    { ...user('ada'), type: 'other' },
    { ...user('ada'), version: 2 },
    { type: 'usher.tv-user', user: 'ada' },
    user(7),
    user('a'.repeat(129)),
    user({ name: 'ada' }),
  ])('P9.5: %j is no message of the bridge, and changes nothing', (data) => {
    const window = new FakeWindow('?tv', '#tv-user=kim');
    const { users, changes } = watched(window);
    window.post(data);
    expect([users.current(), changes]).toEqual(['kim', []]);
  });

  it('P9.5: a page is a television’s where its address says so', () => {
    expect(['?tv', '?tv=1&x', '', '?television'].map(wantsTv)).toEqual([true, true, false, false]);
  });
});
