import type { UsbAcl, UsbAclRule } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../i18n/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNote } from '../../ui/FailureNote.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { useProfileNames } from '../profiles/house.ts';
import { api } from '../queries.ts';
import { useChange } from '../use-change.ts';
import { unitOf, wordOf } from './rules.ts';
import { idsOf } from './words.ts';

/** All rules, also those for devices that aren't plugged in, and what holds for the rest. */
export function RulesCard({ acl }: { readonly acl: UsbAcl }) {
  const { t } = useTranslation('usb');
  const nameOf = useProfileNames();
  const remove = useChange((rule: UsbAclRule) => api.removeUsbRule(unitOf(rule)));
  const setDefault = useChange((policy: UsbAcl['default']) => api.setUsbDefault(policy));
  return (
    <section className="card usb-rules" aria-labelledby="rules-title">
      <h2 id="rules-title">{t('rules.title')}</h2>
      <p className="soft">{t(acl.rules.length === 0 ? 'rules.none' : 'rules.lead')}</p>
      {acl.rules.length > 0 && (
        <ol className="usb-rule-list">
          {acl.rules.map((rule) => {
            const device = idsOf(rule);
            const whom = rule.profile === undefined ? t('everybody') : nameOf(rule.profile);
            return (
              <li key={JSON.stringify(rule)}>
                <span>
                  <b>{rule.label === '' ? <code translate="no">{device}</code> : rule.label}</b>
                  <span className="soft">
                    {rule.label !== '' && (
                      <>
                        <code translate="no">{device}</code> ·{' '}
                      </>
                    )}
                    {rule.serial ?? t('rules.any')} · {whom}
                  </span>
                </span>
                <span className={`usb-word usb-word-${wordOf(rule)}`}>{t(`rules.${wordOf(rule)}`)}</span>
                <Button
                  look="plain"
                  disabled={remove.isPending}
                  aria-label={t('rules.removeName', { device: rule.label === '' ? device : rule.label })}
                  onClick={() => remove.mutate(rule)}
                >
                  {t('rules.remove')}
                </Button>
              </li>
            );
          })}
        </ol>
      )}
      {remove.error !== null && <FailureNote failure={toFailure(remove.error)} />}
      <SelectField
        label={t('rules.rest')}
        value={acl.default}
        onChange={(policy) => setDefault.mutate(policy === 'allow' ? 'allow' : 'deny')}
      >
        <option value="deny">{t('rules.restDeny')}</option>
        <option value="allow">{t('rules.restAllow')}</option>
      </SelectField>
      {setDefault.error !== null && <FailureNote failure={toFailure(setDefault.error)} />}
    </section>
  );
}
