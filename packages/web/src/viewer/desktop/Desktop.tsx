import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Waiting } from '../../ui/Waiting.tsx';
import { TOOLBAR_SHORTCUT } from '../input/listen-to-keys.ts';
import type { DesktopSession } from '../link.ts';
import { SoftKeyboard } from './SoftKeyboard.tsx';
import { Statistics } from './Statistics.tsx';
import { Toolbar } from './Toolbar.tsx';
import { UsbPanel } from './UsbPanel.tsx';
import { useFullScreen } from './use-full-screen.ts';
import { useSound } from './use-sound.ts';
import { useStage } from './use-stage.ts';
import { useWindowSize } from './use-window-size.ts';
import './Desktop.css';

interface DesktopProps {
  readonly session: DesktopSession;
  readonly hostName: string;
  /** As its person knows the session's profile; undefined until the host has told. */
  readonly profileName: string | undefined;
  /** Whether a remote control is what there is. */
  readonly remote?: boolean;
  /** The name is about to be shown. */
  readonly onNameWanted: () => void;
  readonly onLeave: () => void;
}

/** The desktop itself: the picture in the whole window, and what floats on it. */
export function Desktop({ session, hostName, profileName, remote = false, onNameWanted, onLeave }: DesktopProps) {
  const { t } = useTranslation('viewer');
  const whole = useRef<HTMLDivElement>(null);
  const typing = useRef<HTMLTextAreaElement>(null);
  const [panel, setPanel] = useState<'none' | 'usb'>('none');
  const [statistics, setStatistics] = useState(false);
  const [toolbarAsked, setToolbarAsked] = useState(0);
  const { stage, video, cursor, pictured } = useStage(session, remote, () => setToolbarAsked((times) => times + 1));
  const sound = useSound(session.audio);
  const fullScreen = useFullScreen(whole);
  useWindowSize(stage, session);
  useEffect(() => {
    document.title = hostName;
    return () => {
      document.title = t('desktop.title');
    };
  }, [hostName, t]);

  const backToDesktop = () => stage.current?.focus({ preventScroll: true });
  return (
    <div className="desktop" ref={whole}>
      <Toolbar
        hostName={hostName}
        asked={toolbarAsked}
        sound={sound}
        fullScreen={fullScreen}
        statistics={statistics}
        usb={panel === 'usb'}
        onStatistics={() => {
          if (!statistics && profileName === undefined) onNameWanted();
          setStatistics(!statistics);
        }}
        onUsb={() => setPanel(panel === 'usb' ? 'none' : 'usb')}
        onKeyboard={() => typing.current?.focus({ preventScroll: true })}
        onLeave={onLeave}
        onDone={backToDesktop}
      />
      <div
        ref={stage}
        className={`stage${pictured ? ' stage-live' : ''}`}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the desktop takes keys, so it must be able to have the focus
        tabIndex={0}
        aria-label={t('desktop.label', { host: hostName })}
        aria-description={t('desktop.help', { shortcut: TOOLBAR_SHORTCUT })}
      >
        <video ref={video} className="stage-picture" data-testid="desktop" autoPlay muted playsInline disablePictureInPicture />
        <canvas ref={cursor} className="stage-cursor" />
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: a live desktop has no captions */}
      <audio ref={sound.element} autoPlay />
      <SoftKeyboard field={typing} session={session} onDone={backToDesktop} />
      {!pictured && (
        <div className="stage-wait">
          <Waiting words={t('stage.picture')} />
        </div>
      )}
      {sound.blocked && <p className="stage-note">{t('desktop.soundBlocked')}</p>}
      {statistics && <Statistics session={session} profileName={profileName} video={video} />}
      {panel === 'usb' && <UsbPanel session={session} onClose={() => setPanel('none')} />}
    </div>
  );
}
