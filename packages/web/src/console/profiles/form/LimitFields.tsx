import { useTranslation } from 'react-i18next';
import { TextField } from '../../../ui/TextField.tsx';
import { type FieldsProps, useProblemWords } from './fields.ts';

const LIMITS = [
  ['maxWidth', 'session_defaults.max_width', 'numeric', '1920'],
  ['maxHeight', 'session_defaults.max_height', 'numeric', '1080'],
  ['maxRefreshHz', 'session_defaults.max_refresh_hz', 'numeric', '60'],
  ['maxMegabits', 'session_defaults.max_bitrate_kbps', 'decimal', '8'],
] as const;

/** The most that a session of the profile may have, whatever the device wishes for. */
export function LimitFields({ draft, problems, onChange }: FieldsProps) {
  const { t } = useTranslation('profiles');
  const words = useProblemWords();
  return (
    <fieldset className="card form-part">
      <legend>{t('form.limits')}</legend>
      <p className="soft">{t('form.limitsHint')}</p>
      <div className="form-pair">
        {LIMITS.map(([key, field, inputMode, example]) => (
          <TextField
            key={key}
            label={t(`form.${key}`)}
            problem={words(problems[field])}
            inputMode={inputMode}
            placeholder={example}
            value={draft[key]}
            autoComplete="off"
            onChange={(event) => onChange({ [key]: event.target.value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
