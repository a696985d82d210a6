import type { KeyboardEvent, ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { takeFocus } from '../../ui/take-focus.ts';
import { PAD_LAYER_NAMES, PAD_LAYERS, type PadLayer } from './pad-keys.ts';
import './Pad.css';

interface PadProps {
  /** A PIN has digits only. */
  readonly digitsOnly: boolean;
  readonly onCharacter: (character: string) => void;
  readonly onErase: () => void;
  /** The pad's largest key: what has been typed is used. */
  readonly done: ReactNode;
}

/** Keys on the screen, for whoever has four arrows and one button. A keyboard, or the digits of a remote, work beside them. */
export function Pad({ digitsOnly, onCharacter, onErase, done }: PadProps) {
  const { t } = useTranslation('viewer');
  const [layer, setLayer] = useState<PadLayer>('digits');
  const type = (event: KeyboardEvent) => {
    const isCharacter = [...event.key].length === 1 && event.key !== ' ' && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isCharacter && (!digitsOnly || /\d/.test(event.key))) onCharacter(event.key);
    else if (event.key === 'Backspace') onErase();
    else return;
    event.preventDefault();
  };
  return (
    <fieldset className="pad" aria-label={t('pad.label')} onKeyDown={type}>
      {!digitsOnly && (
        <div className="pad-layers">
          {PAD_LAYER_NAMES.map((name) => (
            <button key={name} type="button" className="pad-key" aria-pressed={name === layer} onClick={() => setLayer(name)}>
              {t(`pad.${name}`)}
            </button>
          ))}
        </div>
      )}
      <div className={`pad-rows pad-${layer}`}>
        {PAD_LAYERS[layer].map((row) => (
          <div key={row} className="pad-row">
            {[...row].map((character) => (
              <button
                key={character}
                type="button"
                className="pad-key"
                aria-label={character === ' ' ? t('pad.space') : undefined}
                ref={character === '5' ? takeFocus : undefined}
                onClick={() => onCharacter(character)}
              >
                {character === ' ' ? '␣' : character}
              </button>
            ))}
          </div>
        ))}
      </div>
      <div className="pad-row">
        <button type="button" className="pad-key pad-wide" onClick={onErase}>
          {t('pad.erase')}
        </button>
        {done}
      </div>
    </fieldset>
  );
}
