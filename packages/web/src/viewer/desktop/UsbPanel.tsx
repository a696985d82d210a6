import type { UsbDeviceInfo } from '@usher/sdk';
import { type KeyboardEvent, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Failure, toFailure } from '../../i18n/failures/failure.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import type { DesktopSession } from '../link.ts';
import { UsbDeviceCard } from './UsbDeviceCard.tsx';
import './UsbPanel.css';

interface UsbPanelProps {
  readonly session: DesktopSession;
  readonly onClose: () => void;
}

/** The USB devices that the host may lend, over the session's `usb` channel (U1.3). */
export function UsbPanel({ session, onClose }: UsbPanelProps) {
  const { t } = useTranslation(['viewer', 'common']);
  const [listing, refresh] = useListing(session);
  const keys = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
  return (
    <section className="usb-panel glass" aria-labelledby="usb-title" onKeyDown={keys}>
      <header>
        <div>
          <h2 id="usb-title">{t('usb.title')}</h2>
          <p className="usb-small">{t('usb.lead')}</p>
        </div>
        <button type="button" className="tool" aria-label={t('common:close')} title={t('common:close')} onClick={onClose}>
          <Icon name="close" size={22} />
        </button>
      </header>
      <div className="usb-body">
        <UsbListing listing={listing} session={session} />
      </div>
      <footer>
        <button type="button" className="tool tool-edged" disabled={listing.state === 'loading'} onClick={refresh}>
          {t('usb.refresh')}
        </button>
      </footer>
    </section>
  );
}

type Listing =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly devices: readonly UsbDeviceInfo[] }
  | { readonly state: 'failed'; readonly failure: Failure };

function UsbListing({ listing, session }: { readonly listing: Listing; readonly session: DesktopSession }) {
  const { t } = useTranslation('viewer');
  if (listing.state === 'loading') return <Waiting words={t('usb.loading')} />;
  if (listing.state === 'failed') return <FailureNote failure={listing.failure} />;
  if (listing.devices.length === 0) {
    return (
      <div className="usb-none">
        <Icon name="usb" size={40} />
        <h3>{t('usb.none')}</h3>
        <p className="usb-small">{t('usb.noneText')}</p>
      </div>
    );
  }
  return (
    <ul>
      {listing.devices.map((device) => (
        <UsbDeviceCard
          key={`${device.vendorId}:${device.productId}:${device.serial}:${device.busLocation}`}
          device={device}
          session={session}
        />
      ))}
    </ul>
  );
}

function useListing(session: DesktopSession): readonly [Listing, () => void] {
  const [listing, setListing] = useState<Listing>({ state: 'loading' });
  const load = useCallback(async () => {
    setListing({ state: 'loading' });
    try {
      const client = await session.usb();
      setListing({ state: 'ready', devices: await client.list() });
    } catch (error) {
      setListing({ state: 'failed', failure: toFailure(error) });
    }
  }, [session]);
  useEffect(() => {
    void load(); // every outcome becomes a listing
  }, [load]);
  return [listing, () => void load()]; // every outcome becomes a listing
}
