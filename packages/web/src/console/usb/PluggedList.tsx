import { useQuery } from '@tanstack/react-query';
import type { UsbAcl, UsbDevice, UsbDeviceList } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { HostWords } from '../../ui/HostWords.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { OPERATOR, useProfileNames } from '../profiles/house.ts';
import { api, profilesQuery } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { isNamed, type NamedDevice, ruleFor, unitOf, type Word, wordOf } from './rules.ts';
import { idsOf, useDeviceName } from './words.ts';

interface PluggedListProps {
  readonly list: UsbDeviceList;
  readonly acl: UsbAcl;
}

/** Every device of the machine, each with the operator's word on it. A change holds at once, also for who has the device now. */
export function PluggedList({ list, acl }: PluggedListProps) {
  const { t } = useTranslation('usb');
  return (
    <section aria-labelledby="plugged-title">
      <h2 id="plugged-title">{t('plugged.title')}</h2>
      {list.error !== null && (
        <div className="usb-problem">
          <p>{t('plugged.failed')}</p>
          <HostWords words={list.error} />
        </div>
      )}
      {list.error === null && list.count === 0 && (
        <div className="card nothing">
          <Icon name="usb" size={44} />
          <p className="soft">{t('plugged.none')}</p>
        </div>
      )}
      <ul className="usb-list">
        {list.devices.map((device) => (
          <Plugged key={`${device.bus_location ?? ''} ${idsOf(device)} ${device.serial ?? ''}`} device={device} acl={acl} />
        ))}
      </ul>
    </section>
  );
}

function Plugged({ device, acl }: { readonly device: UsbDevice; readonly acl: UsbAcl }) {
  const { t } = useTranslation('usb');
  const name = useDeviceName()(device);
  return (
    <li className="card usb-row usb-plugged">
      <div className="usb-what">
        <h3>{name}</h3>
        <p className="soft">
          <code translate="no">{idsOf(device)}</code>
          {device.serial !== null && ` · ${t('serial', { serial: device.serial })}`}
          {device.bus_location !== null && ` · ${device.bus_location}`}
        </p>
        {device.risks.map((risk) => (
          <p key={risk} className="soft">
            {t(`risks.${risk}`)}
          </p>
        ))}
      </div>
      {isNamed(device) && <Decision device={device} name={name} acl={acl} />}
    </li>
  );
}

interface DecisionProps {
  readonly device: NamedDevice;
  readonly name: string;
  readonly acl: UsbAcl;
}

/** What the operator chose: the word, and the only profile that it is for; empty is everybody. */
interface Said {
  readonly word: Word;
  readonly who: string;
}

/** What the first rule that names the device says; a choice here becomes the rule for this very unit. */
function Decision({ device, name, acl }: DecisionProps) {
  const { t } = useTranslation('usb');
  const nameOf = useProfileNames();
  const { data: profiles = [] } = useQuery(profilesQuery);
  const deciding = ruleFor(acl, device);
  const change = useChange(async ({ word: next, who: profile }: Said) => {
    const rule = { ...unitOf(device), label: deciding?.label ?? '' };
    const heard = { allow: next !== 'deny', prompt_on_open: next === 'ask' };
    if (next === 'deny' || profile === '') return void (await api.setUsbRule({ ...rule, ...heard }));
    // Only this profile: everybody is refused first, so that a failure in between lends nothing.
    await api.setUsbRule({ ...rule, allow: false });
    await api.setUsbRule({ ...rule, ...heard, profile });
  });
  const word = deciding === undefined ? undefined : wordOf(deciding);
  const who = deciding?.profile ?? '';
  return (
    <fieldset className="usb-decision" disabled={change.isPending}>
      <legend className="visually-hidden">{name}</legend>
      <SelectField
        label={t('plugged.decision')}
        value={word ?? ''}
        onChange={(next) => {
          const said = WORDS.find((candidate) => candidate === next);
          if (said !== undefined) change.mutate({ word: said, who: word === 'deny' ? '' : who });
        }}
      >
        {word === undefined && <option value="">{t('plugged.byDefault')}</option>}
        {WORDS.map((candidate) => (
          <option key={candidate} value={candidate}>
            {t(`plugged.${candidate}`)}
          </option>
        ))}
      </SelectField>
      {word !== undefined && word !== 'deny' && (
        <SelectField label={t('plugged.who')} value={who} onChange={(profile) => change.mutate({ word, who: profile })}>
          <option value="">{t('everybody')}</option>
          <option value={OPERATOR}>{nameOf(OPERATOR)}</option>
          {profiles.map(({ id, display_name }) => (
            <option key={id} value={id}>
              {display_name}
            </option>
          ))}
        </SelectField>
      )}
      {change.error !== null && <FailureNote failure={toFailure(change.error)} />}
    </fieldset>
  );
}

const WORDS: readonly Word[] = ['deny', 'ask', 'allow'];
