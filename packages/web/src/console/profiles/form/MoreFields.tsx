import { useTranslation } from 'react-i18next';
import { SelectField } from '../../../ui/SelectField.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { SHARED_COMPOSITORS } from '../draft.ts';
import { type FieldsProps, useProblemWords } from './fields.ts';

const GAMEPAD_MAX = 64;
const TV_USER_ROWS = 3;

/** What few people need: open where something of it is set, or wrong. */
export function MoreFields({ draft, problems, onChange }: FieldsProps) {
  const { t } = useTranslation('profiles');
  const words = useProblemWords();
  const compositorProblem = words(problems['session_defaults.compositor']);
  const gamepadProblem = words(problems['session_defaults.gamepad']);
  const tvProblem = words(problems.tvos_user_ids);
  const isNeeded = [draft.compositor, draft.gamepad, draft.tvUsers, compositorProblem, gamepadProblem, tvProblem].some(Boolean);
  return (
    <details className="card form-more" open={isNeeded || undefined}>
      <summary>{t('form.more')}</summary>
      <div className="form-part">
        <SelectField
          label={t('form.compositor')}
          problem={compositorProblem}
          value={draft.compositor}
          onChange={(compositor) => onChange({ compositor })}
        >
          <option value="">{t('form.compositorAny')}</option>
          <option value="gamescope">gamescope</option>
          {SHARED_COMPOSITORS.map((name) => (
            <option key={name} value={name} disabled={draft.account.kind !== 'operator'}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t('form.gamepad')}
          hint={t('form.gamepadHint')}
          problem={gamepadProblem}
          value={draft.gamepad}
          maxLength={GAMEPAD_MAX}
          autoComplete="off"
          onChange={(event) => onChange({ gamepad: event.target.value })}
        />
        <TextArea
          label={t('form.tvUsers')}
          hint={t('form.tvUsersHint')}
          problem={tvProblem}
          rows={TV_USER_ROWS}
          spellCheck={false}
          value={draft.tvUsers}
          onChange={(event) => onChange({ tvUsers: event.target.value })}
        />
      </div>
    </details>
  );
}
