import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { isCoded } from '@usher/sdk';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../i18n/failures/failure.ts';
import { FailureNote } from '../ui/FailureNote.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Preferences } from '../ui/Preferences.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { api, hostQuery, sessionQuery } from './queries.ts';
import { forgetEverything } from './query-client.ts';
import { SignInPage } from './SignInPage.tsx';
import { UsbQuestions } from './usb/PromptDialog.tsx';
import './Console.css';

/** The frame around every page; whoever isn't signed in sees the way to sign in instead, and then the page that was wanted. */
export function Console() {
  const { t } = useTranslation('console');
  const session = useQuery(sessionQuery);
  if (session.isPending) {
    return (
      <main className="console-alone">
        <Waiting words={t('loading')} />
      </main>
    );
  }
  if (session.data?.signed_in === true) return <SignedIn />;
  return <SignInPage unreachable={session.error} />;
}

function SignedIn() {
  const { t } = useTranslation(['console', 'common', 'usb']);
  const host = useQuery(hostQuery);
  const { navigation, page } = useFollowedPage();
  const away = isCoded(host.error, 'host.unreachable');
  const signOut = async () => {
    await api.signOut().catch(() => undefined); // a host that is away or has forgotten the cookie can't refuse
    forgetEverything();
  };
  return (
    <div className="console">
      <header className="console-side">
        <div className="console-brand">
          <Logo size={34} />
          <div>
            <strong>{t('common:product')}</strong>
            <span translate="no">{host.data?.name}</span>
          </div>
        </div>
        <nav ref={navigation} className="console-nav" aria-label={t('navigation')}>
          <ul>
            <Page to="/" icon="overview" name={t('overview')} />
            <Page to="/devices" icon="devices" name={t('devices')} waiting={host.data?.pending} />
            <Page to="/profiles" icon="people" name={t('profiles')} />
            <Page to="/usb" icon="usb" name={t('usb:sharing')} />
            <Page to="/usb/browser" icon="search" name={t('usb:browser')} />
            <Page to="/audit" icon="record" name={t('audit')} />
          </ul>
        </nav>
        <div className="console-foot">
          <a href="/" className="console-link">
            <Icon name="desktop" />
            <span>{t('viewer')}</span>
          </a>
          <button type="button" className="console-link" onClick={() => void signOut()}>
            <Icon name="leave" />
            <span>{t('signOut')}</span>
          </button>
          <Preferences />
        </div>
      </header>
      <main ref={page} className="console-page" tabIndex={-1}>
        {away && <FailureNote failure={toFailure(host.error)} />}
        {(!away || host.data !== undefined) && <Outlet />}
        <UsbQuestions />
      </main>
    </div>
  );
}

/** After a change of page the keyboard goes on at its beginning, and on a phone the page's name in the navigation is in sight. */
function useFollowedPage(): { readonly navigation: RefObject<HTMLElement | null>; readonly page: RefObject<HTMLElement | null> } {
  const navigation = useRef<HTMLElement>(null);
  const page = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  const shown = useRef(path);
  useEffect(() => {
    navigation.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
    if (shown.current !== path) page.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);
  return { navigation, page };
}

interface PageProps {
  readonly to: '/' | '/devices' | '/profiles' | '/usb' | '/usb/browser' | '/audit';
  readonly icon: IconName;
  readonly name: string;
  /** How much there waits for the operator. */
  readonly waiting?: number | undefined;
}

function Page({ to, icon, name, waiting = 0 }: PageProps) {
  const { t } = useTranslation('console');
  return (
    <li>
      <Link to={to} className="console-link" activeOptions={{ exact: to === '/' || to === '/usb', includeSearch: false }}>
        <Icon name={icon} />
        <span>{name}</span>
        {waiting > 0 && (
          <b className="console-count" title={t('who.waiting', { count: waiting })}>
            {waiting}
          </b>
        )}
      </Link>
    </li>
  );
}
