import { Remote } from './Remote.tsx';
import { TvPasscodePage } from './TvPasscodePage.tsx';
import { TvPinPage } from './TvPinPage.tsx';
import { TvBindings } from './tv-bindings.ts';
import type { TvUserSource } from './tv-users.ts';
import './Tv.css';

/** What makes the pages a television's; loaded only there. */
export interface Television {
  readonly users: TvUserSource;
  readonly bindings: TvBindings;
  readonly Remote: typeof Remote;
  readonly PasscodePage: typeof TvPasscodePage;
  readonly PinPage: typeof TvPinPage;
}

export function openTelevision(users: TvUserSource): Television {
  // Asked for anew each time: a browser that refuses its storage throws where it is named.
  const storage = {
    getItem: (key: string) => localStorage.getItem(key),
    setItem: (key: string, value: string) => localStorage.setItem(key, value),
  };
  return { users, bindings: new TvBindings(storage), Remote, PasscodePage: TvPasscodePage, PinPage: TvPinPage };
}
