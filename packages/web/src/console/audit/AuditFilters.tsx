import type { PairedClient, ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { OPERATOR, useProfileNames } from '../profiles/house.ts';
import type { AuditSearch } from './audit-search.ts';
import { AREAS, useEventName } from './event-name.ts';

interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly profiles: readonly ProfileAdmin[];
  readonly devices: readonly PairedClient[];
  readonly onChoose: (search: AuditSearch) => void;
}

/** What is wanted, by whom, of which profile, and when. Stands in the address, so that it can be sent to somebody. */
export function AuditFilters({ search, profiles, devices, onChoose }: AuditFiltersProps) {
  const { t } = useTranslation('audit');
  const eventName = useEventName();
  const nameOf = useProfileNames();
  const choose = (name: keyof AuditSearch) => (value: string) => {
    const { [name]: _before, ...rest } = search;
    onChoose(value === '' ? rest : { ...rest, [name]: value });
  };
  const principals = devices.map(({ fingerprint }) => `device:${fingerprint}`);
  return (
    <section className="card audit-filters" aria-label={t('filter.title')}>
      <SelectField label={t('filter.event')} value={search.event ?? ''} onChange={choose('event')}>
        <option value="">{t('filter.anything')}</option>
        {AREAS.map(({ area, events }) => (
          <optgroup key={area} label={t(`areas.${area}`)}>
            <option value={area}>{t('filter.area', { area: t(`areas.${area}`) })}</option>
            {events.map((event) => (
              <option key={event} value={event}>
                {eventName(event)}
              </option>
            ))}
          </optgroup>
        ))}
      </SelectField>
      <SelectField label={t('filter.principal')} value={search.principal ?? ''} onChange={choose('principal')}>
        <option value="">{t('filter.anybody')}</option>
        <option value="operator">{t('principal.operator')}</option>
        <option value="host">{t('principal.host')}</option>
        <option value="device">{t('filter.anyDevice')}</option>
        {devices.map(({ fingerprint, name }) => (
          <option key={fingerprint} value={`device:${fingerprint}`}>
            {`${name} (${fingerprint.slice(0, 8)})`}
          </option>
        ))}
        <Absent value={search.principal} among={['operator', 'host', 'device', ...principals]} />
      </SelectField>
      <SelectField label={t('filter.profile')} value={search.profile ?? ''} onChange={choose('profile')}>
        <option value="">{t('filter.anyProfile')}</option>
        <option value={OPERATOR}>{nameOf(OPERATOR)}</option>
        {profiles.map(({ id, display_name }) => (
          <option key={id} value={id}>
            {display_name}
          </option>
        ))}
        <Absent value={search.profile} among={[OPERATOR, ...profiles.map(({ id }) => id)]} />
      </SelectField>
      <TextField
        label={t('filter.since')}
        type="datetime-local"
        value={search.since ?? ''}
        onChange={(event) => choose('since')(event.target.value)}
      />
      <TextField
        label={t('filter.until')}
        type="datetime-local"
        value={search.until ?? ''}
        onChange={(event) => choose('until')(event.target.value)}
      />
      {Object.keys(search).length > 0 && (
        <div className="card-actions">
          <Button look="plain" onClick={() => onChoose({})}>
            {t('filter.clear')}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What the address asks for although it isn't there any more: a removed profile, a device of the past. */
function Absent({ value, among }: { readonly value: string | undefined; readonly among: readonly string[] }) {
  if (value === undefined || among.includes(value)) return null;
  return <option value={value}>{value.slice(0, 24)}</option>;
}
