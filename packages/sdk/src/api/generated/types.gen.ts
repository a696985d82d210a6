// @ts-nocheck
// Generated from docs/openapi.json; do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type OsAccountInput = {
    kind: 'operator';
} | {
    kind: 'linux';
    username: string;
    uid?: number;
} | {
    kind: 'windows';
    account_name: string;
    sid?: string;
    /**
     * Where Windows keeps the secret; never the secret
     */
    credential: {
        source: 'none';
    } | {
        source: 'credential_manager';
        target: string;
    } | {
        source: 'lsa_secret';
        key: string;
    } | {
        source: 'dpapi_blob';
        path: string;
    };
};

/**
 * Which titles the profile sees: curation, not a sandbox
 */
export type LibraryScopeInput = {
    mode: 'all';
} | {
    mode: 'allow';
    ids: Array<string>;
} | {
    mode: 'deny';
    ids: Array<string>;
};

export type ArtworkInput = {
    portrait?: string;
    hero?: string;
    logo?: string;
    header?: string;
};

export type LaunchSpecInput = {
    /**
     * `command` or `steam_appid`
     */
    kind: string;
    value: string;
};

export type CustomEntryInput = {
    id: string;
    title: string;
    art?: ArtworkInput;
    launch?: LaunchSpecInput;
};

export type SessionDefaultsInput = {
    max_width?: number;
    max_height?: number;
    max_refresh_hz?: number;
    max_bitrate_kbps?: number;
    compositor?: string;
    gamepad?: string;
};

export type ProfileInput = {
    display_name: string;
    accent?: string | null;
    avatar?: string | null;
    os_account: OsAccountInput;
    assigned_fingerprints?: Array<string>;
    require_passcode_even_when_assigned?: boolean;
    allow_shared_view?: boolean;
    allow_takeover?: boolean;
    tvos_user_ids?: Array<string>;
    library_scope?: LibraryScopeInput;
    custom_entries?: Array<CustomEntryInput>;
    session_defaults?: SessionDefaultsInput;
};

export type SetPasscodeInput = {
    /**
     * null clears it
     */
    passcode: string | null;
};

export type AssignDeviceInput = {
    /**
     * Lowercase hex SHA-256 of a device certificate
     */
    fingerprint: string;
};

export type SetDefaultInput = {
    /**
     * null, or operator: the operator's own desktop
     */
    profile_id: string | 'operator' | null;
};

export type LoginInput = {
    token: string;
};

export type ApprovalInput = {
    name?: string;
    /**
     * Assigns the device; without it the device keeps its place, or has none
     */
    profile_id?: string;
};

export type UsbPassthroughChangeInput = {
    enabled?: boolean;
};

export type UsbAclAdditionInput = {
    vendor_id: string;
    product_id: string;
    serial?: string | null;
    allow?: boolean;
    prompt_on_open?: boolean;
    label?: string;
    /**
     * The only profile that may claim the device; absent means all
     */
    profile?: string;
};

export type UsbAclRemovalInput = {
    vendor_id: string;
    product_id: string;
    serial?: string | null;
};

export type UsbAclPolicyInput = {
    policy: 'allow' | 'deny';
};

export type DeviceProofInput = {
    nonce: string;
    /**
     * SubjectPublicKeyInfo of the P-256 key that the device paired with
     */
    spki: string;
    /**
     * ECDSA with SHA-256, 64 bytes r ‖ s, over the text of rule S12
     */
    signature: string;
};

export type OsAccount = {
    kind: 'operator';
} | {
    kind: 'linux';
    username: string;
    uid?: number;
} | {
    kind: 'windows';
    account_name: string;
    sid?: string;
    /**
     * Where Windows keeps the secret; never the secret
     */
    credential: {
        source: 'none';
    } | {
        source: 'credential_manager';
        target: string;
    } | {
        source: 'lsa_secret';
        key: string;
    } | {
        source: 'dpapi_blob';
        path: string;
    };
};

/**
 * Which titles the profile sees: curation, not a sandbox
 */
export type LibraryScope = {
    mode: 'all';
} | {
    mode: 'allow';
    ids: Array<string>;
} | {
    mode: 'deny';
    ids: Array<string>;
};

export type Artwork = {
    portrait?: string;
    hero?: string;
    logo?: string;
    header?: string;
};

export type LaunchSpec = {
    /**
     * `command` or `steam_appid`
     */
    kind: string;
    value: string;
};

export type CustomEntry = {
    id: string;
    title: string;
    art: Artwork;
    launch?: LaunchSpec;
};

export type SessionDefaults = {
    max_width?: number;
    max_height?: number;
    max_refresh_hz?: number;
    max_bitrate_kbps?: number;
    compositor?: string;
    gamepad?: string;
};

export type ProfileAdmin = {
    id: string;
    display_name: string;
    accent?: string;
    avatar?: string;
    os_account: OsAccount;
    assigned_fingerprints: Array<string>;
    has_passcode: boolean;
    require_passcode_even_when_assigned: boolean;
    allow_shared_view: boolean;
    allow_takeover: boolean;
    tvos_user_ids: Array<string>;
    library_scope: LibraryScope;
    custom_entries: Array<CustomEntry>;
    session_defaults: SessionDefaults;
    is_default: boolean;
    created_unix: number;
    updated_unix: number;
};

export type ProfilePublic = {
    id: string;
    display_name: string;
    accent?: string;
    avatar?: string;
    requires_passcode: boolean;
    assigned: boolean;
};

export type OsAccountCandidate = {
    username: string;
    uid?: number;
    sid?: string;
    full_name?: string;
    platform: 'linux' | 'windows';
    is_operator: boolean;
    /**
     * A profile has it already
     */
    in_use: boolean;
};

export type GameEntry = {
    id: string;
    store: string;
    title: string;
    art: Artwork;
    launch?: LaunchSpec;
};

export type Problem = {
    type: 'about:blank';
    title: string;
    status: number;
    /**
     * A code of docs/errors.md
     */
    code: string;
    detail: string;
};

export type Health = {
    status: 'ok';
    version: string;
};

export type ConsoleSession = {
    signed_in: boolean;
};

export type HostStatus = {
    version: string;
    name: string;
    /**
     * Lowercase hex SHA-256 of a device certificate
     */
    fingerprint: string;
    url: string;
    uptime_seconds: number;
    sessions: number;
    paired_devices: number;
    pending: number;
    usb: {
        enabled: boolean;
        running: boolean;
        backend?: string;
        problem?: string;
    };
    isolating_profiles: boolean;
    /**
     * What the operator has to mend; empty where all is well
     */
    problems: Array<{
        /**
         * A code of docs/errors.md
         */
        code: string;
        detail: string;
    }>;
};

export type PairingStatus = {
    armed: boolean;
    expires_unix?: number;
};

export type ArmedPin = {
    pin: string;
    expires_unix: number;
};

export type PairedClient = {
    /**
     * Lowercase hex SHA-256 of a device certificate
     */
    fingerprint: string;
    name: string;
    paired_unix: number;
    connected: boolean;
};

export type ClientList = {
    clients: Array<PairedClient>;
};

export type PendingDevice = {
    id: string;
    name: string;
    /**
     * Lowercase hex SHA-256 of a device certificate
     */
    fingerprint: string;
    address: string;
    since_unix: number;
    expires_unix: number;
};

export type PendingList = {
    pending: Array<PendingDevice>;
};

export type Session = {
    session_id: string;
    profile_id: string;
    /**
     * The profile's name
     */
    display_name: string;
    os_account: OsAccount;
    /**
     * What shows the desktop
     */
    backend: string;
    /**
     * Lowercase hex SHA-256 of a device certificate
     */
    client_fp: string;
    device_name: string;
    started_unix: number;
    codec: 'h264' | 'vp8';
    width: number;
    height: number;
    bitrate_kbps: number;
    rtt_ms?: number;
};

export type SessionList = {
    sessions: Array<Session>;
};

export type UsbDevice = {
    vendor_id: string | null;
    product_id: string | null;
    manufacturer: string | null;
    product: string | null;
    serial: string | null;
    bus_location: string | null;
    extra: {
        [key: string]: unknown;
    };
};

export type UsbDeviceList = {
    backend: string;
    error: string | null;
    devices: Array<UsbDevice>;
    count: number;
};

export type UsbPassthrough = {
    enabled: boolean;
};

export type UsbAclRule = {
    vendor_id: string;
    product_id: string;
    serial?: string | null;
    label: string;
    allow: boolean;
    prompt_on_open: boolean;
    /**
     * The only profile that may claim the device; absent means all
     */
    profile?: string;
};

export type UsbAcl = {
    default: 'allow' | 'deny';
    integrity_ok: boolean;
    /**
     * Why the file is not trusted; then nothing may be claimed
     */
    problem?: string;
    rules: Array<UsbAclRule>;
};

export type UsbAclAdded = {
    added: true;
    rules: number;
};

export type UsbAclRemoved = {
    removed: boolean;
};

export type UsbAclDefault = {
    default: 'allow' | 'deny';
};

export type AuditEntry = {
    seq: number;
    unix: number;
    event: string;
    /**
     * `operator`, `host`, or `device:` and its fingerprint
     */
    principal: string;
    profile?: string;
    fields?: {
        [key: string]: string | number | boolean;
    };
    prev: string;
    hash: string;
};

export type AuditPage = {
    /**
     * Newest first
     */
    entries: Array<AuditEntry>;
};

export type AuditFault = {
    kind: 'changed' | 'missing' | 'misplaced' | 'unreadable';
    seq: number;
    file: string;
    line: number;
    message: string;
};

export type AuditVerdict = {
    ok: boolean;
    entries: number;
    /**
     * The oldest entry that is kept
     */
    first_seq: number;
    faults: Array<AuditFault>;
};

export type DeviceChallenge = {
    /**
     * 64 hex digits; signed once, within a minute
     */
    nonce: string;
    expires_unix: number;
};

export type DeviceToken = {
    /**
     * For Authorization: Bearer, an hour long
     */
    token: string;
    expires_unix: number;
};

export type UsbEvent = {
    seq: number;
    kind: 'added' | 'removed';
    device: UsbDevice;
};

export type UsbEvents = {
    events: Array<UsbEvent>;
    count: number;
    watcher_running: boolean;
    /**
     * The latest number given; numbers start again at 1 with the usb-agent
     */
    last_seq: number;
};

export type UsbAclSigned = {
    signed: true;
    rules: number;
};

export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/healthz';
};

export type GetHealthErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];

export type GetHealthResponses = {
    /**
     * Default Response
     */
    200: Health;
};

export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];

export type ConsoleLoginData = {
    body: LoginInput;
    path?: never;
    query?: never;
    url: '/api/v1/console/login';
};

export type ConsoleLoginErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ConsoleLoginError = ConsoleLoginErrors[keyof ConsoleLoginErrors];

export type ConsoleLoginResponses = {
    /**
     * Done
     */
    204: void;
};

export type ConsoleLoginResponse = ConsoleLoginResponses[keyof ConsoleLoginResponses];

export type ConsoleLogoutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/console/logout';
};

export type ConsoleLogoutErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ConsoleLogoutError = ConsoleLogoutErrors[keyof ConsoleLogoutErrors];

export type ConsoleLogoutResponses = {
    /**
     * Done
     */
    204: void;
};

export type ConsoleLogoutResponse = ConsoleLogoutResponses[keyof ConsoleLogoutResponses];

export type GetConsoleSessionData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/console/session';
};

export type GetConsoleSessionErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetConsoleSessionError = GetConsoleSessionErrors[keyof GetConsoleSessionErrors];

export type GetConsoleSessionResponses = {
    /**
     * Default Response
     */
    200: ConsoleSession;
};

export type GetConsoleSessionResponse = GetConsoleSessionResponses[keyof GetConsoleSessionResponses];

export type ChallengeDeviceData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/device/challenge';
};

export type ChallengeDeviceErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ChallengeDeviceError = ChallengeDeviceErrors[keyof ChallengeDeviceErrors];

export type ChallengeDeviceResponses = {
    /**
     * Default Response
     */
    200: DeviceChallenge;
};

export type ChallengeDeviceResponse = ChallengeDeviceResponses[keyof ChallengeDeviceResponses];

export type OpenDeviceTokenData = {
    body: DeviceProofInput;
    path?: never;
    query?: never;
    url: '/api/v1/auth/device/token';
};

export type OpenDeviceTokenErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type OpenDeviceTokenError = OpenDeviceTokenErrors[keyof OpenDeviceTokenErrors];

export type OpenDeviceTokenResponses = {
    /**
     * Default Response
     */
    200: DeviceToken;
};

export type OpenDeviceTokenResponse = OpenDeviceTokenResponses[keyof OpenDeviceTokenResponses];

export type GetHostData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/host';
};

export type GetHostErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetHostError = GetHostErrors[keyof GetHostErrors];

export type GetHostResponses = {
    /**
     * Default Response
     */
    200: HostStatus;
};

export type GetHostResponse = GetHostResponses[keyof GetHostResponses];

export type DisarmPairingData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/native/pair';
};

export type DisarmPairingErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type DisarmPairingError = DisarmPairingErrors[keyof DisarmPairingErrors];

export type DisarmPairingResponses = {
    /**
     * Done
     */
    204: void;
};

export type DisarmPairingResponse = DisarmPairingResponses[keyof DisarmPairingResponses];

export type GetPairingData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/native/pair';
};

export type GetPairingErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetPairingError = GetPairingErrors[keyof GetPairingErrors];

export type GetPairingResponses = {
    /**
     * Default Response
     */
    200: PairingStatus;
};

export type GetPairingResponse = GetPairingResponses[keyof GetPairingResponses];

export type ArmPairingData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/native/pair/arm';
};

export type ArmPairingErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ArmPairingError = ArmPairingErrors[keyof ArmPairingErrors];

export type ArmPairingResponses = {
    /**
     * Default Response
     */
    200: ArmedPin;
};

export type ArmPairingResponse = ArmPairingResponses[keyof ArmPairingResponses];

export type ListClientsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/native/clients';
};

export type ListClientsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListClientsError = ListClientsErrors[keyof ListClientsErrors];

export type ListClientsResponses = {
    /**
     * Default Response
     */
    200: ClientList;
};

export type ListClientsResponse = ListClientsResponses[keyof ListClientsResponses];

export type RemoveClientData = {
    body?: never;
    path: {
        /**
         * Lowercase hex SHA-256 of a device certificate
         */
        fp: string;
    };
    query?: never;
    url: '/api/v1/native/clients/{fp}';
};

export type RemoveClientErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type RemoveClientError = RemoveClientErrors[keyof RemoveClientErrors];

export type RemoveClientResponses = {
    /**
     * Done
     */
    204: void;
};

export type RemoveClientResponse = RemoveClientResponses[keyof RemoveClientResponses];

export type ListPendingData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/native/pending';
};

export type ListPendingErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListPendingError = ListPendingErrors[keyof ListPendingErrors];

export type ListPendingResponses = {
    /**
     * Default Response
     */
    200: PendingList;
};

export type ListPendingResponse = ListPendingResponses[keyof ListPendingResponses];

export type ApprovePendingData = {
    body: ApprovalInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/native/pending/{id}/approve';
};

export type ApprovePendingErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ApprovePendingError = ApprovePendingErrors[keyof ApprovePendingErrors];

export type ApprovePendingResponses = {
    /**
     * Done
     */
    204: void;
};

export type ApprovePendingResponse = ApprovePendingResponses[keyof ApprovePendingResponses];

export type DenyPendingData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/native/pending/{id}/deny';
};

export type DenyPendingErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type DenyPendingError = DenyPendingErrors[keyof DenyPendingErrors];

export type DenyPendingResponses = {
    /**
     * Done
     */
    204: void;
};

export type DenyPendingResponse = DenyPendingResponses[keyof DenyPendingResponses];

export type ListProfilesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/profiles';
};

export type ListProfilesErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListProfilesError = ListProfilesErrors[keyof ListProfilesErrors];

export type ListProfilesResponses = {
    /**
     * Default Response
     */
    200: Array<ProfileAdmin>;
};

export type ListProfilesResponse = ListProfilesResponses[keyof ListProfilesResponses];

export type CreateProfileData = {
    body: ProfileInput;
    path?: never;
    query?: never;
    url: '/api/v1/profiles';
};

export type CreateProfileErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type CreateProfileError = CreateProfileErrors[keyof CreateProfileErrors];

export type CreateProfileResponses = {
    /**
     * Default Response
     */
    201: ProfileAdmin;
};

export type CreateProfileResponse = CreateProfileResponses[keyof CreateProfileResponses];

export type DeleteProfileData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        /**
         * What happens where somebody is in: the sessions end, or the removal is refused
         */
        running?: 'end' | 'refuse';
    };
    url: '/api/v1/profiles/{id}';
};

export type DeleteProfileErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type DeleteProfileError = DeleteProfileErrors[keyof DeleteProfileErrors];

export type DeleteProfileResponses = {
    /**
     * Done
     */
    204: void;
};

export type DeleteProfileResponse = DeleteProfileResponses[keyof DeleteProfileResponses];

export type GetProfileData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/profiles/{id}';
};

export type GetProfileErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetProfileError = GetProfileErrors[keyof GetProfileErrors];

export type GetProfileResponses = {
    /**
     * Default Response
     */
    200: ProfileAdmin;
};

export type GetProfileResponse = GetProfileResponses[keyof GetProfileResponses];

export type UpdateProfileData = {
    body: ProfileInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/profiles/{id}';
};

export type UpdateProfileErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type UpdateProfileError = UpdateProfileErrors[keyof UpdateProfileErrors];

export type UpdateProfileResponses = {
    /**
     * Default Response
     */
    200: ProfileAdmin;
};

export type UpdateProfileResponse = UpdateProfileResponses[keyof UpdateProfileResponses];

export type SetProfilePasscodeData = {
    body: SetPasscodeInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/profiles/{id}/passcode';
};

export type SetProfilePasscodeErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SetProfilePasscodeError = SetProfilePasscodeErrors[keyof SetProfilePasscodeErrors];

export type SetProfilePasscodeResponses = {
    /**
     * Done
     */
    204: void;
};

export type SetProfilePasscodeResponse = SetProfilePasscodeResponses[keyof SetProfilePasscodeResponses];

export type AssignProfileDeviceData = {
    body: AssignDeviceInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/profiles/{id}/devices';
};

export type AssignProfileDeviceErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type AssignProfileDeviceError = AssignProfileDeviceErrors[keyof AssignProfileDeviceErrors];

export type AssignProfileDeviceResponses = {
    /**
     * Done
     */
    204: void;
};

export type AssignProfileDeviceResponse = AssignProfileDeviceResponses[keyof AssignProfileDeviceResponses];

export type UnassignProfileDeviceData = {
    body?: never;
    path: {
        /**
         * Lowercase hex SHA-256 of a device certificate
         */
        fp: string;
    };
    query?: never;
    url: '/api/v1/profiles/devices/{fp}';
};

export type UnassignProfileDeviceErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type UnassignProfileDeviceError = UnassignProfileDeviceErrors[keyof UnassignProfileDeviceErrors];

export type UnassignProfileDeviceResponses = {
    /**
     * Done
     */
    204: void;
};

export type UnassignProfileDeviceResponse = UnassignProfileDeviceResponses[keyof UnassignProfileDeviceResponses];

export type SetDefaultProfileData = {
    body: SetDefaultInput;
    path?: never;
    query?: never;
    url: '/api/v1/profiles/default';
};

export type SetDefaultProfileErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SetDefaultProfileError = SetDefaultProfileErrors[keyof SetDefaultProfileErrors];

export type SetDefaultProfileResponses = {
    /**
     * Done
     */
    204: void;
};

export type SetDefaultProfileResponse = SetDefaultProfileResponses[keyof SetDefaultProfileResponses];

export type EnumerateProfilesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Whose roster; the operator must say, a device sees its own in any case
         */
        fingerprint?: string;
    };
    url: '/api/v1/profiles/enumerate';
};

export type EnumerateProfilesErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type EnumerateProfilesError = EnumerateProfilesErrors[keyof EnumerateProfilesErrors];

export type EnumerateProfilesResponses = {
    /**
     * Default Response
     */
    200: Array<ProfilePublic>;
};

export type EnumerateProfilesResponse = EnumerateProfilesResponses[keyof EnumerateProfilesResponses];

export type ListOsAccountsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/os-accounts';
};

export type ListOsAccountsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListOsAccountsError = ListOsAccountsErrors[keyof ListOsAccountsErrors];

export type ListOsAccountsResponses = {
    /**
     * Default Response
     */
    200: Array<OsAccountCandidate>;
};

export type ListOsAccountsResponse = ListOsAccountsResponses[keyof ListOsAccountsResponses];

export type GetLibraryData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/library';
};

export type GetLibraryErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetLibraryError = GetLibraryErrors[keyof GetLibraryErrors];

export type GetLibraryResponses = {
    /**
     * Default Response
     */
    200: Array<GameEntry>;
};

export type GetLibraryResponse = GetLibraryResponses[keyof GetLibraryResponses];

export type ListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/sessions';
};

export type ListSessionsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListSessionsError = ListSessionsErrors[keyof ListSessionsErrors];

export type ListSessionsResponses = {
    /**
     * Default Response
     */
    200: SessionList;
};

export type ListSessionsResponse = ListSessionsResponses[keyof ListSessionsResponses];

export type TerminateSessionData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/sessions/{id}';
};

export type TerminateSessionErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TerminateSessionError = TerminateSessionErrors[keyof TerminateSessionErrors];

export type TerminateSessionResponses = {
    /**
     * Done
     */
    204: void;
};

export type TerminateSessionResponse = TerminateSessionResponses[keyof TerminateSessionResponses];

export type ListAuditData = {
    body?: never;
    path?: never;
    query?: {
        limit?: number;
        /**
         * The `seq` that the page before ended with
         */
        before?: number;
        /**
         * Only this event, or only those of an area: `profile.created`, `profile`
         */
        event?: string;
        /**
         * Only what the operator, the host, a device (`device:` and its fingerprint) or any device did
         */
        principal?: string;
        /**
         * Only what concerns this profile
         */
        profile?: string;
        /**
         * Unix seconds of the oldest entry wanted
         */
        since?: number;
        /**
         * Unix seconds of the newest entry wanted
         */
        until?: number;
    };
    url: '/api/v1/audit';
};

export type ListAuditErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListAuditError = ListAuditErrors[keyof ListAuditErrors];

export type ListAuditResponses = {
    /**
     * Default Response
     */
    200: AuditPage;
};

export type ListAuditResponse = ListAuditResponses[keyof ListAuditResponses];

export type VerifyAuditData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/audit/verify';
};

export type VerifyAuditErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type VerifyAuditError = VerifyAuditErrors[keyof VerifyAuditErrors];

export type VerifyAuditResponses = {
    /**
     * Default Response
     */
    200: AuditVerdict;
};

export type VerifyAuditResponse = VerifyAuditResponses[keyof VerifyAuditResponses];

export type ListUsbDevicesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/devices';
};

export type ListUsbDevicesErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbDevicesError = ListUsbDevicesErrors[keyof ListUsbDevicesErrors];

export type ListUsbDevicesResponses = {
    /**
     * Default Response
     */
    200: UsbDeviceList;
};

export type ListUsbDevicesResponse = ListUsbDevicesResponses[keyof ListUsbDevicesResponses];

export type ListUsbEventsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Only events with a higher `seq`
         */
        since?: number;
        /**
         * At most so many, the newest
         */
        limit?: number;
    };
    url: '/usb/events';
};

export type ListUsbEventsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbEventsError = ListUsbEventsErrors[keyof ListUsbEventsErrors];

export type ListUsbEventsResponses = {
    /**
     * Default Response
     */
    200: UsbEvents;
};

export type ListUsbEventsResponse = ListUsbEventsResponses[keyof ListUsbEventsResponses];

export type GetUsbPassthroughData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/passthrough/status';
};

export type GetUsbPassthroughErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetUsbPassthroughError = GetUsbPassthroughErrors[keyof GetUsbPassthroughErrors];

export type GetUsbPassthroughResponses = {
    /**
     * Default Response
     */
    200: UsbPassthrough;
};

export type GetUsbPassthroughResponse = GetUsbPassthroughResponses[keyof GetUsbPassthroughResponses];

export type SetUsbPassthroughData = {
    body: UsbPassthroughChangeInput;
    path?: never;
    query?: never;
    url: '/usb/passthrough/enable';
};

export type SetUsbPassthroughErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SetUsbPassthroughError = SetUsbPassthroughErrors[keyof SetUsbPassthroughErrors];

export type SetUsbPassthroughResponses = {
    /**
     * Default Response
     */
    200: UsbPassthrough;
};

export type SetUsbPassthroughResponse = SetUsbPassthroughResponses[keyof SetUsbPassthroughResponses];

export type GetUsbAclData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/acl';
};

export type GetUsbAclErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetUsbAclError = GetUsbAclErrors[keyof GetUsbAclErrors];

export type GetUsbAclResponses = {
    /**
     * Default Response
     */
    200: UsbAcl;
};

export type GetUsbAclResponse = GetUsbAclResponses[keyof GetUsbAclResponses];

export type AddUsbAclRuleData = {
    body: UsbAclAdditionInput;
    path?: never;
    query?: never;
    url: '/usb/acl/add';
};

export type AddUsbAclRuleErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type AddUsbAclRuleError = AddUsbAclRuleErrors[keyof AddUsbAclRuleErrors];

export type AddUsbAclRuleResponses = {
    /**
     * Default Response
     */
    200: UsbAclAdded;
};

export type AddUsbAclRuleResponse = AddUsbAclRuleResponses[keyof AddUsbAclRuleResponses];

export type RemoveUsbAclRuleData = {
    body: UsbAclRemovalInput;
    path?: never;
    query?: never;
    url: '/usb/acl/remove';
};

export type RemoveUsbAclRuleErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type RemoveUsbAclRuleError = RemoveUsbAclRuleErrors[keyof RemoveUsbAclRuleErrors];

export type RemoveUsbAclRuleResponses = {
    /**
     * Default Response
     */
    200: UsbAclRemoved;
};

export type RemoveUsbAclRuleResponse = RemoveUsbAclRuleResponses[keyof RemoveUsbAclRuleResponses];

export type SetUsbAclDefaultData = {
    body: UsbAclPolicyInput;
    path?: never;
    query?: never;
    url: '/usb/acl/default';
};

export type SetUsbAclDefaultErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SetUsbAclDefaultError = SetUsbAclDefaultErrors[keyof SetUsbAclDefaultErrors];

export type SetUsbAclDefaultResponses = {
    /**
     * Default Response
     */
    200: UsbAclDefault;
};

export type SetUsbAclDefaultResponse = SetUsbAclDefaultResponses[keyof SetUsbAclDefaultResponses];

export type SignUsbAclData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/acl/sign';
};

export type SignUsbAclErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SignUsbAclError = SignUsbAclErrors[keyof SignUsbAclErrors];

export type SignUsbAclResponses = {
    /**
     * Default Response
     */
    200: UsbAclSigned;
};

export type SignUsbAclResponse = SignUsbAclResponses[keyof SignUsbAclResponses];
