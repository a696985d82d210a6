import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react';
import { toFailure } from '../i18n/failures/failure.ts';
import { read, write } from '../ui/stored-choice.ts';
import { suggestDeviceName } from './device-name.ts';
import type { Device, ViewerLink } from './link.ts';
import { nextState, type ViewerState, type Way } from './viewer-state.ts';
import { wantedMode } from './wanted-mode.ts';

/** What a person can do on the viewer's pages. */
interface ViewerActions {
  askPin(): void;
  /** Back to the first page; whatever was under way is given up. */
  start(): void;
  pair(pin: string, deviceName: string): void;
  knock(deviceName: string): void;
  open(): void;
  /** Ends the session that is shown. */
  leave(): void;
  /** Forgets the host and starts over. */
  forget(): void;
}

export interface Viewer {
  readonly state: ViewerState;
  readonly device: Device | undefined;
  readonly deviceName: string;
  readonly actions: ViewerActions;
}

export function useViewer(link: ViewerLink): Viewer {
  const [state, dispatch] = useReducer(nextState, { page: 'opening' });
  const [device, setDevice] = useState<Device>();
  const underWay = useRef<AbortController>(undefined);
  const deviceName = read('deviceName') ?? suggestDeviceName(navigator.userAgent);

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

  const enter = async (way: Way, name: string, pin?: string) => {
    if (device === undefined) throw new TypeError('a page that connects has its device');
    underWay.current?.abort();
    const attempt = new AbortController();
    underWay.current = attempt;
    dispatch({ type: 'connect', way });
    try {
      const session = await device.enter({
        deviceName: name,
        ...(pin === undefined ? {} : { pin }),
        mode: wantedMode(window.innerWidth, window.innerHeight, window.devicePixelRatio),
        signal: attempt.signal,
        onProgress: (stage) => attempt.signal.aborted || dispatch({ type: 'stage', stage }),
        onKnock: (seconds) => attempt.signal.aborted || dispatch({ type: 'knocked', untilUnix: Date.now() / 1000 + seconds }),
      });
      if (attempt.signal.aborted) return session.close();
      session.on('ended', (error) => dispatch({ type: 'ended', failure: toFailure(error) }));
      dispatch({ type: 'entered', session });
    } catch (error) {
      if (!attempt.signal.aborted) dispatch({ type: 'refused', way, failure: toFailure(error) });
    }
  };

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

  const actions: ViewerActions = {
    askPin: () => {
      underWay.current?.abort();
      dispatch({ type: 'ask-pin' });
    },
    start: () => {
      underWay.current?.abort();
      dispatch({ type: 'start', known: device?.knownHost() !== undefined });
    },
    pair: (pin, name) => {
      write('deviceName', name);
      void enter('pin', name, pin); // every outcome becomes a page
    },
    knock: (name) => {
      write('deviceName', name);
      void enter('knock', name); // every outcome becomes a page
    },
    open: () => void enter('open', deviceName), // every outcome becomes a page
    leave,
    forget: () => {
      const forgotten = () => dispatch({ type: 'start', known: false });
      device?.forgetHost().then(forgotten, (error: unknown) => dispatch({ type: 'refused', way: 'open', failure: toFailure(error) }));
    },
  };
  return { state, device, deviceName, actions };
}
