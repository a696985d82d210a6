import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { PinField } from '../../ui/PinField.tsx';
import { PIN_DIGITS } from '../../ui/pin-digits.ts';

interface PinPageProps {
  readonly onPair: (pin: string) => void;
  readonly onBack: () => void;
}

/** Takes the PIN. It is sent by the button, not by the sixth digit: a PIN is good for one try, and people mistype. */
export function PinPage({ onPair, onBack }: PinPageProps) {
  const { t } = useTranslation('viewer');
  const [pin, setPin] = useState('');
  const [tried, setTried] = useState(false);
  const complete = pin.length === PIN_DIGITS;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (complete) onPair(pin);
    else setTried(true);
  };
  return (
    <form className="way-form" onSubmit={submit}>
      <PinField label={t('pin.label')} value={pin} problem={tried && !complete ? t('pin.incomplete') : undefined} onChange={setPin} />
      <div className="way-actions">
        <Button look="primary" large type="submit">
          {t('pin.submit')}
        </Button>
        <Button look="plain" onClick={onBack}>
          {t('pin.back')}
        </Button>
      </div>
      <div className="way-where">
        <p>{t('pin.where')}</p>
        <Command text="usher pair" />
      </div>
    </form>
  );
}
