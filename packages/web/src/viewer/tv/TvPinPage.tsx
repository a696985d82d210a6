import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { PIN_DIGITS, pinDigits } from '../../ui/pin-digits.ts';
import { Pad } from './Pad.tsx';

interface TvPinPageProps {
  readonly onPair: (pin: string) => void;
  readonly onBack: () => void;
}

/** Takes the PIN by a remote control. */
export function TvPinPage({ onPair, onBack }: TvPinPageProps) {
  const { t } = useTranslation('viewer');
  const [pin, setPin] = useState('');
  const complete = pin.length === PIN_DIGITS;
  return (
    <div className="way-form">
      <p className="typed typed-digits" role="status" aria-label={t('pin.label')}>
        {pin.padEnd(PIN_DIGITS, '–')}
      </p>
      <Pad
        digitsOnly
        onCharacter={(character) => setPin(pinDigits(pin + character))}
        onErase={() => setPin(pin.slice(0, -1))}
        done={
          <Button look="primary" large disabled={!complete} onClick={() => onPair(pin)}>
            {t('pin.submit')}
          </Button>
        }
      />
      <div className="way-actions">
        <Button look="plain" onClick={onBack}>
          {t('pin.back')}
        </Button>
      </div>
    </div>
  );
}
