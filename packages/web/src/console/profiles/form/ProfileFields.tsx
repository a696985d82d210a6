import type { ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { CheckField } from '../../../ui/CheckField.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { AccentField } from './AccentField.tsx';
import { AccountField } from './AccountField.tsx';
import { AvatarField } from './AvatarField.tsx';
import { type FieldsProps, useProblemWords } from './fields.ts';
import { LimitFields } from './LimitFields.tsx';
import { MoreFields } from './MoreFields.tsx';
import { OwnTitles } from './OwnTitles.tsx';
import { ScopeField } from './ScopeField.tsx';
import './form.css';

/** Most characters of a name that the host stores. */
const NAME_MAX = 64;

interface ProfileFieldsProps extends FieldsProps {
  /** The profile as it is stored, where there is one. */
  readonly self?: ProfileAdmin;
}

/** Everything that the operator says about a profile. */
export function ProfileFields({ self, ...props }: ProfileFieldsProps) {
  const { draft, problems, onChange } = props;
  const { t } = useTranslation('profiles');
  const words = useProblemWords();
  return (
    <>
      <fieldset className="card form-part">
        <legend>{t('form.who')}</legend>
        <TextField
          label={t('form.name')}
          hint={t('form.nameHint')}
          problem={words(problems.display_name)}
          value={draft.name}
          maxLength={NAME_MAX}
          autoComplete="off"
          required
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <AccentField draft={draft} problems={problems} onChange={onChange} />
        <AvatarField draft={draft} problems={problems} onChange={onChange} />
        <AccountField {...props} self={self} />
      </fieldset>
      <fieldset className="card form-part">
        <legend>{t('form.rules')}</legend>
        <CheckField
          label={t('form.requirePasscode')}
          hint={t('form.requirePasscodeHint')}
          checked={draft.requirePasscode}
          onChange={(requirePasscode) => onChange({ requirePasscode })}
        />
        <CheckField
          label={t('form.sharedView')}
          hint={t('form.sharedViewHint')}
          checked={draft.allowSharedView}
          onChange={(allowSharedView) => onChange({ allowSharedView })}
        />
        <CheckField
          label={t('form.takeover')}
          hint={t('form.takeoverHint')}
          checked={draft.allowTakeover}
          onChange={(allowTakeover) => onChange({ allowTakeover })}
        />
      </fieldset>
      <fieldset className="card form-part">
        <legend>{t('form.titles')}</legend>
        <ScopeField scope={draft.scope} problem={words(problems.library_scope)} onChange={(scope) => onChange({ scope })} />
        <OwnTitles titles={draft.ownTitles} problem={words(problems.custom_entries)} onChange={(ownTitles) => onChange({ ownTitles })} />
      </fieldset>
      <LimitFields {...props} />
      <MoreFields {...props} />
    </>
  );
}
