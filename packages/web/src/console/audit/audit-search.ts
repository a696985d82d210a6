import type { AuditFilter } from '../queries.ts';

/** What the page's address says is wanted of the audit; times as the fields have them, in the browser's own zone. */
export interface AuditSearch {
  readonly event?: string;
  readonly principal?: string;
  readonly profile?: string;
  /** `2026-11-22T14:05` */
  readonly since?: string;
  readonly until?: string;
}

const SHAPES = {
  event: /^[a-z]+(\.[a-z-]+)?$/,
  principal: /^(operator|host|device(:[0-9a-f]{64})?)$/,
  profile: /^([0-9a-f]{12}|operator)$/,
  since: /^\d{4}-\d\d-\d\dT\d\d:\d\d$/,
  until: /^\d{4}-\d\d-\d\dT\d\d:\d\d$/,
} as const;

/** What can't be meant is left out: an address may come from anywhere. */
export function readAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  return Object.fromEntries(
    Object.entries(SHAPES).flatMap(([name, shape]) => {
      const value = search[name];
      return typeof value === 'string' && shape.test(value) ? [[name, value]] : [];
    }),
  );
}

/** As the host is asked. A minute in `until` is wanted whole. */
export function filterOf({ event, principal, profile, since, until }: AuditSearch): AuditFilter {
  const from = unixOf(since);
  const to = unixOf(until);
  return {
    ...(event === undefined ? {} : { event }),
    ...(principal === undefined ? {} : { principal }),
    ...(profile === undefined ? {} : { profile }),
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to + 59 }),
  };
}

/** Undefined for a day that doesn't exist, and before 1970. */
function unixOf(local: string | undefined): number | undefined {
  const milliseconds = local === undefined ? Number.NaN : new Date(local).getTime();
  return milliseconds >= 0 ? Math.floor(milliseconds / 1000) : undefined;
}
