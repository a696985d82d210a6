import type { PinnedHost } from '@usher/sdk';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { since } from '../../ui/duration.ts';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { takeFocus } from '../../ui/take-focus.ts';
import { useUnixSeconds } from '../../ui/timing.ts';
import { hostOrigin } from '../host-origin.ts';
import './Profiles.css';

interface HostsPageProps {
  readonly hosts: readonly PinnedHost[];
  /** The host of this page. */
  readonly here: string;
  readonly onOpen: () => void;
  /** Leaves for the page of another host. */
  readonly onVisit: (origin: string) => void;
  readonly onRename: (origin: string, name: string) => void;
  readonly onForget: (origin: string) => void;
  readonly onBack: () => void;
}

/**
 * The hosts that this device knows, with the fingerprints that it holds them to. A browser keeps such a list for each address by itself,
 * so a page knows its own host and no other; an application that brings its own store shows all of them here.
 */
export function HostsPage({ hosts, here, onOpen, onVisit, onRename, onForget, onBack }: HostsPageProps) {
  const { t } = useTranslation(['viewer', 'common']);
  const [forgetting, setForgetting] = useState<PinnedHost>();
  return (
    <>
      <ul className="hosts">
        {hosts.map((host) => (
          <li key={host.origin}>
            <HostCard
              host={host}
              isHere={host.origin === here}
              onOpen={() => (host.origin === here ? onOpen() : onVisit(host.origin))}
              onRename={(name) => onRename(host.origin, name)}
              onForget={() => setForgetting(host)}
            />
          </li>
        ))}
      </ul>
      <OtherHost onVisit={onVisit} />
      <div className="way-actions">
        <Button look="plain" onClick={onBack}>
          {t('hosts.back')}
        </Button>
      </div>
      {forgetting !== undefined && (
        <Dialog
          title={t('hosts.forgetTitle', { name: forgetting.name })}
          onClose={() => setForgetting(undefined)}
          actions={
            <>
              <Button onClick={() => setForgetting(undefined)}>{t('common:cancel')}</Button>
              <Button
                look="danger"
                onClick={() => {
                  setForgetting(undefined);
                  onForget(forgetting.origin);
                }}
              >
                {t('hosts.forget')}
              </Button>
            </>
          }
        >
          <p>{t('hosts.forgetText')}</p>
        </Dialog>
      )}
    </>
  );
}

interface HostCardProps {
  readonly host: PinnedHost;
  readonly isHere: boolean;
  readonly onOpen: () => void;
  readonly onRename: (name: string) => void;
  readonly onForget: () => void;
}

function HostCard({ host, isHere, onOpen, onRename, onForget }: HostCardProps) {
  const { t, i18n } = useTranslation(['viewer', 'common']);
  const now = useUnixSeconds();
  const [renaming, setRenaming] = useState(false);
  if (renaming) {
    return (
      <RenameForm
        name={host.name}
        onSave={(name) => {
          setRenaming(false);
          onRename(name);
        }}
        onCancel={() => setRenaming(false)}
      />
    );
  }
  return (
    <section className="host" aria-label={host.name}>
      <div className="host-head">
        <h2 translate="no">{host.name}</h2>
        {isHere && <Badge tone="good">{t('hosts.here')}</Badge>}
      </div>
      <dl>
        <dt>{t('hosts.address')}</dt>
        <dd translate="no">{host.origin}</dd>
        <dt>{t('hosts.lastUsed')}</dt>
        <dd>{since(host.lastUsedUnix, now, i18n.language)}</dd>
        <dt>{t('common:fingerprintLabel')}</dt>
        <dd>
          <Fingerprint value={host.fingerprint} />
        </dd>
      </dl>
      <div className="way-actions">
        <Button look={isHere ? 'primary' : 'quiet'} onClick={onOpen}>
          {t(isHere ? 'hosts.open' : 'hosts.visit')}
        </Button>
        <Button look="plain" onClick={() => setRenaming(true)}>
          {t('hosts.rename')}
        </Button>
        <Button look="plain" onClick={onForget}>
          {t('hosts.forget')}
        </Button>
      </div>
    </section>
  );
}

interface RenameFormProps {
  readonly name: string;
  readonly onSave: (name: string) => void;
  readonly onCancel: () => void;
}

/** As many characters as a card has room for. */
const NAME_MAX = 64;

function RenameForm({ name, onSave, onCancel }: RenameFormProps) {
  const { t } = useTranslation(['viewer', 'common']);
  const [typed, setTyped] = useState(name);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSave(typed.trim());
  };
  return (
    <form className="host" onSubmit={submit}>
      <TextField
        ref={takeFocus}
        label={t('hosts.name')}
        hint={t('hosts.nameHint')}
        value={typed}
        maxLength={NAME_MAX}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="way-actions">
        <Button look="primary" type="submit">
          {t('hosts.save')}
        </Button>
        <Button look="plain" onClick={onCancel}>
          {t('common:cancel')}
        </Button>
      </div>
    </form>
  );
}

function OtherHost({ onVisit }: { readonly onVisit: (origin: string) => void }) {
  const { t } = useTranslation('viewer');
  const [address, setAddress] = useState('');
  const [tried, setTried] = useState(false);
  const origin = hostOrigin(address);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (origin !== undefined) onVisit(origin);
  };
  return (
    <form className="hosts-other" onSubmit={submit}>
      <TextField
        label={t('hosts.other')}
        hint={t('hosts.otherHint')}
        problem={tried && origin === undefined ? t('hosts.otherProblem') : undefined}
        value={address}
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="192.168.1.5:9939"
        onChange={(event) => setAddress(event.target.value)}
      />
      <div className="way-actions">
        <Button type="submit">{t('hosts.visit')}</Button>
      </div>
    </form>
  );
}
