import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostStatus, PairedClient, PendingDevice, Session } from '@usher/sdk/api';
import type { Plugin } from 'vite';

/** What the console finds on the fake host; the page says which by its cookie `look`. */
export const LOOKS = ['full', 'empty', 'signed-out', 'away'] as const;
export type Look = (typeof LOOKS)[number];

const now = () => Math.floor(Date.now() / 1000);
const FINGERPRINTS = ['3f9a71c2be04d855', '91d0c7a2548e63fb', 'c02fe1874ba9d636', '5b7710e9ac38f214'].map((start) =>
  start.padEnd(64, '3a5c9e7b'),
);
const [LAPTOP = '', PHONE = '', TELEVISION = '', TABLET = ''] = FINGERPRINTS;

const DEVICES: readonly PairedClient[] = [
  { fingerprint: LAPTOP, name: 'Ada’s laptop', paired_unix: now() - 40 * 86_400, connected: true },
  { fingerprint: PHONE, name: 'Safari, iPhone', paired_unix: now() - 3 * 3600, connected: false },
  { fingerprint: TELEVISION, name: 'Television in the living room', paired_unix: now() - 2 * 86_400, connected: true },
];
const PENDING: readonly PendingDevice[] = [
  { id: 'k1', name: 'Firefox, Windows', fingerprint: TABLET, address: '192.168.1.23', since_unix: now() - 40, expires_unix: now() + 560 },
];
const SESSIONS: readonly Session[] = [
  {
    session_id: '0011223344556677',
    ...{ profile_id: 'operator', display_name: 'Host', os_account: { kind: 'operator' }, backend: 'xvfb' },
    client_fp: LAPTOP,
    device_name: 'Ada’s laptop',
    started_unix: now() - 1500,
    codec: 'h264',
    width: 1920,
    height: 1080,
    bitrate_kbps: 4200,
    rtt_ms: 3,
  },
  {
    session_id: '8899aabbccddeeff',
    ...{ profile_id: 'operator', display_name: 'Host', os_account: { kind: 'operator' }, backend: 'xvfb' },
    client_fp: TELEVISION,
    device_name: 'Television in the living room',
    started_unix: now() - 22,
    codec: 'vp8',
    width: 1920,
    height: 1080,
    bitrate_kbps: 900,
  },
];

function host(look: Look): HostStatus {
  const empty = look === 'empty';
  return {
    version: '0.1.0',
    name: 'atelier',
    fingerprint: '7c4f19e2a05bd833'.padEnd(64, '66f10c9b'),
    url: 'https://atelier.local:9939/',
    uptime_seconds: 187_000,
    sessions: empty ? 0 : SESSIONS.length,
    paired_devices: empty ? 0 : DEVICES.length,
    pending: empty ? 0 : PENDING.length,
    usb: empty ? { enabled: false, running: false } : { enabled: true, running: true, backend: 'sim' },
    isolating_profiles: false,
    problems: empty
      ? []
      : [{ code: 'store.unreadable', detail: '~/.config/usher/paired.json: not JSON; mend or move it, then restart the host' }],
  };
}

function answer(method: string, path: string, look: Look): readonly [number, unknown] {
  if (path === '/api/v1/console/session') return [200, { signed_in: look !== 'signed-out' }];
  if (look === 'away') return [502, {}];
  if (method === 'POST' && path === '/api/v1/console/login') {
    return [401, { type: 'about:blank', title: 'Unauthorized', status: 401, code: 'api.unauthorized', detail: 'the token is wrong' }];
  }
  if (path === '/api/v1/native/pair/arm') return [200, { pin: '482913', expires_unix: ARMED_UNTIL }];
  if (method !== 'GET') return [204, undefined];
  const bodies: Readonly<Record<string, unknown>> = {
    '/api/v1/host': host(look),
    '/api/v1/native/pair': look === 'empty' ? { armed: false } : { armed: true, expires_unix: ARMED_UNTIL },
    '/api/v1/native/clients': { clients: look === 'empty' ? [] : DEVICES },
    '/api/v1/native/pending': { pending: look === 'empty' ? [] : PENDING },
    '/api/v1/sessions': { sessions: look === 'empty' ? [] : SESSIONS },
  };
  return path in bodies ? [200, bodies[path]] : [404, {}];
}

/** One PIN for the whole run: what matters is how it looks. */
const ARMED_UNTIL = now() + 3600;

/** Serves the console's page as the host does, and an API that always says the same. */
export function fakeApi(): Plugin {
  return {
    name: 'fake-api',
    configureServer: (server) => {
      server.middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
        const path = request.url?.split('?')[0] ?? '';
        if (path === '/console' || path.startsWith('/console/')) request.url = '/console.html';
        if (!path.startsWith('/api/')) return next();
        const look = LOOKS.find((name) => request.headers.cookie?.includes(`look=${name}`)) ?? 'full';
        const [status, body] = answer(request.method ?? 'GET', path, look);
        response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    },
  };
}
