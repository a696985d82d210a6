import { useQuery } from '@tanstack/react-query';
import type { OsAccount, OsAccountCandidate, ProfileAdmin } from '@usher/sdk/api';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SelectField } from '../../../ui/SelectField.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { accountsQuery } from '../../queries.ts';
import { accountName } from '../house.ts';
import { type FieldsProps, useProblemWords } from './fields.ts';

const OPERATOR = 'operator';
const OTHER = 'other';
/** Most characters of an account's name, domain included. */
const NAME_MAX = 256;

/** Whose account: the operator's, one of the host's, or one that the host doesn't list, like that of a Windows domain. */
export function AccountField({ draft, problems, self, onChange }: FieldsProps & { readonly self: ProfileAdmin | undefined }) {
  const { t } = useTranslation('profiles');
  const words = useProblemWords();
  const { data: accounts = [], error } = useQuery(accountsQuery);
  const people = accounts.filter((account) => !account.is_operator);
  const name = accountName(draft.account);
  const listed = people.find(({ username }) => username === name);
  const isListed = listed !== undefined;
  const [isTyping, setTyping] = useState(false);
  const isOther = draft.account.kind !== 'operator' && (isTyping || !isListed);
  const problem = words(problems.os_account);
  const hintOf = (isRead: boolean, chosen: OsAccountCandidate | undefined): string | undefined => {
    if (!isRead) return t('form.accountsUnread');
    return chosen?.remedy === undefined ? undefined : t('form.accountClosed', { command: chosen.remedy });
  };
  const choose = (value: string) => {
    setTyping(value === OTHER);
    const candidate = people.find(({ username }) => `account:${username}` === value);
    if (candidate !== undefined) onChange({ account: accountOf(candidate, self) });
    else onChange({ account: value === OPERATOR ? { kind: 'operator' } : typedAccount('', accounts) });
  };
  return (
    <>
      <SelectField
        label={t('form.account')}
        hint={hintOf(error === null, listed)}
        problem={isOther ? undefined : problem}
        value={draft.account.kind === 'operator' ? OPERATOR : isOther ? OTHER : `account:${name}`}
        onChange={choose}
      >
        <option value={OPERATOR}>{t('form.accountOperator')}</option>
        {people.map((candidate) => {
          const isTaken = candidate.in_use && (self === undefined || accountName(self.os_account) !== candidate.username);
          const label = candidate.full_name ? `${candidate.username} (${candidate.full_name})` : candidate.username;
          return (
            <option key={candidate.username} value={`account:${candidate.username}`} disabled={isTaken}>
              {isTaken ? t('form.accountTaken', { name: label }) : label}
            </option>
          );
        })}
        <option value={OTHER}>{t('form.accountOther')}</option>
      </SelectField>
      {isOther && (
        <TextField
          label={t('form.accountName')}
          hint={t('form.accountNameHint')}
          problem={problem}
          value={name}
          maxLength={NAME_MAX}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => onChange({ account: typedAccount(event.target.value, accounts) })}
        />
      )}
    </>
  );
}

/** The account of the profile as it is stored keeps what the host found out about it. */
function accountOf({ username, uid, sid, platform }: OsAccountCandidate, self: ProfileAdmin | undefined): OsAccount {
  if (self !== undefined && accountName(self.os_account) === username) return self.os_account;
  if (platform === 'linux') return { kind: 'linux', username, ...(uid === undefined ? {} : { uid }) };
  return { kind: 'windows', account_name: username, ...(sid === undefined ? {} : { sid }), credential: { source: 'none' } };
}

/** A backslash is Windows' own; otherwise the account is one of the system that the host runs. */
function typedAccount(name: string, accounts: readonly OsAccountCandidate[]): OsAccount {
  if (name.includes('\\') || accounts[0]?.platform === 'windows') {
    return { kind: 'windows', account_name: name, credential: { source: 'none' } };
  }
  return { kind: 'linux', username: name };
}
