import { isCoded, Reader } from '@usher/sdk';

interface Binding {
  readonly user: string;
  readonly origin: string;
  readonly profile: string;
}

/** A family's users with the hosts that each of them visits; past it the one that was used longest ago is dropped. */
const BINDINGS_MAX = 64;
const KEY = 'usher.tv-profiles';

/**
 * Which profile each user of this television had last at each host (requirement P9.5): where one press leads. Ids of profiles, nothing
 * secret; what a person may enter is decided by the host alone.
 */
export class TvBindings {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
  }

  profileOf(user: string, origin: string): string | undefined {
    return this.#read().find((binding) => binding.user === user && binding.origin === origin)?.profile;
  }

  bind(user: string, origin: string, profile: string): void {
    const others = this.#read().filter((binding) => binding.user !== user || binding.origin !== origin);
    this.#write([{ user, origin, profile }, ...others]);
  }

  /** The host was forgotten, and with it where anybody's press led. */
  forgetHost(origin: string): void {
    this.#write(this.#read().filter((binding) => binding.origin !== origin));
  }

  #read(): readonly Binding[] {
    try {
      const text = this.#storage.getItem(KEY);
      if (text === null) return [];
      return Reader.json(text, KEY).list('list', BINDINGS_MAX, (binding) => ({
        user: binding.string('user', 128),
        origin: binding.string('origin', 512),
        profile: binding.string('profile', 64),
      }));
    } catch (error) {
      // Damaged, or storage is refused: everybody chooses anew.
      if (isCoded(error, 'message.malformed') || error instanceof DOMException) return [];
      throw error;
    }
  }

  #write(list: readonly Binding[]): void {
    try {
      this.#storage.setItem(KEY, JSON.stringify({ list: list.slice(0, BINDINGS_MAX) }));
    } catch {
      // Storage is refused or full: the next visit begins with the choice.
    }
  }
}
