import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../../ui/Avatar.tsx';
import { Button } from '../../../ui/Button.tsx';
import { type FieldsProps, useProblemWords } from './fields.ts';
import { smallPicture } from './small-picture.ts';

/** Code points of two emoji that are put together of many. */
const TEXT_MAX = 24;

/** The circle as it will look, and the two ways to fill it. */
export function AvatarField({ draft, problems, onChange }: FieldsProps) {
  const { t } = useTranslation('profiles');
  const words = useProblemWords();
  const id = useId();
  const [isUnreadable, setUnreadable] = useState(false);
  const { avatar, accent, name } = draft;
  const isPicture = avatar.includes(':');
  const choose = async (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    const picture = await smallPicture(file);
    setUnreadable(picture === undefined);
    if (picture !== undefined) onChange({ avatar: picture });
  };
  const problem = isUnreadable ? t('form.avatarUnreadable') : words(problems.avatar);
  const note = isPicture && !avatar.startsWith('data:') ? t('form.avatarForeign') : t('form.avatarHint');
  return (
    <fieldset className="field avatar-part">
      <legend className="field-name">{t('form.avatar')}</legend>
      <div className="avatar-field">
        <Avatar name={name} accent={accent} avatar={avatar} />
        {isPicture ? (
          <Button onClick={() => onChange({ avatar: '' })}>{t('form.avatarRemove')}</Button>
        ) : (
          <>
            <input
              className="field-input avatar-text"
              aria-label={t('form.avatarText')}
              aria-invalid={problem !== undefined}
              aria-describedby={`${id}-note`}
              value={avatar}
              maxLength={TEXT_MAX}
              autoComplete="off"
              onChange={(event) => onChange({ avatar: event.target.value })}
            />
            <label className="button button-quiet">
              <input type="file" accept="image/*" className="visually-hidden" onChange={(event) => void choose(event.target.files)} />
              <span>{t('form.avatarChoose')}</span>
            </label>
          </>
        )}
      </div>
      <p id={`${id}-note`} className="field-hint">
        {note}
      </p>
      <p className="field-problem" aria-live="polite">
        {problem}
      </p>
    </fieldset>
  );
}
