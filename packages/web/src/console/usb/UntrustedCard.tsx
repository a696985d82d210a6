import type { UsbAcl } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { HostWords } from '../../ui/HostWords.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';

/** The file of rules was changed by another hand, lies open to others, or can't be read: nothing is lent until that is mended (U3.1, U3.2). */
export function UntrustedCard({ acl: { problem, mend } }: { readonly acl: Pick<UsbAcl, 'problem' | 'mend'> }) {
  const { t } = useTranslation('usb');
  return (
    <section className="card problems" aria-labelledby="untrusted-title">
      <h2 id="untrusted-title">
        <Icon name="warning" /> {t('untrusted.title')}
      </h2>
      {problem !== undefined && <HostWords words={problem} />}
      {mend === undefined ? (
        <Sign />
      ) : (
        <>
          <p>{t('untrusted.open')}</p>
          <Command text={mend} />
        </>
      )}
    </section>
  );
}

/** Where no command mends it, somebody has to look, and to stand by what the file says. */
function Sign() {
  const { t } = useTranslation('usb');
  const sign = useChange(() => api.signUsbRules());
  return (
    <>
      <p>{t('untrusted.text')}</p>
      {sign.error !== null && <FailureNote failure={toFailure(sign.error)} />}
      <div className="card-actions">
        <Button disabled={sign.isPending} onClick={() => sign.mutate()}>
          {t(sign.isPending ? 'untrusted.signing' : 'untrusted.sign')}
        </Button>
      </div>
    </>
  );
}
