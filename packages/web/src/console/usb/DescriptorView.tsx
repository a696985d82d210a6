import type { ConfigurationBranch, DescriptorTree, DeviceBranch, EndpointBranch, InterfaceBranch } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { HostWords } from '../../ui/HostWords.tsx';

/** A device's descriptors as the tree that they are: device, configuration, interfaces, endpoints (USB 2.0 §9.6). */
export function DescriptorView({ tree }: { readonly tree: DescriptorTree }) {
  const { t } = useTranslation('usb');
  return (
    <div className="usb-tree">
      <DeviceFacts device={tree.device} />
      {tree.configuration !== undefined && <Configuration configuration={tree.configuration} />}
      {tree.problem !== undefined && (
        <div className="usb-problem">
          <p>{t('tree.problem')}</p>
          <HostWords words={tree.problem} />
        </div>
      )}
    </div>
  );
}

function DeviceFacts({ device }: { readonly device: DeviceBranch }) {
  const { t } = useTranslation('usb');
  return (
    <Facts label={t('tree.device')}>
      <Fact name={t('tree.vendor')}>{[device.vendorId, device.manufacturer].filter(Boolean).join(' · ')}</Fact>
      <Fact name={t('tree.product')}>{[device.productId, device.product].filter(Boolean).join(' · ')}</Fact>
      {device.serial !== undefined && <Fact name={t('tree.serial')}>{device.serial}</Fact>}
      <Fact name={t('tree.class')}>{`${device.className} (${hex(device.deviceClass)})`}</Fact>
      <Fact name={t('tree.usb')}>{device.usbVersion}</Fact>
      <Fact name={t('tree.version')}>{device.deviceVersion}</Fact>
      <Fact name={t('tree.packet')}>{t('tree.bytes', { count: device.maxPacketSize0 })}</Fact>
      <Fact name={t('tree.configurations')}>{device.configurations}</Fact>
    </Facts>
  );
}

function Configuration({ configuration }: { readonly configuration: ConfigurationBranch }) {
  const { t } = useTranslation('usb');
  const facts = [
    configuration.name,
    t('tree.power', { count: configuration.maxPowerMilliamps }),
    configuration.selfPowered ? t('tree.selfPowered') : undefined,
    configuration.remoteWakeup ? t('tree.wakeup') : undefined,
  ];
  return (
    <details open>
      <summary>
        <b>{t('tree.configuration', { value: configuration.value })}</b> <span className="soft">{facts.filter(Boolean).join(' · ')}</span>
      </summary>
      {configuration.interfaces.map((one) => (
        <Interface key={`${one.number}.${one.alternate}`} one={one} />
      ))}
    </details>
  );
}

function Interface({ one }: { readonly one: InterfaceBranch }) {
  const { t } = useTranslation('usb');
  const codes = { class: hex(one.interfaceClass), subclass: hex(one.interfaceSubclass), protocol: hex(one.interfaceProtocol) };
  return (
    <details open>
      <summary>
        <b>{t('tree.interface', { number: one.number })}</b>{' '}
        <span className="soft">
          {[
            one.name,
            one.className,
            one.alternate === 0 ? undefined : t('tree.alternate', { number: one.alternate }),
            t('tree.codes', codes),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </summary>
      {one.endpoints.length > 0 && <Endpoints endpoints={one.endpoints} />}
      {one.extra.length > 0 && (
        <p className="soft">
          {t('tree.extra')}: <code translate="no">{one.extra.join(' ')}</code>
        </p>
      )}
    </details>
  );
}

function Endpoints({ endpoints }: { readonly endpoints: readonly EndpointBranch[] }) {
  const { t } = useTranslation('usb');
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('tree.endpoint')}</th>
          <th scope="col">{t('tree.direction')}</th>
          <th scope="col">{t('tree.kind')}</th>
          <th scope="col">{t('tree.size')}</th>
          <th scope="col">{t('tree.interval')}</th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map((endpoint) => (
          <tr key={`${endpoint.address} ${endpoint.type}`}>
            <th scope="row">
              <code translate="no">{hex(endpoint.address)}</code>
            </th>
            <td>{t(`tree.${endpoint.direction}`)}</td>
            <td>{t(`tree.types.${endpoint.type}`)}</td>
            <td>{t('tree.bytes', { count: endpoint.maxPacketSize })}</td>
            <td data-name={t('tree.interval')}>{endpoint.interval}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
