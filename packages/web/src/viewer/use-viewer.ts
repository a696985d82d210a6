import type { ProfileEntry } from '@usher/sdk';
import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react';
import { toFailure } from '../i18n/failures/failure.ts';
import { read, write } from '../stored-choice.ts';
import { suggestDeviceName } from './device-name.ts';
import { enterProfile } from './enter-profile.ts';
import type { Device, ViewerLink } from './link.ts';
import type { TvBindings } from './tv/tv-bindings.ts';
import type { TvUserSource } from './tv/tv-users.ts';
import { nextState, type ViewerState, type Way } from './viewer-state.ts';
import { wantedMode } from './wanted-mode.ts';

/** A passcode that was typed: bytes that whoever uses them wipes. */
export interface TypedPasscode {
  readonly passcode: Uint8Array;
  readonly remember: boolean;
}

/** What a person can do on the viewer's pages. */
export interface ViewerActions {
  askPin(): void;
  /** Back to the first page; whatever was under way is given up. */
  start(): void;
  /** The hosts that this device knows. */
  hosts(): void;
  pair(pin: string, deviceName: string): void;
  knock(deviceName: string): void;
  /** The default tap: where this person was last (requirement P9.2). */
  open(): void;
  /** Asks the host whose desktops there are. */
  choose(): void;
  /** Enters a profile of the list, or asks for its passcode first. */
  pick(profile: ProfileEntry): void;
  /** Enters it whatever it asks for: a profile that was refused for another reason than its passcode. */
  enter(profile: ProfileEntry, typed?: TypedPasscode): void;
  /** Ends the session that is shown. */
  leave(): void;
  rename(origin: string, name: string): void;
  /** Forgets a host and everything that belongs to it; this page's own host is started over with. */
  forget(origin: string): void;
  /** Makes sure that the session's profile has a name to be shown with. */
  nameProfile(id: string): void;
}

export interface Viewer {
  readonly state: ViewerState;
  readonly device: Device | undefined;
  readonly deviceName: string;
  /** Of this host, as far as it has told; changes with every list. */
  readonly roster: readonly ProfileEntry[];
  /** The profiles whose passcode this device remembers. */
  readonly remembered: readonly string[];
  readonly actions: ViewerActions;
}

/** What a television adds: who is in front of it, and where each of them was last. */
export interface TvSide {
  readonly users: TvUserSource;
  readonly bindings: TvBindings;
}

interface Wish {
  readonly way: Way;
  readonly deviceName: string;
  readonly pin?: string;
  readonly profile?: ProfileEntry | undefined;
  /** Where only the id is known. */
  readonly profileId?: string | undefined;
  readonly typed?: TypedPasscode | undefined;
}

export function useViewer(link: ViewerLink, tv?: TvSide): Viewer {
  const [state, dispatch] = useReducer(nextState, { page: 'opening' });
  const [device, setDevice] = useState<Device>();
  const [roster, setRoster] = useState<readonly ProfileEntry[]>([]);
  const [remembered, setRemembered] = useState<readonly string[]>([]);
  const underWay = useRef<AbortController>(undefined);
  const deviceName = read('deviceName') ?? suggestDeviceName(navigator.userAgent);
  const home = () => dispatch({ type: 'start', known: device?.knownHost() !== undefined });

  useEffect(() => {
    let wanted = true;
    link.openDevice().then(
      (opened) => {
        if (!wanted) return;
        setDevice(opened);
        dispatch({ type: 'opened', known: opened.knownHost() !== undefined });
      },
      () => wanted && dispatch({ type: 'keyless' }), // the page says what may be the reason; the browser doesn't
    );
    return () => {
      wanted = false;
      underWay.current?.abort();
    };
  }, [link]);

  const refuse = (way: Way, error: unknown, wanted: Pick<Wish, 'profile' | 'profileId'> = {}) =>
    dispatch({ type: 'refused', way, failure: toFailure(error), ...wanted, nowUnix: Date.now() / 1000 });

  const begin = (): readonly [Device, AbortSignal] => {
    if (device === undefined) throw new TypeError('a page that connects has its device');
    underWay.current?.abort();
    underWay.current = new AbortController();
    return [device, underWay.current.signal];
  };

  const enter = async ({ way, deviceName: name, pin, profile, profileId = profile?.id, typed }: Wish) => {
    const [through, signal] = begin();
    dispatch({ type: 'connect', way, profile });
    try {
      const session = await enterProfile(through, {
        deviceName: name,
        ...(pin === undefined ? {} : { pin }),
        ...(profileId === undefined ? {} : { profile: profileId }),
        ...(typed === undefined ? {} : { passcode: typed.passcode }),
        remember: typed?.remember ?? false,
        mode: wantedMode(window.innerWidth, window.innerHeight, window.devicePixelRatio),
        signal,
        onProgress: (stage) => signal.aborted || dispatch({ type: 'stage', stage }),
        onKnock: (seconds) => signal.aborted || dispatch({ type: 'knocked', untilUnix: Date.now() / 1000 + seconds }),
      });
      if (signal.aborted) return session.close();
      const user = tv?.users.current();
      if (user !== undefined) tv?.bindings.bind(user, link.origin, session.profile);
      session.on('ended', (error) => dispatch({ type: 'ended', failure: toFailure(error) }));
      dispatch({ type: 'entered', session });
    } catch (error) {
      if (signal.aborted) return;
      refuse(way, error, { profile, profileId });
    }
  };

  const askForRoster = useEffectEvent(async () => {
    const [through, signal] = begin();
    try {
      const [profiles, kept] = await Promise.all([
        through.listProfiles({ deviceName, signal }),
        through.passcodes?.profiles().catch(() => []) ?? [], // a browser that can't read what it stored has nothing to show
      ]);
      if (signal.aborted) return;
      setRoster(profiles);
      setRemembered(kept);
      dispatch({ type: 'roster', profiles });
    } catch (error) {
      if (signal.aborted) return;
      refuse('choose', error);
    }
  });
  const needsRoster = state.page === 'picker' && state.profiles === undefined;
  useEffect(() => {
    if (needsRoster) void askForRoster(); // every outcome becomes a page
  }, [needsRoster]);

  const leave = () => {
    if (state.page !== 'desktop') return;
    state.session.close();
    dispatch({ type: 'ended', failure: undefined });
  };
  const goodbye = useEffectEvent(leave);
  useEffect(() => {
    // The host learns at once that nobody is there, instead of when the connection times out.
    const hidden = () => goodbye();
    window.addEventListener('pagehide', hidden);
    return () => window.removeEventListener('pagehide', hidden);
  }, []);

  /** What is on the screen, and what is under way, belongs to the person before (requirement P9.5). */
  const nextUser = useEffectEvent(() => {
    if (device === undefined) return;
    underWay.current?.abort();
    leave();
    home();
  });
  const users = tv?.users;
  useEffect(() => users?.onChange(() => nextUser()), [users]);

  const actions: ViewerActions = {
    askPin: () => {
      underWay.current?.abort();
      dispatch({ type: 'ask-pin' });
    },
    start: () => {
      underWay.current?.abort();
      home();
    },
    hosts: () => dispatch({ type: 'hosts' }),
    pair: (pin, name) => {
      write('deviceName', name);
      void enter({ way: 'pin', deviceName: name, pin }); // every outcome becomes a page
    },
    knock: (name) => {
      write('deviceName', name);
      void enter({ way: 'knock', deviceName: name }); // every outcome becomes a page
    },
    open: () => {
      const user = tv?.users.current();
      const profileId = user === undefined ? device?.knownHost()?.lastProfile : tv?.bindings.profileOf(user, link.origin);
      // Somebody's first time at this television: they say who they are.
      if (user !== undefined && profileId === undefined) return dispatch({ type: 'choose' });
      void enter({ way: 'open', deviceName, profileId }); // every outcome becomes a page
    },
    choose: () => {
      underWay.current?.abort();
      dispatch({ type: 'choose' });
    },
    pick: (profile) => {
      if (profile.passcodeRequired && !remembered.includes(profile.id)) return dispatch({ type: 'ask-passcode', profile });
      void enter({ way: 'open', deviceName, profile }); // every outcome becomes a page
    },
    enter: (profile, typed) => void enter({ way: 'open', deviceName, profile, typed }), // every outcome becomes a page
    leave,
    rename: (origin, name) => {
      const renamed = () => dispatch({ type: 'hosts' });
      device?.renameHost(origin, name).then(renamed, (error: unknown) => refuse('open', error));
    },
    forget: (origin) => {
      const forgotten = () => {
        tv?.bindings.forgetHost(origin);
        if (origin === link.origin) home();
        else dispatch({ type: 'hosts' });
      };
      device?.forgetHost(origin).then(forgotten, (error: unknown) => refuse('open', error));
    },
    nameProfile: (id) => {
      if (device === undefined || roster.some((profile) => profile.id === id)) return;
      const enough = AbortSignal.timeout(NAMING_MS);
      device.listProfiles({ deviceName, signal: enough }).then(setRoster, () => undefined); // the id is shown without a name
    },
  };
  return { state, device, deviceName, roster, remembered, actions };
}

/** A name beside an id isn't worth a longer wait. */
const NAMING_MS = 10_000;
