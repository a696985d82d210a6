import { sameAccount } from '@usher/domain';
import { accountOf } from '../../accounts/os-accounts.ts';
import type { Api, ApiParts } from '../parts.ts';
import { osAccountList } from '../profile-schema.ts';

/** The accounts that a profile may be bound to (requirement P8.3). */
export function registerOsAccountRoutes(api: Api, { accounts, eligibility, profiles }: ApiParts): void {
  api.get(
    '/api/v1/os-accounts',
    {
      config: { access: 'bearer' },
      schema: {
        operationId: 'listOsAccounts',
        summary: "People's accounts on this machine, the operator's first",
        tags: ['profiles'],
        response: { 200: osAccountList },
      },
    },
    async () => {
      const taken = profiles.list().map((profile) => profile.os_account);
      const people = await accounts.list();
      const eligible = await eligibility(people.flatMap(({ username, isOperator }) => (isOperator ? [] : [username])));
      return people.map((candidate) => ({
        username: candidate.username,
        uid: candidate.uid,
        ...(candidate.fullName === undefined ? {} : { full_name: candidate.fullName }),
        platform: 'linux' as const,
        is_operator: candidate.isOperator,
        in_use: taken.some((account) => sameAccount(account, accountOf(candidate))),
        ...eligible.get(candidate.username),
      }));
    },
  );
}
