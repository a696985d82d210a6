import { useQuery } from '@tanstack/react-query';
import type { UsbClaimStatistics, UsbViewerStatistics } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { roughDuration } from '../../ui/duration.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { api, usbStatisticsQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { bytes, idsOf, useDeviceName, useNameOfProfile } from './words.ts';

/** Who has which device, what they move, and the way to take it back. */
export function LentList() {
  const { t } = useTranslation('usb');
  const { data: statistics, error } = useQuery(usbStatisticsQuery);
  const takeBack = useChange((claim: number) => api.usb.endClaim(claim));
  return (
    <section aria-labelledby="lent-title">
      <h2 id="lent-title">{t('lent.title')}</h2>
      {error !== null && <FailureNote failure={toFailure(error)} />}
      {takeBack.error !== null && <FailureNote failure={toFailure(takeBack.error)} />}
      {statistics?.claims.length === 0 && <p className="soft">{t('lent.none')}</p>}
      <ul className="usb-list">
        {statistics?.claims.map((claim) => (
          <Lent
            key={claim.claim}
            claim={claim}
            viewer={statistics.viewers.find(({ viewer }) => viewer === claim.viewer)}
            busy={takeBack.isPending}
            onTakeBack={() => takeBack.mutate(claim.claim)}
          />
        ))}
      </ul>
    </section>
  );
}

interface LentProps {
  readonly claim: UsbClaimStatistics;
  readonly viewer: UsbViewerStatistics | undefined;
  readonly busy: boolean;
  readonly onTakeBack: () => void;
}

function Lent({ claim, viewer, busy, onTakeBack }: LentProps) {
  const { t, i18n } = useTranslation('usb');
  const device = useDeviceName()(claim);
  const amount = (count: number) => bytes(count, i18n.language);
  const profile = useNameOfProfile()(claim);
  const viewerOf = [claim.viewer_name, profile].filter((name) => name !== '').join(', ');
  const whose = claim.viewer === 'loopback' ? t('lent.here') : t('lent.to', { viewer: viewerOf });
  const facts = [
    t('lent.rates', { in: amount(claim.bytes_in_per_second), out: amount(claim.bytes_out_per_second) }),
    t('lent.moved', { in: amount(claim.bytes_in), out: amount(claim.bytes_out) }),
    t('lent.transfers', { count: claim.transfers }),
    ...(claim.in_flight === 0 ? [] : [t('lent.waiting', { count: claim.in_flight })]),
    ...(claim.errors === 0 ? [] : [t('lent.errors', { count: claim.errors })]),
    ...(viewer?.rtt_ms === undefined ? [] : [t('lent.line', { milliseconds: Math.round(viewer.rtt_ms) })]),
    ...(viewer?.loss === undefined ? [] : [t('lent.loss', { percent: percent(viewer.loss, i18n.language) })]),
    ...(claim.protocol === 'base' ? [t('lent.base')] : []),
  ];
  return (
    <li className="card usb-row">
      <div className="usb-what">
        <h3>{device}</h3>
        <p className="soft">
          <code translate="no">{idsOf(claim)}</code> · {whose} ·{' '}
          {t('lent.since', { time: roughDuration(claim.open_ms / 1000, i18n.language) })}
        </p>
        <p className="soft usb-figures">{facts.join(' · ')}</p>
        {!claim.held && <Badge tone="warn">{t('lent.away')}</Badge>}
      </div>
      <Button disabled={busy} aria-label={t('lent.takeBackName', { device })} onClick={onTakeBack}>
        {t('lent.takeBack')}
      </Button>
    </li>
  );
}

function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}
