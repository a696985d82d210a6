import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ShortFingerprint } from '../../ui/Fingerprint.tsx';
import { Logo } from '../../ui/Logo.tsx';
import { Preferences } from '../../ui/Preferences.tsx';
import { Door, type Openness } from './Door.tsx';
import './Threshold.css';

interface ThresholdProps {
  readonly open: Openness;
  readonly hostName: string;
  readonly hostFingerprint: string | undefined;
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  /** Without the door: for what needs the whole width. */
  readonly wide?: boolean;
}

/** The page before the desktop: the door on one side, what there is to say and to do on the other. */
export function Threshold({ open, hostName, hostFingerprint, title, lead, children, wide = false }: ThresholdProps) {
  const { t } = useTranslation(['viewer', 'common']);
  const heading = useHeadingFocus(title);
  return (
    <div className="threshold">
      <header className="threshold-bar">
        <span className="threshold-brand">
          <Logo size={36} />
          {t('common:product')}
        </span>
        <Preferences />
      </header>
      <main className={`threshold-main${wide ? ' threshold-wide' : ''}`}>
        {!wide && (
          <div className="threshold-art">
            <Door open={open} />
          </div>
        )}
        <div className="threshold-words">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className="threshold-lead">{lead}</p>}
          {children}
        </div>
      </main>
      <footer className="threshold-foot">
        <dl>
          <div>
            <dt>{t('host')}</dt>
            <dd translate="no">{hostName}</dd>
          </div>
          {hostFingerprint !== undefined && (
            <div>
              <dt>{t('common:fingerprintLabel')}</dt>
              <dd title={hostFingerprint}>
                <ShortFingerprint value={hostFingerprint} />
              </dd>
            </div>
          )}
        </dl>
      </footer>
    </div>
  );
}

/** When a page gives way to the next, whoever can't see it hears its title: unless something in it has taken the focus already. */
function useHeadingFocus(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(title);
  useEffect(() => {
    const changed = before.current !== title;
    before.current = title;
    if (changed && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return heading;
}
