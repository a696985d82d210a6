import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { RadioField } from '../../../ui/RadioField.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { libraryQuery } from '../../queries.ts';
import { lines, type ScopeDraft } from '../draft.ts';
import { TitlePicker } from './TitlePicker.tsx';

const ID_ROWS = 6;

interface ScopeFieldProps {
  readonly scope: ScopeDraft;
  readonly problem: string | undefined;
  readonly onChange: (scope: ScopeDraft) => void;
}

/** Which of the host's titles are shown: chosen from the library, or by id where the host can't say what it has. */
export function ScopeField({ scope, problem, onChange }: ScopeFieldProps) {
  const { t } = useTranslation('profiles');
  const { data: titles, error } = useQuery(libraryQuery);
  const chooseIds = (ids: readonly string[]) => onChange({ ...scope, ids });
  return (
    <>
      <RadioField
        label={t('scope.mode')}
        value={scope.mode}
        options={(['all', 'allow', 'deny'] as const).map((value) => ({ value, label: t(`scope.${value}`) }))}
        onChange={(mode) => onChange({ ...scope, mode })}
      />
      {scope.mode !== 'all' && (
        <>
          {error === null && titles === undefined && <p role="status">{t('scope.loading')}</p>}
          {titles !== undefined && <TitlePicker titles={titles} chosen={scope.ids} onChange={chooseIds} />}
          {error !== null && titles === undefined && (
            <>
              <p className="form-problem">{t('scope.unread')}</p>
              <IdLines ids={scope.ids} onChange={chooseIds} />
            </>
          )}
          <p className="soft">{t('scope.note')}</p>
        </>
      )}
      <p className="field-problem" aria-live="polite">
        {problem}
      </p>
    </>
  );
}

function IdLines({ ids, onChange }: { readonly ids: readonly string[]; readonly onChange: (ids: readonly string[]) => void }) {
  const { t } = useTranslation('profiles');
  return (
    <TextArea
      label={t('scope.ids')}
      hint={t('scope.idsHint')}
      rows={ID_ROWS}
      spellCheck={false}
      defaultValue={ids.join('\n')}
      onChange={(event) => onChange(lines(event.target.value))}
    />
  );
}
