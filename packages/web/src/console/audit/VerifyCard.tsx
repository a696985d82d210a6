import { useMutation } from '@tanstack/react-query';
import type { AuditVerdict } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { HostWords } from '../../ui/HostWords.tsx';
import { api } from '../queries.ts';

/** Keeps the files as they are, before anybody touches them. */
const KEEP = 'cp -a ~/.config/usher/audit ~/usher-audit-copy';

/** Has the host read its whole chain, and tells what it found. */
export function VerifyCard() {
  const { t } = useTranslation('audit');
  const verify = useMutation({ mutationFn: () => api.verifyAudit() });
  return (
    <section className="card verify" aria-labelledby="verify-title">
      <div className="verify-head">
        <div>
          <h2 id="verify-title">{t('verify.title')}</h2>
          <p className="soft">{t('verify.lead')}</p>
        </div>
        <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
          {t(verify.isPending ? 'verify.working' : 'verify.do')}
        </Button>
      </div>
      <div role="status">{verify.data !== undefined && <Verdict verdict={verify.data} />}</div>
      {verify.error !== null && <FailureNote failure={toFailure(verify.error)} />}
    </section>
  );
}

function Verdict({ verdict }: { readonly verdict: AuditVerdict }) {
  const { t } = useTranslation('audit');
  if (verdict.ok) {
    return (
      <p className="verdict">
        <Badge tone="good" icon="check">
          {t('verify.intact')}
        </Badge>
        <span>{t('verify.intactText', { count: verdict.entries, first: verdict.first_seq })}</span>
      </p>
    );
  }
  return (
    <div className="verdict-broken">
      <p className="verdict">
        <Badge tone="warn" icon="warning">
          {t('verify.broken', { count: verdict.faults.length })}
        </Badge>
      </p>
      <ul>
        {verdict.faults.map((fault) => (
          <li key={`${fault.file}:${fault.line} ${fault.seq} ${fault.kind}`}>
            <b>
              {t('verify.entry', { seq: fault.seq })} {t(`verify.fault.${fault.kind}`)}
            </b>
            <code>{t('verify.where', { file: fault.file, line: fault.line })}</code>
            <HostWords words={fault.message} />
          </li>
        ))}
      </ul>
      <p>{t('verify.brokenText')}</p>
      <Command text={KEEP} />
    </div>
  );
}
