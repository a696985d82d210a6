import { useQuery } from '@tanstack/react-query';
import type { ApiUsbDevice, DescriptorTree, UsbBorrowableDevice, UsbPlace } from '@usher/sdk/api';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { api, usbBorrowableQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { DescriptorView } from './DescriptorView.tsx';
import { unitOf } from './rules.ts';
import { idsOf } from './words.ts';

/** The devices of one place; an opened one shows what it says of itself until it is given back. */
export function DeviceShelf({ place }: { readonly place: UsbPlace }) {
  const { t } = useTranslation(['usb', 'console']);
  const { data: devices, error, isFetching, refetch } = useQuery(usbBorrowableQuery(place));
  return (
    <section aria-labelledby="shelf-title">
      <h2 id="shelf-title">{t('browse.devices')}</h2>
      {error !== null && <FailureNote failure={toFailure(error)} />}
      {devices === undefined && error === null && <Waiting words={t('console:loading')} />}
      {devices?.length === 0 && <p>{t(place.kind === 'loopback' ? 'browse.noneHere' : 'browse.none')}</p>}
      <ul className="usb-list">
        {devices?.map((device) => (
          <ShelfDevice key={`${device.bus_location ?? ''} ${idsOf(device)} ${device.serial ?? ''}`} place={place} device={device} />
        ))}
      </ul>
      <div className="card-actions">
        <Button disabled={isFetching} onClick={() => void refetch()}>
          {t('browse.refresh')}
        </Button>
      </div>
    </section>
  );
}

function ShelfDevice({ place, device }: { readonly place: UsbPlace; readonly device: UsbBorrowableDevice }) {
  const { t } = useTranslation('usb');
  const [tree, setTree] = useState<DescriptorTree>();
  /** What has to be given back. */
  const held = useRef<ApiUsbDevice>(undefined);
  const open = useChange(async () => {
    held.current = await api.usb.open(place, unitOf(device));
    try {
      return await held.current.descriptors();
    } catch (error) {
      giveBack(held);
      throw error;
    }
  }, setTree);
  const close = useChange(async () => {
    const { current } = held;
    held.current = undefined;
    try {
      await current?.close();
    } finally {
      setTree(undefined); // not before: what isn't back yet can't be opened again
    }
  });
  useEffect(() => () => giveBack(held), []);
  const failure = open.error ?? close.error;
  return (
    <li className="card usb-row usb-shelf-device">
      <div className="usb-what">
        <h3>
          <code translate="no">{idsOf(device)}</code>
        </h3>
        <p className="soft">
          {[...(device.serial === null ? [] : [t('serial', { serial: device.serial })]), device.bus_location].filter(Boolean).join(' · ')}
        </p>
      </div>
      {tree === undefined ? (
        <Button
          look="primary"
          disabled={open.isPending}
          aria-label={t('browse.openName', { device: idsOf(device) })}
          onClick={() => open.mutate()}
        >
          {t(open.isPending ? 'browse.opening' : 'browse.open')}
        </Button>
      ) : (
        <Button disabled={close.isPending} onClick={() => close.mutate()}>
          {t('browse.close')}
        </Button>
      )}
      {failure !== null && <FailureNote failure={toFailure(failure)} />}
      {tree !== undefined && <DescriptorView tree={tree} />}
    </li>
  );
}

/** The page has no more use for it. Where this fails, the host gives it back by itself when nothing has been asked of it for a while. */
function giveBack(held: RefObject<ApiUsbDevice | undefined>): void {
  held.current?.close().catch(() => undefined);
  held.current = undefined;
}
