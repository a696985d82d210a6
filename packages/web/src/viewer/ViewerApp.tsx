import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../i18n/failures/failure.ts';
import type { Action } from '../i18n/failures/remedies.ts';
import { Button } from '../ui/Button.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { Desktop } from './desktop/Desktop.tsx';
import type { ViewerLink } from './link.ts';
import type { Openness } from './pages/Door.tsx';
import { KnockPage } from './pages/KnockPage.tsx';
import { PinPage } from './pages/PinPage.tsx';
import { RefusedPage } from './pages/RefusedPage.tsx';
import { Threshold } from './pages/Threshold.tsx';
import { WelcomePage } from './pages/WelcomePage.tsx';
import { useViewer } from './use-viewer.ts';
import type { ViewerState, Way } from './viewer-state.ts';

export function ViewerApp({ link }: { readonly link: ViewerLink }) {
  const { t, i18n } = useTranslation(['viewer', 'common']);
  const { state, device, deviceName, actions } = useViewer(link);
  const [name, setName] = useState(deviceName);
  const known = device?.knownHost();
  const presented = usePresentedHost(link, (device !== undefined && known === undefined) || isStranger(state));
  const host = link.hostName;
  const door = { hostName: host, hostFingerprint: isStranger(state) ? presented : (known ?? presented) };

  const act = (action: Action, way: Way) => {
    if (action === 'again') {
      // A device that was let in and then met trouble needs neither its PIN nor the operator again.
      if (known !== undefined || way === 'open') return actions.open();
      return way === 'knock' ? actions.knock(name) : actions.askPin();
    }
    if (action === 'pin') return actions.askPin();
    if (action === 'anew') return actions.forget();
    if (action === 'reload') return location.reload();
    return actions.start();
  };

  switch (state.page) {
    case 'opening':
      return <Threshold {...door} open={0} title={t('opening')} />;
    case 'keyless':
      return (
        <Threshold {...door} open={0} title={t('keyless.title')} lead={t('keyless.why')}>
          <p>{t('keyless.todo')}</p>
        </Threshold>
      );
    case 'welcome':
      return state.asks === 'pin' ? (
        <Threshold {...door} open={1} title={t('pin.title')} lead={t('pin.lead')}>
          <PinPage onPair={(pin) => actions.pair(pin, name)} onBack={actions.start} />
        </Threshold>
      ) : (
        <Threshold {...door} open={1} title={t('welcome.title')} lead={t('welcome.lead', { host })}>
          <WelcomePage
            deviceName={name}
            onPin={(chosen) => {
              setName(chosen);
              actions.askPin();
            }}
            onKnock={(chosen) => {
              setName(chosen);
              actions.knock(chosen);
            }}
          />
        </Threshold>
      );
    case 'ready':
      return (
        <Threshold {...door} open={2} title={t('ready.title')} lead={t('ready.lead', { host })}>
          <OpenDesktop label={t('ready.open')} onOpen={actions.open} />
        </Threshold>
      );
    case 'connecting':
      return (
        <Threshold {...door} open={OPEN_AT[state.stage]} title={host}>
          <Waiting key={state.stage} words={t(`stage.${state.stage}`)} />
          <div className="way-actions">
            <Button onClick={actions.start}>{t('common:cancel')}</Button>
          </div>
        </Threshold>
      );
    case 'knocking':
      return (
        <Threshold {...door} open={1} title={t('knock.title')} lead={t('knock.lead')}>
          <KnockPage
            fingerprint={device?.fingerprint ?? ''}
            untilUnix={state.untilUnix}
            consoleAddress={`${location.origin}/console`}
            onPin={actions.askPin}
            onCancel={actions.start}
          />
        </Threshold>
      );
    case 'desktop':
      return <Desktop session={state.session} hostName={host} onLeave={actions.leave} />;
    case 'refused':
    case 'ended': {
      if (state.failure === undefined) {
        return (
          <Threshold {...door} open={1} title={t('left.title')} lead={t('left.lead', { host })}>
            <OpenDesktop label={t('left.again')} onOpen={actions.open} />
          </Threshold>
        );
      }
      const way = state.page === 'refused' ? state.way : 'open';
      const text = failureText(state.failure, i18n.language);
      return (
        <Threshold {...door} open={0} title={text.title} lead={text.why}>
          <RefusedPage
            key={state.failure.code}
            failure={state.failure}
            strangeHost={presented}
            knocking={way === 'knock'}
            onAction={(action) => act(action, way)}
          />
        </Threshold>
      );
    }
    default:
      return state satisfies never;
  }
}

const OPEN_AT = { signalling: 1, connecting: 2, pairing: 2, 'waiting-for-approval': 1, starting: 3 } as const satisfies Record<
  string,
  Openness
>;

/** One tap, so that the browser lets the sound through; it has the focus, so that one key or a remote's button does it too. */
function OpenDesktop({ label, onOpen }: { readonly label: string; readonly onOpen: () => void }) {
  return (
    <div className="way-actions">
      <Button look="primary" large autoFocus onClick={onOpen}>
        {label}
      </Button>
    </div>
  );
}

/** Whether the host that answers isn't the one this device knows. */
function isStranger(state: ViewerState): boolean {
  return state.page === 'refused' && state.failure.code === 'pairing.host-changed';
}

/** The fingerprint that the host shows now, where the page has to show it before anything is trusted. */
function usePresentedHost(link: ViewerLink, wanted: boolean): string | undefined {
  const [presented, setPresented] = useState<string>();
  useEffect(() => {
    if (!wanted) return;
    const gone = new AbortController();
    void link.presentedHost(gone.signal).then((fingerprint) => gone.signal.aborted || setPresented(fingerprint)); // never rejects
    return () => gone.abort();
  }, [link, wanted]);
  return presented;
}
