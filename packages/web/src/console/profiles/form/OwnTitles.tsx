import type { CustomEntry } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { SelectField } from '../../../ui/SelectField.tsx';
import { TextField } from '../../../ui/TextField.tsx';

const NAME_MAX = 256;
const VALUE_MAX = 4096;
/** Titles of its own that a profile can have. */
const TITLES_MAX = 256;
/** Kinds of start that the form can make; others stay as they are. */
const KINDS = ['command', 'steam_appid'] as const;

interface OwnTitlesProps {
  readonly titles: readonly CustomEntry[];
  readonly problem: string | undefined;
  readonly onChange: (titles: readonly CustomEntry[]) => void;
}

/** Titles that this profile alone sees, whatever the host has installed. */
export function OwnTitles({ titles, problem, onChange }: OwnTitlesProps) {
  const { t } = useTranslation('profiles');
  const replace = (at: number, title: CustomEntry) => onChange(titles.map((one, index) => (index === at ? title : one)));
  return (
    <fieldset className="own-titles">
      <legend>{t('own.title')}</legend>
      <p className="soft">{t('own.lead')}</p>
      {titles.map((title, at) => (
        <OwnTitle
          key={title.id}
          title={title}
          problem={problem}
          onChange={(changed) => replace(at, changed)}
          onRemove={() => onChange(titles.filter((one) => one !== title))}
        />
      ))}
      {titles.length < TITLES_MAX && (
        <div className="card-actions">
          <Button icon={<Icon name="plus" />} onClick={() => onChange([...titles, { id: newTitleId(), title: '', art: {} }])}>
            {t('own.add')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface OwnTitleProps {
  readonly title: CustomEntry;
  /** Of all of them: it is said where it is true. */
  readonly problem: string | undefined;
  readonly onChange: (title: CustomEntry) => void;
  readonly onRemove: () => void;
}

function OwnTitle({ title, problem, onChange, onRemove }: OwnTitleProps) {
  const { t } = useTranslation('profiles');
  const { launch, ...rest } = title;
  const isOther = launch !== undefined && !KINDS.some((kind) => kind === launch.kind);
  const valueLabel =
    launch?.kind === 'command' ? t('own.commandValue') : launch?.kind === 'steam_appid' ? t('own.steamValue') : t('own.otherValue');
  return (
    <div className="own-title">
      <TextField
        label={t('own.name')}
        value={title.title}
        maxLength={NAME_MAX}
        autoComplete="off"
        problem={title.title.trim() === '' ? problem : undefined}
        onChange={(event) => onChange({ ...title, title: event.target.value })}
      />
      <SelectField
        label={t('own.kind')}
        value={launch?.kind ?? ''}
        onChange={(kind) => onChange(kind === '' ? rest : { ...rest, launch: { kind, value: launch?.value ?? '' } })}
      >
        <option value="">{t('own.nothing')}</option>
        <option value="command">{t('own.command')}</option>
        <option value="steam_appid">{t('own.steam')}</option>
        {isOther && <option value={launch.kind}>{t('own.other', { kind: launch.kind })}</option>}
      </SelectField>
      {launch !== undefined && (
        <TextField
          label={valueLabel}
          problem={launch.value.trim() === '' ? problem : undefined}
          value={launch.value}
          maxLength={VALUE_MAX}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ ...rest, launch: { ...launch, value: event.target.value } })}
        />
      )}
      <Button
        look="plain"
        icon={<Icon name="trash" />}
        aria-label={title.title === '' ? t('own.removeUnnamed') : t('own.remove', { name: title.title })}
        onClick={onRemove}
      />
    </div>
  );
}

/** Unlike any other of the profile: 48 random bits, as the host makes its own ids. */
function newTitleId(): string {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
