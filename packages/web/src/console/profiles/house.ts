import { useQuery } from '@tanstack/react-query';
import type { OsAccount, OsAccountCandidate, ProfileAdmin } from '@usher/sdk/api';
import { useTranslation } from 'react-i18next';
import { accountsQuery, hostQuery, profilesQuery } from '../queries.ts';
import type { Surroundings } from './obstacles.ts';

/** Id of the built-in profile, which isn't stored. */
export const OPERATOR = 'operator';

/** Most profiles that a host keeps, the built-in one not counted (protocol, rule C10). */
export const PROFILES_MAX = 63;

/** What is known of the host that decides whether a profile can open. */
export function useSurroundings(): Surroundings {
  const { data: host } = useQuery(hostQuery);
  const { data: accounts } = useQuery(accountsQuery);
  return { isolating: host?.isolating_profiles, accounts };
}

/** The name of a profile by its id; the id itself where the profile is gone or not known yet. */
export function useProfileNames(): (id: string) => string {
  const { t } = useTranslation('profiles');
  const { data: profiles } = useQuery(profilesQuery);
  return (id) => (id === OPERATOR ? t('operator.name') : (profiles?.find((profile) => profile.id === id)?.display_name ?? id));
}

/** The profile that a device is assigned to. */
export function homeOf(profiles: readonly ProfileAdmin[] | undefined, fingerprint: string): ProfileAdmin | undefined {
  return profiles?.find((profile) => profile.assigned_fingerprints.includes(fingerprint));
}

/** The account's name as its system has it; empty for the operator's. */
export function accountName(account: OsAccount): string {
  switch (account.kind) {
    case 'operator':
      return '';
    case 'linux':
      return account.username;
    case 'windows':
      return account.account_name;
    default:
      return account satisfies never;
  }
}

/** The line under a profile's name: whose account it is. */
export function useAccountLine(): (account: OsAccount, accounts: readonly OsAccountCandidate[] | undefined) => string {
  const { t } = useTranslation('profiles');
  return (account, accounts) => {
    if (account.kind === 'operator') return t('account.operator');
    const name = accountName(account);
    const person = accounts?.find(({ username }) => username === name)?.full_name;
    return person === undefined || person === '' ? t('account.own', { name }) : t('account.full', { name, person });
  };
}
