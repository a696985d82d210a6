import type { UsbDeviceChange, UsbDeviceInfo } from '@usher/sdk';
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

/** A device that has left stays in sight, so that what was said about it can still be read; a refresh takes it away. */
interface Offer {
  readonly device: UsbDeviceInfo;
  readonly isGone: boolean;
}

type Listing =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly offers: readonly Offer[] }
  | { readonly state: 'failed'; readonly failure: Failure };

function UsbListing({ listing, session }: { readonly listing: Listing; readonly session: DesktopSession }) {
  const { t } = useTranslation('viewer');
  if (listing.state === 'loading') return <Waiting words={t('usb.loading')} />;
  if (listing.state === 'failed') return <FailureNote failure={listing.failure} />;
  if (listing.offers.length === 0) {
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
      {listing.offers.map(({ device, isGone }) => (
        <UsbDeviceCard key={placeOf(device)} device={device} isGone={isGone} session={session} />
      ))}
    </ul>
  );
}

/** What there is, kept up to date by the host, which tells what comes and goes (rule U21). */
function useListing(session: DesktopSession): readonly [Listing, () => void] {
  const [listing, setListing] = useState<Listing>({ state: 'loading' });
  const load = useCallback(async () => {
    setListing({ state: 'loading' });
    try {
      const client = await session.usb();
      const { devices } = await client.watch((change) => setListing((before) => changed(before, change)));
      setListing({ state: 'ready', offers: devices.map((device) => ({ device, isGone: false })) });
    } catch (error) {
      setListing({ state: 'failed', failure: toFailure(error) });
    }
  }, [session]);
  useEffect(() => {
    void load(); // every outcome becomes a listing
  }, [load]);
  return [listing, () => void load()]; // every outcome becomes a listing
}

function changed(listing: Listing, { kind, device }: UsbDeviceChange): Listing {
  if (listing.state !== 'ready') return listing;
  const at = listing.offers.findIndex((offer) => placeOf(offer.device) === placeOf(device));
  const offer = { device, isGone: kind === 'removed' };
  if (at >= 0) return { state: 'ready', offers: listing.offers.with(at, offer) };
  return offer.isGone ? listing : { state: 'ready', offers: [...listing.offers, offer] };
}

/** Tells units apart: one that was pulled and is back has another address. */
function placeOf({ vendorId, productId, serial, busLocation }: UsbDeviceInfo): string {
  return `${vendorId}:${productId}:${serial}:${busLocation}`;
}
