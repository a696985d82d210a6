import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';

/** The file of rules was changed by another hand, or can't be read: nothing is lent until the operator stands by it (U3.2). */
export function UntrustedCard({ problem }: { readonly problem: string | undefined }) {
  const { t } = useTranslation('usb');
  const sign = useChange(() => api.signUsbRules());
  return (
    <section className="card problems" aria-labelledby="untrusted-title">
      <h2 id="untrusted-title">
        <Icon name="warning" /> {t('untrusted.title')}
      </h2>
      {problem !== undefined && <p>{problem}</p>}
      <p>{t('untrusted.text')}</p>
      {sign.error !== null && <FailureNote failure={toFailure(sign.error)} />}
      <div className="card-actions">
        <Button disabled={sign.isPending} onClick={() => sign.mutate()}>
          {t(sign.isPending ? 'untrusted.signing' : 'untrusted.sign')}
        </Button>
      </div>
    </section>
  );
}
