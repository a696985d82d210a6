import { isCoded, Reader } from '@usher/sdk';

/** Who is in front of the television, as far as its shell says: a hint for the page, never told to a host (requirement P9.5). */
export interface TvUserSource {
  /** An opaque name of the shell's; undefined where nobody is known to be there. */
  current(): string | undefined;
  /** Calls `listener` at every change; the function that comes back unsubscribes. */
  onChange(listener: () => void): () => void;
}

/** What the source needs of a window. */
export interface TvWindow {
  readonly location: { readonly origin: string; readonly search: string; readonly hash: string };
  addEventListener(type: 'message', listener: (event: { readonly origin: string; readonly data: unknown }) => void): void;
  addEventListener(type: 'hashchange', listener: () => void): void;
}

/** Longest name of a user: identifiers of television systems have 36 characters or so. */
const USER_MAX = 128;
const MESSAGE = 'usher.tv-user';
const MESSAGE_MAX = 1024;

/** Whether the page is to be a television's: `?tv`. */
export function wantsTv(search: string): boolean {
  return new URLSearchParams(search).has('tv');
}

/**
 * The users that the television's shell tells of: by `#tv-user=NAME` in the address, which never reaches a host, and by messages from
 * the page's own origin or from the one that `shell=` names. A television without such a shell never tells of anybody. docs/tv.md is
 * the description for authors of shells.
 */
export class ShellUsers implements TvUserSource {
  readonly #listeners = new Set<() => void>();
  #user: string | undefined;

  constructor(window: TvWindow) {
    const { location } = window;
    const trusted = new Set([location.origin, new URLSearchParams(location.search).get('shell')]);
    this.#user = userOfFragment(location.hash);
    window.addEventListener('hashchange', () => this.#change(userOfFragment(location.hash)));
    window.addEventListener('message', ({ origin, data }) => {
      const message = trusted.has(origin) ? readMessage(data) : undefined;
      if (message !== undefined) this.#change(message.user);
    });
  }

  current(): string | undefined {
    return this.#user;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #change(user: string | undefined): void {
    if (user === this.#user) return;
    this.#user = user;
    for (const listener of [...this.#listeners]) listener();
  }
}

function userOfFragment(hash: string): string | undefined {
  return checked(new URLSearchParams(hash.slice(1)).get('tv-user') ?? '');
}

/** Undefined for whatever isn't a message of the bridge: other scripts post messages too. */
function readMessage(data: unknown): { readonly user: string | undefined } | undefined {
  try {
    // Some shells can only send text.
    const message = typeof data === 'string' ? Reader.json(data.slice(0, MESSAGE_MAX), 'message') : Reader.of(data, 'message');
    if (message.string('type', MESSAGE_MAX) !== MESSAGE) return undefined;
    message.integer('version', 1, 1);
    return { user: checked(message.optionalString('user', USER_MAX) ?? '') };
  } catch (error) {
    if (isCoded(error, 'message.malformed')) return undefined;
    throw error;
  }
}

function checked(user: string): string | undefined {
  return user !== '' && user.length <= USER_MAX ? user : undefined;
}
