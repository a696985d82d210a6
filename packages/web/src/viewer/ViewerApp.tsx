import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../i18n/failures/failure.ts';
import { Button } from '../ui/Button.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { Desktop } from './desktop/Desktop.tsx';
import type { ViewerLink } from './link.ts';
import type { Openness } from './pages/Door.tsx';
import { HostsPage } from './pages/HostsPage.tsx';
import { KnockPage } from './pages/KnockPage.tsx';
import { PasscodePage } from './pages/PasscodePage.tsx';
import { PickerPage } from './pages/PickerPage.tsx';
import { PinPage } from './pages/PinPage.tsx';
import { RefusedPage } from './pages/RefusedPage.tsx';
import { Threshold } from './pages/Threshold.tsx';
import { WelcomePage } from './pages/WelcomePage.tsx';
import type { Television } from './tv/television.ts';
import { useViewer, type Viewer } from './use-viewer.ts';
import type { ViewerState } from './viewer-state.ts';
import { wayOut } from './way-out.ts';

interface ViewerAppProps {
  readonly link: ViewerLink;
  /** Set where the page is a television's. */
  readonly television?: Television;
}

export function ViewerApp({ link, television }: ViewerAppProps) {
  const viewer = useViewer(link, television);
  return (
    <>
      {television !== undefined && <television.Remote onBack={wayBack(viewer)} />}
      <Page link={link} television={television} viewer={viewer} />
    </>
  );
}

/** Where "back" of a remote leads; the first page and the desktop have no page before them. */
function wayBack({ state, actions }: Viewer): (() => void) | undefined {
  switch (state.page) {
    case 'opening':
    case 'keyless':
    case 'ready':
    case 'desktop':
      return undefined;
    case 'welcome':
      return state.asks === 'pin' ? actions.start : undefined;
    case 'passcode':
      return actions.choose;
    case 'hosts':
    case 'picker':
    case 'connecting':
    case 'knocking':
    case 'refused':
    case 'ended':
      return actions.start;
    default:
      return state satisfies never;
  }
}

interface PageProps {
  readonly link: ViewerLink;
  readonly television: Television | undefined;
  readonly viewer: Viewer;
}

function Page({ link, television, viewer }: PageProps) {
  const { state, device, deviceName, roster, remembered, actions } = viewer;
  const { t, i18n } = useTranslation(['viewer', 'common']);
  const [name, setName] = useState(deviceName);
  const knownHost = device?.knownHost();
  const known = knownHost?.fingerprint;
  const presented = usePresentedHost(link, (device !== undefined && known === undefined) || isStranger(state));
  const host = knownHost?.name ?? link.hostName;
  const door = { hostName: link.hostName, hostFingerprint: isStranger(state) ? presented : (known ?? presented) };

  switch (state.page) {
    case 'opening':
      return <Threshold {...door} open={0} title={t('opening')} />;
    case 'keyless':
      return (
        <Threshold {...door} open={0} title={t('keyless.title')} lead={t('keyless.why')}>
          <p>{t('keyless.todo')}</p>
        </Threshold>
      );
    case 'welcome': {
      if (state.asks === 'pin') {
        const PinForm = television?.PinPage ?? PinPage;
        return (
          <Threshold {...door} open={1} title={t('pin.title')} lead={t('pin.lead')}>
            <PinForm onPair={(pin) => actions.pair(pin, name)} onBack={actions.start} />
          </Threshold>
        );
      }
      return (
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
    }
    case 'ready':
      return (
        <Threshold {...door} open={2} title={t('ready.title')} lead={t('ready.lead', { host })}>
          <WaysIn open={t('ready.open')} viewer={viewer} />
        </Threshold>
      );
    case 'hosts':
      return (
        <Threshold {...door} open={1} title={t('hosts.title')} lead={t('hosts.lead')}>
          <HostsPage
            hosts={device?.knownHosts() ?? []}
            here={link.origin}
            onOpen={actions.open}
            onVisit={(origin) => link.visit(origin)}
            onRename={actions.rename}
            onForget={actions.forget}
            onBack={actions.start}
          />
        </Threshold>
      );
    case 'picker': {
      const isEmpty = state.profiles?.length === 0;
      return (
        <Threshold
          {...door}
          open={2}
          wide
          title={t(isEmpty ? 'picker.noneTitle' : 'picker.title')}
          lead={isEmpty ? undefined : t('picker.lead', { host })}
        >
          <PickerPage
            profiles={state.profiles}
            remembered={remembered}
            failure={state.refusal?.failure}
            onPick={actions.pick}
            onAgain={actions.choose}
            onBack={actions.start}
          />
        </Threshold>
      );
    }
    case 'passcode': {
      const PasscodeForm = television?.PasscodePage ?? PasscodePage;
      return (
        <Threshold {...door} open={2} title={t('passcode.title')} lead={t('passcode.lead')}>
          <PasscodeForm
            key={state.profile.id}
            profile={state.profile}
            refusal={state.refusal}
            onEnter={(typed) => actions.enter(state.profile, typed)}
            onBack={actions.choose}
          />
        </Threshold>
      );
    }
    case 'connecting':
      return (
        <Threshold {...door} open={OPEN_AT[state.stage]} title={state.profile?.displayName ?? host}>
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
            consoleAddress={`${link.origin}/console`}
            onPin={actions.askPin}
            onCancel={actions.start}
          />
        </Threshold>
      );
    case 'desktop': {
      const { profile } = state.session;
      return (
        <Desktop
          session={state.session}
          hostName={host}
          profileName={roster.find(({ id }) => id === profile)?.displayName}
          remote={television !== undefined}
          onNameWanted={() => actions.nameProfile(profile)}
          onLeave={actions.leave}
        />
      );
    }
    case 'refused':
    case 'ended': {
      if (state.failure === undefined) {
        return (
          <Threshold {...door} open={1} title={t('left.title')} lead={t('left.lead', { host })}>
            <WaysIn open={t('left.again')} viewer={viewer} />
          </Threshold>
        );
      }
      const text = failureText(state.failure, i18n.language);
      return (
        <Threshold {...door} open={0} title={text.title} lead={text.why}>
          <RefusedPage
            key={state.failure.code}
            failure={state.failure}
            strangeHost={presented}
            knocking={state.page === 'refused' && state.way === 'knock'}
            onAction={(action) => wayOut(action, { origin: link.origin, viewer, deviceName: name })()}
            onChoose={state.failure.reject === undefined ? undefined : actions.choose}
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
function WaysIn({ open, viewer: { actions } }: { readonly open: string; readonly viewer: Viewer }) {
  const { t } = useTranslation('viewer');
  return (
    <div className="way-actions">
      <Button look="primary" large autoFocus onClick={actions.open}>
        {open}
      </Button>
      <Button large onClick={actions.choose}>
        {t('ready.choose')}
      </Button>
      <Button look="plain" onClick={actions.hosts}>
        {t('ready.hosts')}
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
