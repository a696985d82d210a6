import { queryOptions } from '@tanstack/react-query';
import { HostApi } from '@usher/sdk/api';

/** The host that served this page; the browser's cookie says who asks. */
export const api = new HostApi();

/** How often a page that somebody looks at asks again. A hidden page doesn't ask. */
const POLL_MS = 2000;

export const sessionQuery = queryOptions({ queryKey: ['console-session'], queryFn: () => api.consoleSession(), staleTime: 60_000 });

export const hostQuery = queryOptions({ queryKey: ['host'], queryFn: () => api.host(), refetchInterval: POLL_MS });
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: () => api.sessions(), refetchInterval: POLL_MS });
export const devicesQuery = queryOptions({ queryKey: ['devices'], queryFn: () => api.devices(), refetchInterval: POLL_MS });
export const pendingQuery = queryOptions({ queryKey: ['pending'], queryFn: () => api.pending(), refetchInterval: POLL_MS });
export const pairingQuery = queryOptions({ queryKey: ['pairing'], queryFn: () => api.pairing(), refetchInterval: POLL_MS });
