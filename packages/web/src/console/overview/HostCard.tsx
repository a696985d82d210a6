import type { HostStatus } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { roughDuration } from '../../ui/duration.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';

export function HostCard({ host }: { readonly host: HostStatus }) {
  const { t, i18n } = useTranslation('console');
  const usb = !host.usb.enabled ? t('host.usbOff') : host.usb.running ? t('host.usbOn') : t('host.usbStarting');
  return (
    <section className="card" aria-labelledby="host-title">
      <h2 id="host-title">{t('host.title')}</h2>
      <Facts>
        <Fact name={t('host.name')}>{host.name}</Fact>
        <Fact name={t('host.fingerprint')}>
          <Fingerprint value={host.fingerprint} />
        </Fact>
        <Fact name={t('host.paired')}>{host.paired_devices}</Fact>
        <Fact name={t('host.usb')}>{[usb, host.usb.enabled ? host.usb.backend : undefined].filter(Boolean).join(' · ')}</Fact>
        <Fact name={t('host.uptime')}>{roughDuration(host.uptime_seconds, i18n.language)}</Fact>
        <Fact name={t('host.version')}>{host.version}</Fact>
      </Facts>
    </section>
  );
}
