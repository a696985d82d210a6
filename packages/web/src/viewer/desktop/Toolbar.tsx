import { type KeyboardEvent, type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { Logo } from '../../ui/Logo.tsx';
import { useAfter } from '../../ui/timing.ts';
import { isBackKey } from '../input/back-key.ts';
import { TOOLBAR_SHORTCUT } from '../input/listen-to-keys.ts';
import type { FullScreen } from './use-full-screen.ts';
import type { Sound } from './use-sound.ts';
import './Toolbar.css';

/** How long the toolbar stays when nobody touches it. */
const LINGER_MS = 3000;

interface ToolbarProps {
  readonly hostName: string;
  /** Counts how often a person asked for the toolbar by the keys; a change shows it and gives it the focus. */
  readonly asked: number;
  readonly sound: Sound;
  readonly fullScreen: FullScreen;
  readonly statistics: boolean;
  readonly usb: boolean;
  readonly onStatistics: () => void;
  readonly onUsb: () => void;
  readonly onKeyboard: () => void;
  readonly onLeave: () => void;
  /** The person is done here: the focus belongs to the desktop again. */
  readonly onDone: () => void;
}

/** What floats at the top: it hides by itself, and a handle brings it back. */
export function Toolbar(props: ToolbarProps) {
  const { hostName, asked, sound, fullScreen, onDone } = props;
  const { t } = useTranslation('viewer');
  const bar = useRef<HTMLElement>(null);
  const [shown, setShown] = useState(true);
  const [held, setHeld] = useState(false);
  useAfter(shown && !held ? LINGER_MS : undefined, () => setShown(false));

  const takeFocus = useEffectEvent(() => {
    setShown(true);
    bar.current?.querySelector('button')?.focus();
  });
  useEffect(() => {
    if (asked > 0) takeFocus();
  }, [asked]);

  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && !isBackKey(event)) return;
    event.preventDefault();
    setShown(false);
    onDone();
  };
  const hold = (holding: boolean) => () => {
    setHeld(holding);
    if (holding) setShown(true);
  };
  /** A finger has no way to hover: what it taps decides. */
  const hover = (over: boolean) => (event: PointerEvent) => event.pointerType === 'mouse' && hold(over)();
  return (
    <div className={`toolbar${shown ? ' toolbar-shown' : ''}`} onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
      <section
        ref={bar}
        className="toolbar-bar"
        aria-label={t('desktop.toolbar')}
        onFocus={hold(true)}
        onBlur={hold(false)}
        onKeyDown={keys}
        title={TOOLBAR_SHORTCUT}
      >
        <span className="toolbar-host" translate="no">
          <Logo size={26} />
          <span>{hostName}</span>
        </span>
        {fullScreen.possible && (
          <Tool
            icon="fullScreen"
            label={t(fullScreen.active ? 'desktop.leaveFullScreen' : 'desktop.fullScreen')}
            on={fullScreen.active}
            onUse={fullScreen.toggle}
          />
        )}
        <Tool icon="keyboard" label={t('desktop.keyboard')} touchOnly onUse={props.onKeyboard} />
        <span className="toolbar-sound">
          <Tool
            icon={sound.muted ? 'soundOff' : 'sound'}
            label={t(sound.muted ? 'desktop.unmute' : 'desktop.mute')}
            onUse={() => sound.setMuted(!sound.muted)}
          />
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={sound.muted ? 0 : sound.volume}
            aria-label={t('desktop.volume')}
            onChange={(event) => sound.setVolume(event.target.valueAsNumber)}
          />
        </span>
        <Tool icon="statistics" label={t('desktop.statistics')} on={props.statistics} onUse={props.onStatistics} />
        <Tool icon="usb" label={t('desktop.usb')} on={props.usb} onUse={props.onUsb} />
        <Tool icon="leave" label={t('desktop.leave')} onUse={props.onLeave} />
      </section>
      <button
        type="button"
        className="toolbar-handle"
        aria-label={t('desktop.showToolbar')}
        aria-expanded={shown}
        title={`${t('desktop.showToolbar')} (${TOOLBAR_SHORTCUT})`}
        onClick={() => setShown(held || !shown)}
      >
        <i />
      </button>
    </div>
  );
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  /** Set where the tool is something that is on or off. */
  readonly on?: boolean;
  /** Shown only where fingers are the way to point. */
  readonly touchOnly?: boolean;
  readonly onUse: () => void;
}

function Tool({ icon, label, on, touchOnly = false, onUse }: ToolProps) {
  return (
    <button type="button" className={`tool${touchOnly ? ' tool-touch' : ''}`} aria-pressed={on} title={label} onClick={onUse}>
      <Icon name={icon} size={22} />
      <span className="tool-label">{label}</span>
    </button>
  );
}
