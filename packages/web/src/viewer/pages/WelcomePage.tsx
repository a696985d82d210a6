import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { DEVICE_NAME_MAX } from '../device-name.ts';

interface WelcomePageProps {
  readonly deviceName: string;
  readonly onPin: (deviceName: string) => void;
  readonly onKnock: (deviceName: string) => void;
}

/** A device that isn't known here: what it is called, and the two ways in. */
export function WelcomePage({ deviceName, onPin, onKnock }: WelcomePageProps) {
  const { t } = useTranslation('viewer');
  const [name, setName] = useState(deviceName);
  const chosen = name.trim() === '' ? deviceName : name.trim();
  return (
    <>
      <TextField
        label={t('welcome.deviceName')}
        hint={t('welcome.deviceNameHint')}
        value={name}
        maxLength={DEVICE_NAME_MAX}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <div className="ways">
        <WayIn icon="key" title={t('welcome.pinTitle')} text={t('welcome.pinText')} onChoose={() => onPin(chosen)} />
        <WayIn icon="bell" title={t('welcome.knockTitle')} text={t('welcome.knockText')} onChoose={() => onKnock(chosen)} />
      </div>
    </>
  );
}

interface WayInProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly onChoose: () => void;
}

function WayIn({ icon, title, text, onChoose }: WayInProps) {
  return (
    <button type="button" className="way" onClick={onChoose}>
      <span className="way-icon">
        <Icon name={icon} size={28} />
      </span>
      <strong>{title}</strong>
      <span className="way-text">{text}</span>
    </button>
  );
}
