import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ACCENTS, type AccentColours, accentColours } from '../../../ui/accent.ts';
import { Icon } from '../../../ui/Icon.tsx';
import type { FieldsProps } from './fields.ts';

/** What the palette starts at for whoever wants another colour. */
const OWN_START = '#3b6ea5';

/** The colours of the house, none of them, or one of one's own. */
export function AccentField({ draft: { accent }, onChange }: FieldsProps) {
  const { t } = useTranslation('profiles');
  const id = useId();
  const isOwn = accent.startsWith('#');
  return (
    <fieldset className="accents">
      <legend>{t('form.accent')}</legend>
      <Swatch group={id} label={t('form.colour.none')} checked={accent === ''} onChoose={() => onChange({ accent: '' })} />
      {ACCENTS.map((name) => (
        <Swatch
          key={name}
          group={id}
          label={t(`form.colour.${name}`)}
          colours={accentColours(name)}
          checked={accent === name}
          onChoose={() => onChange({ accent: name })}
        />
      ))}
      <Swatch
        group={id}
        label={t('form.colour.own')}
        colours={isOwn ? accentColours(accent) : undefined}
        icon="plus"
        checked={isOwn}
        onChoose={() => onChange({ accent: isOwn ? accent : OWN_START })}
      />
      {isOwn && (
        <input
          type="color"
          className="accent-own"
          aria-label={t('form.colour.own')}
          value={accent}
          onChange={(event) => onChange({ accent: event.target.value })}
        />
      )}
    </fieldset>
  );
}

interface SwatchProps {
  readonly group: string;
  readonly label: string;
  /** Without them the disc is an empty ring. */
  readonly colours?: AccentColours | undefined;
  readonly icon?: 'plus';
  readonly checked: boolean;
  readonly onChoose: () => void;
}

function Swatch({ group, label, colours, icon, checked, onChoose }: SwatchProps) {
  const style = colours === undefined ? {} : { background: colours.ground, color: colours.ink };
  return (
    <label className={`swatch${colours === undefined ? ' swatch-none' : ''}`} title={label}>
      <input type="radio" name={group} className="visually-hidden" checked={checked} onChange={onChoose} />
      <span className="swatch-disc" style={style}>
        {checked ? <Icon name="check" size={18} /> : icon !== undefined && <Icon name={icon} size={18} />}
      </span>
      <span className="visually-hidden">{label}</span>
    </label>
  );
}
