import type { GameEntry } from '@usher/sdk/api';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { TextField } from '../../../ui/TextField.tsx';

/** Rows that are drawn: a library can have thousands of titles, and nobody reads so many. */
const SHOWN_MAX = 200;

interface TitlePickerProps {
  readonly titles: readonly GameEntry[];
  /** Ids, also of titles that aren't installed now. */
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Any number of the host's titles. */
export function TitlePicker({ titles, chosen, onChange }: TitlePickerProps) {
  const { t } = useTranslation('profiles');
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLocaleLowerCase();
  const found = titles.filter((title) => wanted === '' || `${title.title} ${title.id}`.toLocaleLowerCase().includes(wanted));
  const picked = new Set(chosen);
  const known = new Set(titles.map((title) => title.id));
  const absent = chosen.filter((one) => !known.has(one));
  const set = (titleId: string, isPicked: boolean) =>
    onChange(isPicked ? [...chosen, titleId] : chosen.filter((other) => other !== titleId));
  return (
    <fieldset className="titles">
      <legend className="visually-hidden">{t('scope.list')}</legend>
      <div className="titles-head">
        <b aria-hidden="true">{t('scope.list')}</b>
        <span className="soft" role="status">
          {t('scope.chosen', { count: chosen.length })}
        </span>
      </div>
      {titles.length === 0 ? (
        <p className="soft">{t('scope.none')}</p>
      ) : (
        <>
          <TextField
            label={t('scope.search')}
            type="search"
            autoComplete="off"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.preventDefault(); // it would send the whole form
            }}
          />
          {found.length === 0 && <p className="soft">{t('scope.nothing')}</p>}
          {found.length > 0 && (
            <ul className="titles-list">
              {found.slice(0, SHOWN_MAX).map((title) => (
                <li key={title.id}>
                  <label>
                    <input type="checkbox" checked={picked.has(title.id)} onChange={(event) => set(title.id, event.target.checked)} />
                    <span>{title.title}</span>
                    <span className="soft">{title.store}</span>
                  </label>
                </li>
              ))}
            </ul>
          )}
          {found.length > SHOWN_MAX && <p className="soft">{t('scope.more', { count: found.length - SHOWN_MAX })}</p>}
        </>
      )}
      {absent.length > 0 && (
        <>
          <p className="soft">{t('scope.absent')}</p>
          <ul className="titles-absent">
            {absent.map((one) => (
              <li key={one}>
                <code>{one}</code>
                <Button
                  look="plain"
                  icon={<Icon name="close" size={16} />}
                  aria-label={t('scope.remove', { id: one })}
                  onClick={() => set(one, false)}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </fieldset>
  );
}
