import type { OsAccount, OsAccountCandidate } from '@usher/sdk/api';

/**
 * Why nobody could come into a profile now: the account isn't on this host, is of another system, has no credential, isn't let be opened by
 * root, or this host can't open other accounts than the operator's.
 */
export type Obstacle = 'no-account' | 'other-system' | 'no-credential' | 'not-eligible' | 'no-broker';

/** What is known of the host; undefined where the host couldn't be asked, which stands in nobody's way. */
export interface Surroundings {
  readonly isolating: boolean | undefined;
  readonly accounts: readonly OsAccountCandidate[] | undefined;
}

/** In the order in which they are best removed. Everybody may come to the operator's desktop. */
export function obstaclesOf(account: OsAccount, { isolating, accounts }: Surroundings): readonly Obstacle[] {
  if (account.kind === 'operator') return [];
  const system = accounts?.[0]?.platform;
  const candidate = candidateOf(account, accounts);
  const isForeign = system !== undefined && system !== account.kind;
  return [
    ...(isForeign ? ['other-system' as const] : []),
    ...(!isForeign && account.kind === 'linux' && accounts !== undefined && candidate === undefined ? ['no-account' as const] : []),
    ...(account.kind === 'windows' && account.credential.source === 'none' ? ['no-credential' as const] : []),
    ...(candidate?.eligible === false ? ['not-eligible' as const] : []),
    ...(!isForeign && isolating === false ? ['no-broker' as const] : []),
  ];
}

/** A Linux account as the host lists it. */
export function candidateOf(account: OsAccount, accounts: readonly OsAccountCandidate[] | undefined): OsAccountCandidate | undefined {
  return account.kind === 'linux' ? accounts?.find(({ username }) => username === account.username) : undefined;
}
