import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AuditQuery, HostApi, type UsbPlace } from '@usher/sdk/api';

/** The host that served this page; the browser's cookie says who asks. */
export const api = new HostApi();

/** How often a page that somebody looks at asks again. A hidden page doesn't ask. */
const POLL_MS = 2000;
/** Accounts and titles change by hand, and take the host some work. */
const SETTLED_MS = 30_000;

export const sessionQuery = queryOptions({ queryKey: ['console-session'], queryFn: () => api.consoleSession(), staleTime: 60_000 });

export const hostQuery = queryOptions({ queryKey: ['host'], queryFn: () => api.host(), refetchInterval: POLL_MS });
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: () => api.sessions(), refetchInterval: POLL_MS });
export const devicesQuery = queryOptions({ queryKey: ['devices'], queryFn: () => api.devices(), refetchInterval: POLL_MS });
export const pendingQuery = queryOptions({ queryKey: ['pending'], queryFn: () => api.pending(), refetchInterval: POLL_MS });
export const pairingQuery = queryOptions({ queryKey: ['pairing'], queryFn: () => api.pairing(), refetchInterval: POLL_MS });
export const profilesQuery = queryOptions({ queryKey: ['profiles'], queryFn: () => api.profiles(), refetchInterval: POLL_MS });
export const accountsQuery = queryOptions({ queryKey: ['accounts'], queryFn: () => api.osAccounts(), staleTime: SETTLED_MS });
export const libraryQuery = queryOptions({ queryKey: ['library'], queryFn: () => api.library(), staleTime: SETTLED_MS });

/** Entries that one request asks for. */
const AUDIT_PAGE = 100;
/** Entries that the page shows at most: more isn't read by anybody, and each is some elements of the page. */
export const AUDIT_MAX = 1000;

export type AuditFilter = Omit<AuditQuery, 'limit' | 'before'>;

/** Isn't asked for again by itself: what somebody reads stays where it is. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => api.audit({ ...filter, limit: AUDIT_PAGE, ...(pageParam === undefined ? {} : { before: pageParam }) }),
    initialPageParam: undefined as number | undefined, // the newest come without one
    getNextPageParam: (page, pages) => (page.length < AUDIT_PAGE || pages.length * AUDIT_PAGE >= AUDIT_MAX ? undefined : page.at(-1)?.seq),
  });

/** Rates are told over the time between two questions. */
export const usbStatisticsQuery = queryOptions({
  queryKey: ['usb-statistics'],
  queryFn: () => api.usb.statistics(),
  refetchInterval: POLL_MS,
});
export const usbDevicesQuery = queryOptions({ queryKey: ['usb-devices'], queryFn: () => api.usbDevices(), refetchInterval: POLL_MS });
export const usbAclQuery = queryOptions({ queryKey: ['usb-acl'], queryFn: () => api.usbAcl(), refetchInterval: POLL_MS });
export const usbEventsQuery = queryOptions({ queryKey: ['usb-events'], queryFn: () => api.usbEvents(0), refetchInterval: POLL_MS });
export const usbPromptsQuery = queryOptions({ queryKey: ['usb-prompts'], queryFn: () => api.usb.prompts(), refetchInterval: POLL_MS });
export const usbRemoteHostsQuery = queryOptions({
  queryKey: ['usb-remote-hosts'],
  queryFn: () => api.usb.remoteHosts(),
  refetchInterval: POLL_MS,
});
/** This host says itself when a device comes or goes; another one is asked again while somebody looks, and not a moment longer. */
export const usbBorrowableQuery = (place: UsbPlace) =>
  queryOptions({
    queryKey: ['usb-borrowable', place],
    queryFn: ({ signal }) => api.usb.borrowable(place, signal),
    staleTime: SETTLED_MS,
    refetchInterval: place.kind === 'remote' ? POLL_MS : false,
  });
