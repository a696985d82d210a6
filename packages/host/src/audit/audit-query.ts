import type { AuditEntry } from '@usher/domain';
import type { AuditQuery } from '../profile-services.ts';

/** Whether an entry is among those that a query wants. */
export function isWanted(entry: AuditEntry, { before, event, principal, profile, since, until }: AuditQuery): boolean {
  return (
    (before === undefined || entry.seq < before) &&
    (event === undefined || entry.event === event || entry.event.startsWith(`${event}.`)) &&
    (principal === undefined || entry.principal === principal || entry.principal.startsWith(`${principal}:`)) &&
    (profile === undefined || entry.profile === profile) &&
    (since === undefined || entry.unix >= since) &&
    (until === undefined || entry.unix <= until)
  );
}
