import type {
  AuditEntry,
  AuditVerdict,
  GameEntry,
  HostStatus,
  OsAccountCandidate,
  PairedClient,
  PendingDevice,
  ProfileAdmin,
  ProfileInput,
  Session,
} from '@usher/sdk/api';
import { FakeUsb, type FakeUsbState } from './fake-usb.ts';

/** Everything that an invented host knows. */
export interface FakeHostState {
  readonly signedIn: boolean;
  readonly host: HostStatus;
  readonly sessions: readonly Session[];
  readonly devices: readonly PairedClient[];
  readonly pending: readonly PendingDevice[];
  readonly profiles: readonly ProfileAdmin[];
  readonly accounts: readonly OsAccountCandidate[];
  readonly titles: readonly GameEntry[];
  readonly audit: readonly AuditEntry[];
  readonly verdict: AuditVerdict;
  readonly usb: FakeUsbState;
  /** Until when a PIN is armed. */
  readonly armedUntil?: number;
}

/** Which requests go wrong, by `METHOD /path`: with a code of the host's, or never answered at all. */
export type Faults = Readonly<Record<string, 'silent' | { readonly status: number; readonly code: string; readonly detail: string }>>;

/** A host that lives in the page: it answers the console's requests from what it is given, and changes what it is told to. */
export class FakeHost {
  #state: FakeHostState;
  readonly #usb: FakeUsb;
  readonly #faults: Faults;

  constructor(state: FakeHostState, faults: Faults = {}) {
    this.#state = state;
    this.#usb = new FakeUsb(state.usb);
    this.#faults = faults;
  }

  /** In place of the platform's. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const fault = this.#faults[`${request.method} ${url.pathname}`];
    if (fault === 'silent') return new Promise<Response>(() => undefined);
    if (fault !== undefined) {
      return answer(fault.status, { type: 'about:blank', title: 'Refused', ...fault }, 'application/problem+json');
    }
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const [status, data] = this.#answer(request.method, url, body);
    return answer(status, data);
  };

  #answer(method: string, url: URL, body: unknown): readonly [number, unknown] {
    if (url.pathname.startsWith('/usb/')) return this.#usb.answer(method, url.pathname, body);
    const path = url.pathname.replace('/api/v1', '');
    if (method === 'GET') return this.#read(path, url.searchParams);
    const [, area, id, part] = path.split('/');
    if (area === 'audit') return [200, this.#state.verdict];
    if (path === '/native/pair/arm') return [200, { pin: '482913', expires_unix: this.#state.armedUntil ?? 0 }];
    if (area === 'profiles') return this.#changeProfile(method, id, part, body);
    if (area === 'sessions') this.#set({ sessions: this.#state.sessions.filter((session) => session.session_id !== id) });
    if (path.startsWith('/native/pending/')) this.#set({ pending: this.#state.pending.filter((one) => one.id !== part) });
    if (path.startsWith('/native/clients/')) this.#set({ devices: this.#state.devices.filter((one) => one.fingerprint !== part) });
    return [204, undefined];
  }

  #read(path: string, query: URLSearchParams): readonly [number, unknown] {
    const { signedIn, host, sessions, devices, pending, profiles, accounts, titles, armedUntil } = this.#state;
    const bodies: Readonly<Record<string, unknown>> = {
      '/console/session': { signed_in: signedIn },
      '/host': { ...host, sessions: sessions.length, paired_devices: devices.length, pending: pending.length },
      '/native/pair': armedUntil === undefined ? { armed: false } : { armed: true, expires_unix: armedUntil },
      '/native/clients': { clients: devices },
      '/native/pending': { pending },
      '/sessions': { sessions },
      '/profiles': profiles,
      '/os-accounts': accounts,
      '/library': titles,
      '/audit': { entries: this.#auditPage(query) },
    };
    if (path in bodies) return [200, bodies[path]];
    const profile = profiles.find(({ id }) => path === `/profiles/${id}`);
    return profile === undefined ? [404, undefined] : [200, profile];
  }

  #auditPage(query: URLSearchParams): readonly AuditEntry[] {
    const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
    const event = query.get('event') ?? '';
    return this.#state.audit
      .filter((entry) => entry.seq < before && entry.event.startsWith(event))
      .slice(0, Number(query.get('limit') ?? 100));
  }

  #changeProfile(method: string, id: string | undefined, part: string | undefined, body: unknown): readonly [number, unknown] {
    const { profiles } = this.#state;
    if (method === 'POST' && id === undefined) {
      const made = stored('aaaaaaaaaaaa', body as ProfileInput); // the console's own request
      this.#set({ profiles: [...profiles, made] });
      return [201, made];
    }
    if (method === 'PUT' && id === 'default') {
      const { profile_id: chosen } = body as { profile_id: string | null }; // the console's own request
      this.#set({ profiles: profiles.map((profile) => ({ ...profile, is_default: profile.id === chosen })) });
      return [204, undefined];
    }
    if (method === 'DELETE' && id === 'devices') {
      this.#set({ profiles: profiles.map((profile) => withoutDevice(profile, part)) });
      return [204, undefined];
    }
    if (method === 'DELETE') {
      this.#set({ profiles: profiles.filter((profile) => profile.id !== id) });
      return [204, undefined];
    }
    const change = (profile: ProfileAdmin): ProfileAdmin => {
      if (part === 'passcode') return { ...profile, has_passcode: (body as { passcode: string | null }).passcode !== null };
      if (part === 'devices') {
        const { fingerprint } = body as { fingerprint: string }; // the console's own request, as above and below
        return { ...profile, assigned_fingerprints: [...profile.assigned_fingerprints, fingerprint] };
      }
      return { ...profile, ...stored(profile.id, body as ProfileInput), has_passcode: profile.has_passcode };
    };
    this.#set({ profiles: profiles.map((profile) => (profile.id === id ? change(profile) : profile)) });
    const changed = this.#state.profiles.find((profile) => profile.id === id);
    return part === undefined ? [200, changed] : [204, undefined];
  }

  #set(change: Partial<FakeHostState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function stored(id: string, input: ProfileInput): ProfileAdmin {
  const { accent, avatar, custom_entries: titles = [], ...rest } = input;
  return {
    ...{ assigned_fingerprints: [], require_passcode_even_when_assigned: false, allow_shared_view: false, allow_takeover: false },
    ...{ tvos_user_ids: [], library_scope: { mode: 'all' }, session_defaults: {}, has_passcode: false, is_default: false },
    ...{ created_unix: 0, updated_unix: 0, revision: 'c3'.repeat(16) },
    ...rest,
    ...(accent ? { accent } : {}),
    ...(avatar ? { avatar } : {}),
    custom_entries: titles.map((title) => ({ art: {}, ...title })),
    id,
  };
}

function withoutDevice(profile: ProfileAdmin, fingerprint: string | undefined): ProfileAdmin {
  return { ...profile, assigned_fingerprints: profile.assigned_fingerprints.filter((device) => device !== fingerprint) };
}

function answer(status: number, body: unknown, type = 'application/json'): Response {
  return body === undefined
    ? new Response(null, { status })
    : new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
}
