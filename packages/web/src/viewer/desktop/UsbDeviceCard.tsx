import type { UsbDeviceInfo } from '@usher/sdk';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Failure, toFailure } from '../../i18n/failures/failure.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import type { DesktopSession } from '../link.ts';
import { classNameOf, type DeviceFacts, readDevice, versionOf } from './usb-descriptor.ts';

type Reading =
  | { readonly state: 'unread' | 'reading' }
  | { readonly state: 'read'; readonly facts: DeviceFacts }
  | { readonly state: 'failed'; readonly failure: Failure };

interface UsbDeviceCardProps {
  readonly device: UsbDeviceInfo;
  /** It was pulled, or isn't lent to this viewer any more. */
  readonly isGone: boolean;
  readonly session: DesktopSession;
}

/** One device: what the host says about it, and on request what it says about itself. */
export function UsbDeviceCard({ device, isGone, session }: UsbDeviceCardProps) {
  const { t } = useTranslation('viewer');
  const [reading, setReading] = useState<Reading>({ state: 'unread' });
  const read = async () => {
    setReading({ state: 'reading' });
    try {
      setReading({ state: 'read', facts: await readDevice(await session.usb(), device) });
    } catch (error) {
      setReading({ state: 'failed', failure: { ...toFailure(error), usbDevice: `${device.vendorId}:${device.productId}` } });
    }
  };
  const name = (reading.state === 'read' ? reading.facts.product : undefined) ?? device.product;
  return (
    <li className="usb-device">
      <div className="usb-device-head">
        <div>
          <h3>{name ?? t('usb.device')}</h3>
          {device.manufacturer !== undefined && <p className="usb-small">{device.manufacturer}</p>}
          <p className="usb-small">
            <code translate="no">
              {device.vendorId}:{device.productId}
            </code>{' '}
            {device.busLocation !== undefined && t('usb.at', { place: device.busLocation })}
          </p>
          {device.serial !== undefined && <p className="usb-small">{t('usb.serial', { serial: device.serial })}</p>}
        </div>
        <button
          type="button"
          className="tool tool-edged"
          disabled={isGone || reading.state === 'reading'}
          onClick={() => void read()} // every outcome becomes a reading
        >
          {t(reading.state === 'reading' ? 'usb.reading' : 'usb.read')}
        </button>
      </div>
      {isGone && <p className="usb-small">{t('usb.gone')}</p>}
      {reading.state === 'failed' && <FailureNote failure={reading.failure} />}
      {reading.state === 'read' && <DescriptorTable facts={reading.facts} />}
    </li>
  );
}

function DescriptorTable({ facts }: { readonly facts: DeviceFacts }) {
  const { t } = useTranslation('viewer');
  const { descriptor, manufacturer, product } = facts;
  const classCode = `0x${descriptor.deviceClass.toString(16).padStart(2, '0')}`;
  return (
    <table className="usb-table">
      <tbody>
        <Row name={t('usb.vendor')}>{[descriptor.vendorId, manufacturer].filter(Boolean).join(' · ')}</Row>
        <Row name={t('usb.product')}>{[descriptor.productId, product].filter(Boolean).join(' · ')}</Row>
        <Row name={t('usb.deviceClass')}>{t(`usb.classes.${classNameOf(descriptor.deviceClass)}`, { code: classCode })}</Row>
        <Row name={t('usb.usbVersion')}>{versionOf(descriptor.usbVersion)}</Row>
        <Row name={t('usb.deviceVersion')}>{versionOf(descriptor.deviceVersion)}</Row>
        <Row name={t('usb.packet')}>{t('usb.packetUnit', { count: descriptor.maxPacketSize0 })}</Row>
        <Row name={t('usb.configurations')}>{descriptor.configurations}</Row>
      </tbody>
    </table>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}
