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

export type WindowsCredentialInput = {
    /**
     * `DOMAIN\user`, or `.\user` of the machine itself
     */
    account_name: string;
    password: string;
    /**
     * Wraps the password: without the profile's passcode nobody reads it
     */
    passcode?: string | null;
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

export type UsbUnitInput = {
    /**
     * Four hex digits
     */
    vendor_id: string;
    /**
     * Four hex digits
     */
    product_id: string;
    serial?: string | null;
};

export type UsbControlTransferInput = {
    /**
     * Bit 7: read
     */
    bm_request_type: number;
    b_request: number;
    w_value?: number;
    w_index?: number;
    /**
     * How much is read
     */
    length?: number;
    /**
     * Base64; what is written
     */
    data?: string;
    timeout_ms?: number;
};

export type UsbEndpointTransferInput = {
    /**
     * The address, with bit 7 for reading
     */
    endpoint: number;
    /**
     * How much is read
     */
    length?: number;
    /**
     * Base64; what is written
     */
    data?: string;
    timeout_ms?: number;
};

/**
 * AutoControl's action file: `[[name, {parameters}], …]`, bare or under `auto_control`
 */
export type ActionFileInput = Array<[
    string
] | [
    string,
    {
        [key: string]: unknown;
    } | Array<unknown>
]> | {
    auto_control: Array<[
        string
    ] | [
        string,
        {
            [key: string]: unknown;
        } | Array<unknown>
    ]>;
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

export type UsbPromptAnswerInput = {
    allow: boolean;
    /**
     * Makes a rule of the answer, in place of the one that asked
     */
    remember?: boolean;
};

export type UsbRemoteAddressInput = {
    /**
     * `https://192.168.1.5:9939/`, or only the name or address
     */
    address: string;
};

export type UsbRemoteConnectionInput = {
    /**
     * `https://192.168.1.5:9939/`, or only the name or address
     */
    address: string;
    /**
     * SHA-256 of the HTTPS certificate, hex; colons, spaces and capitals are read too
     */
    fingerprint: string;
    /**
     * The other host's bearer token; kept in memory until the connection ends
     */
    token: string;
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
    /**
     * Another one with every change; quoted, it is the ETag, and what If-Match wants
     */
    revision: string;
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
    /**
     * Whether root lets it be opened; absent while no broker answers
     */
    eligible?: boolean;
    /**
     * The command that makes it eligible
     */
    remedy?: string;
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
    /**
     * What lending it may do to its owner, as far as that can be told without opening it
     */
    risks: Array<'keyboard' | 'mouse' | 'input-device' | 'storage' | 'audio' | 'video' | 'smart-card' | 'security-key' | 'wireless' | 'unreadable-descriptors'>;
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
    /**
     * The command for the host that mends it; absent where the rules must be looked at and signed
     */
    mend?: string;
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

export type UsbBorrowableDevice = {
    vendor_id: string;
    product_id: string;
    serial: string | null;
    bus_location: string | null;
};

export type UsbBorrowableDevices = {
    devices: Array<UsbBorrowableDevice>;
};

export type UsbProbe = {
    ok: true;
    vendor_id: string;
    product_id: string;
    /**
     * The 18 bytes of the device descriptor
     */
    descriptor_hex: string;
    /**
     * The same in one line
     */
    descriptor: string;
};

export type UsbHandle = {
    /**
     * A device that the API holds open; given back where nothing is asked of it for five minutes
     */
    handle: string;
    vendor_id: string;
    product_id: string;
    /**
     * As it was asked for
     */
    serial: string | null;
    opened_unix: number;
};

export type UsbHandles = {
    handles: Array<UsbHandle>;
};

export type UsbTransferred = {
    /**
     * Base64; what was read
     */
    data: string;
};

export type UsbDescriptors = {
    device_hex: string;
    /**
     * The active configuration with everything behind it
     */
    configuration_hex: string;
    /**
     * Those that the descriptors name
     */
    strings: Array<{
        index: number;
        text: string;
    }>;
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

export type ActionRun = {
    /**
     * Every action did what it should
     */
    ok: boolean;
    results: Array<{
        action: string;
        ok: boolean;
        result?: unknown;
        error?: {
            code: string;
            message: string;
            retrySeconds?: number;
        };
    }>;
    /**
     * AutoControl's own form: `execute: [action]` → result, or why not
     */
    record: {
        [key: string]: unknown;
    };
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

export type UsbPrompt = {
    id: string;
    vendor_id: string;
    product_id: string;
    serial: string | null;
    manufacturer: string | null;
    product: string | null;
    bus_location: string;
    /**
     * What lending this kind of device may do to its owner
     */
    risks: Array<'keyboard' | 'mouse' | 'input-device' | 'storage' | 'audio' | 'video' | 'smart-card' | 'security-key' | 'wireless' | 'unreadable-descriptors'>;
    /**
     * Of the rule that asks; empty where it has none, or where the kind of device asks
     */
    label: string;
    /**
     * Fingerprint of the viewer's device, or `loopback` for this API
     */
    viewer: string;
    viewer_name: string;
    /**
     * `operator`, or the id of a profile
     */
    profile: string;
    profile_name: string;
    since_unix: number;
    /**
     * Unanswered, the device is denied then
     */
    expires_unix: number;
};

export type UsbPrompts = {
    prompts: Array<UsbPrompt>;
};

export type UsbClaimStatistics = {
    claim: number;
    /**
     * Fingerprint of the viewer's device, or `loopback` for this API
     */
    viewer: string;
    viewer_name: string;
    profile: string | null;
    /**
     * Empty, and the profile null, while the viewer is away
     */
    profile_name: string;
    vendor_id: string;
    product_id: string;
    serial: string | null;
    product: string | null;
    bus_location: string;
    /**
     * False: the viewer is away, and may come back for it
     */
    held: boolean;
    protocol: 'base' | 'v2';
    open_ms: number;
    transfers: number;
    errors: number;
    in_flight: number;
    /**
     * Read from the device
     */
    bytes_in: number;
    /**
     * Written to it
     */
    bytes_out: number;
    /**
     * Bytes a second, since the statistics were asked for before
     */
    bytes_in_per_second: number;
    /**
     * Bytes a second, since the statistics were asked for before
     */
    bytes_out_per_second: number;
};

export type UsbViewerStatistics = {
    /**
     * Fingerprint of the viewer's device, or `loopback` for this API
     */
    viewer: string;
    viewer_name: string;
    /**
     * `operator`, or the id of a profile
     */
    profile: string;
    profile_name: string;
    /**
     * Frames on the channel, everything included
     */
    bytes_from_viewer: number;
    bytes_to_viewer: number;
    /**
     * Answers that the viewer has not taken yet
     */
    waiting_frames: number;
    /**
     * Round trip of the viewer's session; absent until measured
     */
    rtt_ms?: number;
    /**
     * Share of packets that the viewer missed last
     */
    loss?: number;
};

export type UsbStatistics = {
    claims: Array<UsbClaimStatistics>;
    viewers: Array<UsbViewerStatistics>;
    /**
     * Questions that are open
     */
    prompts: number;
};

export type UsbRemoteCertificate = {
    address: string;
    /**
     * Compare it with the one that the other host shows
     */
    fingerprint: string;
};

export type UsbRemoteHost = {
    id: string;
    address: string;
    fingerprint: string;
    name: string;
    version: string;
    connected_unix: number;
};

export type UsbRemoteHosts = {
    hosts: Array<UsbRemoteHost>;
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
    headers?: {
        /**
         * Only if the profile is still what was read: its ETag. Else profile.changed, and nothing has changed
         */
        'if-match'?: string;
    };
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

export type ClearWindowsCredentialData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/profiles/{id}/windows-credential';
};

export type ClearWindowsCredentialErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ClearWindowsCredentialError = ClearWindowsCredentialErrors[keyof ClearWindowsCredentialErrors];

export type ClearWindowsCredentialResponses = {
    /**
     * Done
     */
    204: void;
};

export type ClearWindowsCredentialResponse = ClearWindowsCredentialResponses[keyof ClearWindowsCredentialResponses];

export type SetWindowsCredentialData = {
    body: WindowsCredentialInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/profiles/{id}/windows-credential';
};

export type SetWindowsCredentialErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SetWindowsCredentialError = SetWindowsCredentialErrors[keyof SetWindowsCredentialErrors];

export type SetWindowsCredentialResponses = {
    /**
     * Done
     */
    204: void;
};

export type SetWindowsCredentialResponse = SetWindowsCredentialResponses[keyof SetWindowsCredentialResponses];

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

export type ListUsbLoopbackData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/loopback/devices';
};

export type ListUsbLoopbackErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbLoopbackError = ListUsbLoopbackErrors[keyof ListUsbLoopbackErrors];

export type ListUsbLoopbackResponses = {
    /**
     * Default Response
     */
    200: UsbBorrowableDevices;
};

export type ListUsbLoopbackResponse = ListUsbLoopbackResponses[keyof ListUsbLoopbackResponses];

export type ProbeUsbLoopbackData = {
    body: UsbUnitInput;
    path?: never;
    query?: never;
    url: '/usb/loopback/open';
};

export type ProbeUsbLoopbackErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ProbeUsbLoopbackError = ProbeUsbLoopbackErrors[keyof ProbeUsbLoopbackErrors];

export type ProbeUsbLoopbackResponses = {
    /**
     * Default Response
     */
    200: UsbProbe;
};

export type ProbeUsbLoopbackResponse = ProbeUsbLoopbackResponses[keyof ProbeUsbLoopbackResponses];

export type ListUsbRemoteData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/remote/devices';
};

export type ListUsbRemoteErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbRemoteError = ListUsbRemoteErrors[keyof ListUsbRemoteErrors];

export type ListUsbRemoteResponses = {
    /**
     * Default Response
     */
    200: UsbBorrowableDevices;
};

export type ListUsbRemoteResponse = ListUsbRemoteResponses[keyof ListUsbRemoteResponses];

export type ProbeUsbRemoteData = {
    body: UsbUnitInput;
    path?: never;
    query?: never;
    url: '/usb/remote/open';
};

export type ProbeUsbRemoteErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ProbeUsbRemoteError = ProbeUsbRemoteErrors[keyof ProbeUsbRemoteErrors];

export type ProbeUsbRemoteResponses = {
    /**
     * Default Response
     */
    200: UsbProbe;
};

export type ProbeUsbRemoteResponse = ProbeUsbRemoteResponses[keyof ProbeUsbRemoteResponses];

export type RunActionsData = {
    body: ActionFileInput;
    path?: never;
    query?: {
        /**
         * Where relative paths begin; only over the local socket
         */
        directory?: string;
    };
    url: '/api/v1/actions/run';
};

export type RunActionsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type RunActionsError = RunActionsErrors[keyof RunActionsErrors];

export type RunActionsResponses = {
    /**
     * Default Response
     */
    200: ActionRun;
};

export type RunActionsResponse = RunActionsResponses[keyof RunActionsResponses];

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

export type SetUsbAclRuleData = {
    body: UsbAclAdditionInput;
    path?: never;
    query?: never;
    url: '/usb/acl/set';
};

export type SetUsbAclRuleErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type SetUsbAclRuleError = SetUsbAclRuleErrors[keyof SetUsbAclRuleErrors];

export type SetUsbAclRuleResponses = {
    /**
     * Default Response
     */
    200: UsbAclAdded;
};

export type SetUsbAclRuleResponse = SetUsbAclRuleResponses[keyof SetUsbAclRuleResponses];

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

export type ListUsbPromptsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/prompts';
};

export type ListUsbPromptsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbPromptsError = ListUsbPromptsErrors[keyof ListUsbPromptsErrors];

export type ListUsbPromptsResponses = {
    /**
     * Default Response
     */
    200: UsbPrompts;
};

export type ListUsbPromptsResponse = ListUsbPromptsResponses[keyof ListUsbPromptsResponses];

export type AnswerUsbPromptData = {
    body: UsbPromptAnswerInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/usb/prompts/{id}';
};

export type AnswerUsbPromptErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type AnswerUsbPromptError = AnswerUsbPromptErrors[keyof AnswerUsbPromptErrors];

export type AnswerUsbPromptResponses = {
    /**
     * Done
     */
    204: void;
};

export type AnswerUsbPromptResponse = AnswerUsbPromptResponses[keyof AnswerUsbPromptResponses];

export type GetUsbStatisticsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/statistics';
};

export type GetUsbStatisticsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetUsbStatisticsError = GetUsbStatisticsErrors[keyof GetUsbStatisticsErrors];

export type GetUsbStatisticsResponses = {
    /**
     * Default Response
     */
    200: UsbStatistics;
};

export type GetUsbStatisticsResponse = GetUsbStatisticsResponses[keyof GetUsbStatisticsResponses];

export type EndUsbClaimData = {
    body?: never;
    path: {
        claim: number;
    };
    query?: never;
    url: '/usb/claims/{claim}';
};

export type EndUsbClaimErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type EndUsbClaimError = EndUsbClaimErrors[keyof EndUsbClaimErrors];

export type EndUsbClaimResponses = {
    /**
     * Done
     */
    204: void;
};

export type EndUsbClaimResponse = EndUsbClaimResponses[keyof EndUsbClaimResponses];

export type ListUsbLoopbackHandlesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/loopback/handles';
};

export type ListUsbLoopbackHandlesErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbLoopbackHandlesError = ListUsbLoopbackHandlesErrors[keyof ListUsbLoopbackHandlesErrors];

export type ListUsbLoopbackHandlesResponses = {
    /**
     * Default Response
     */
    200: UsbHandles;
};

export type ListUsbLoopbackHandlesResponse = ListUsbLoopbackHandlesResponses[keyof ListUsbLoopbackHandlesResponses];

export type OpenUsbLoopbackData = {
    body: UsbUnitInput;
    path?: never;
    query?: never;
    url: '/usb/loopback/handles';
};

export type OpenUsbLoopbackErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type OpenUsbLoopbackError = OpenUsbLoopbackErrors[keyof OpenUsbLoopbackErrors];

export type OpenUsbLoopbackResponses = {
    /**
     * Default Response
     */
    201: UsbHandle;
};

export type OpenUsbLoopbackResponse = OpenUsbLoopbackResponses[keyof OpenUsbLoopbackResponses];

export type ReadUsbLoopbackDescriptorsData = {
    body?: never;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/loopback/handles/{handle}/descriptors';
};

export type ReadUsbLoopbackDescriptorsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ReadUsbLoopbackDescriptorsError = ReadUsbLoopbackDescriptorsErrors[keyof ReadUsbLoopbackDescriptorsErrors];

export type ReadUsbLoopbackDescriptorsResponses = {
    /**
     * Default Response
     */
    200: UsbDescriptors;
};

export type ReadUsbLoopbackDescriptorsResponse = ReadUsbLoopbackDescriptorsResponses[keyof ReadUsbLoopbackDescriptorsResponses];

export type TransferUsbLoopbackControlData = {
    body: UsbControlTransferInput;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/loopback/handles/{handle}/control';
};

export type TransferUsbLoopbackControlErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TransferUsbLoopbackControlError = TransferUsbLoopbackControlErrors[keyof TransferUsbLoopbackControlErrors];

export type TransferUsbLoopbackControlResponses = {
    /**
     * Default Response
     */
    200: UsbTransferred;
};

export type TransferUsbLoopbackControlResponse = TransferUsbLoopbackControlResponses[keyof TransferUsbLoopbackControlResponses];

export type TransferUsbLoopbackBulkData = {
    body: UsbEndpointTransferInput;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/loopback/handles/{handle}/bulk';
};

export type TransferUsbLoopbackBulkErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TransferUsbLoopbackBulkError = TransferUsbLoopbackBulkErrors[keyof TransferUsbLoopbackBulkErrors];

export type TransferUsbLoopbackBulkResponses = {
    /**
     * Default Response
     */
    200: UsbTransferred;
};

export type TransferUsbLoopbackBulkResponse = TransferUsbLoopbackBulkResponses[keyof TransferUsbLoopbackBulkResponses];

export type TransferUsbLoopbackInterruptData = {
    body: UsbEndpointTransferInput;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/loopback/handles/{handle}/interrupt';
};

export type TransferUsbLoopbackInterruptErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TransferUsbLoopbackInterruptError = TransferUsbLoopbackInterruptErrors[keyof TransferUsbLoopbackInterruptErrors];

export type TransferUsbLoopbackInterruptResponses = {
    /**
     * Default Response
     */
    200: UsbTransferred;
};

export type TransferUsbLoopbackInterruptResponse = TransferUsbLoopbackInterruptResponses[keyof TransferUsbLoopbackInterruptResponses];

export type CloseUsbLoopbackData = {
    body?: never;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/loopback/handles/{handle}';
};

export type CloseUsbLoopbackErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type CloseUsbLoopbackError = CloseUsbLoopbackErrors[keyof CloseUsbLoopbackErrors];

export type CloseUsbLoopbackResponses = {
    /**
     * Done
     */
    204: void;
};

export type CloseUsbLoopbackResponse = CloseUsbLoopbackResponses[keyof CloseUsbLoopbackResponses];

export type GetUsbRemoteCertificateData = {
    body: UsbRemoteAddressInput;
    path?: never;
    query?: never;
    url: '/usb/remote/certificate';
};

export type GetUsbRemoteCertificateErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type GetUsbRemoteCertificateError = GetUsbRemoteCertificateErrors[keyof GetUsbRemoteCertificateErrors];

export type GetUsbRemoteCertificateResponses = {
    /**
     * Default Response
     */
    200: UsbRemoteCertificate;
};

export type GetUsbRemoteCertificateResponse = GetUsbRemoteCertificateResponses[keyof GetUsbRemoteCertificateResponses];

export type ListUsbRemoteHostsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/remote/hosts';
};

export type ListUsbRemoteHostsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbRemoteHostsError = ListUsbRemoteHostsErrors[keyof ListUsbRemoteHostsErrors];

export type ListUsbRemoteHostsResponses = {
    /**
     * Default Response
     */
    200: UsbRemoteHosts;
};

export type ListUsbRemoteHostsResponse = ListUsbRemoteHostsResponses[keyof ListUsbRemoteHostsResponses];

export type ConnectUsbRemoteData = {
    body: UsbRemoteConnectionInput;
    path?: never;
    query?: never;
    url: '/usb/remote/hosts';
};

export type ConnectUsbRemoteErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ConnectUsbRemoteError = ConnectUsbRemoteErrors[keyof ConnectUsbRemoteErrors];

export type ConnectUsbRemoteResponses = {
    /**
     * Default Response
     */
    201: UsbRemoteHost;
};

export type ConnectUsbRemoteResponse = ConnectUsbRemoteResponses[keyof ConnectUsbRemoteResponses];

export type DisconnectUsbRemoteData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/usb/remote/hosts/{id}';
};

export type DisconnectUsbRemoteErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type DisconnectUsbRemoteError = DisconnectUsbRemoteErrors[keyof DisconnectUsbRemoteErrors];

export type DisconnectUsbRemoteResponses = {
    /**
     * Done
     */
    204: void;
};

export type DisconnectUsbRemoteResponse = DisconnectUsbRemoteResponses[keyof DisconnectUsbRemoteResponses];

export type ListUsbRemoteDevicesData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/usb/remote/hosts/{id}/devices';
};

export type ListUsbRemoteDevicesErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbRemoteDevicesError = ListUsbRemoteDevicesErrors[keyof ListUsbRemoteDevicesErrors];

export type ListUsbRemoteDevicesResponses = {
    /**
     * Default Response
     */
    200: UsbBorrowableDevices;
};

export type ListUsbRemoteDevicesResponse = ListUsbRemoteDevicesResponses[keyof ListUsbRemoteDevicesResponses];

export type ProbeUsbRemoteDeviceData = {
    body: UsbUnitInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/usb/remote/hosts/{id}/open';
};

export type ProbeUsbRemoteDeviceErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ProbeUsbRemoteDeviceError = ProbeUsbRemoteDeviceErrors[keyof ProbeUsbRemoteDeviceErrors];

export type ProbeUsbRemoteDeviceResponses = {
    /**
     * Default Response
     */
    200: UsbProbe;
};

export type ProbeUsbRemoteDeviceResponse = ProbeUsbRemoteDeviceResponses[keyof ProbeUsbRemoteDeviceResponses];

export type OpenUsbRemoteData = {
    body: UsbUnitInput;
    path: {
        id: string;
    };
    query?: never;
    url: '/usb/remote/hosts/{id}/handles';
};

export type OpenUsbRemoteErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type OpenUsbRemoteError = OpenUsbRemoteErrors[keyof OpenUsbRemoteErrors];

export type OpenUsbRemoteResponses = {
    /**
     * Default Response
     */
    201: UsbHandle;
};

export type OpenUsbRemoteResponse = OpenUsbRemoteResponses[keyof OpenUsbRemoteResponses];

export type ListUsbRemoteHandlesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/usb/remote/handles';
};

export type ListUsbRemoteHandlesErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ListUsbRemoteHandlesError = ListUsbRemoteHandlesErrors[keyof ListUsbRemoteHandlesErrors];

export type ListUsbRemoteHandlesResponses = {
    /**
     * Default Response
     */
    200: UsbHandles;
};

export type ListUsbRemoteHandlesResponse = ListUsbRemoteHandlesResponses[keyof ListUsbRemoteHandlesResponses];

export type ReadUsbRemoteDescriptorsData = {
    body?: never;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/remote/handles/{handle}/descriptors';
};

export type ReadUsbRemoteDescriptorsErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type ReadUsbRemoteDescriptorsError = ReadUsbRemoteDescriptorsErrors[keyof ReadUsbRemoteDescriptorsErrors];

export type ReadUsbRemoteDescriptorsResponses = {
    /**
     * Default Response
     */
    200: UsbDescriptors;
};

export type ReadUsbRemoteDescriptorsResponse = ReadUsbRemoteDescriptorsResponses[keyof ReadUsbRemoteDescriptorsResponses];

export type TransferUsbRemoteControlData = {
    body: UsbControlTransferInput;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/remote/handles/{handle}/control';
};

export type TransferUsbRemoteControlErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TransferUsbRemoteControlError = TransferUsbRemoteControlErrors[keyof TransferUsbRemoteControlErrors];

export type TransferUsbRemoteControlResponses = {
    /**
     * Default Response
     */
    200: UsbTransferred;
};

export type TransferUsbRemoteControlResponse = TransferUsbRemoteControlResponses[keyof TransferUsbRemoteControlResponses];

export type TransferUsbRemoteBulkData = {
    body: UsbEndpointTransferInput;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/remote/handles/{handle}/bulk';
};

export type TransferUsbRemoteBulkErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TransferUsbRemoteBulkError = TransferUsbRemoteBulkErrors[keyof TransferUsbRemoteBulkErrors];

export type TransferUsbRemoteBulkResponses = {
    /**
     * Default Response
     */
    200: UsbTransferred;
};

export type TransferUsbRemoteBulkResponse = TransferUsbRemoteBulkResponses[keyof TransferUsbRemoteBulkResponses];

export type TransferUsbRemoteInterruptData = {
    body: UsbEndpointTransferInput;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/remote/handles/{handle}/interrupt';
};

export type TransferUsbRemoteInterruptErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type TransferUsbRemoteInterruptError = TransferUsbRemoteInterruptErrors[keyof TransferUsbRemoteInterruptErrors];

export type TransferUsbRemoteInterruptResponses = {
    /**
     * Default Response
     */
    200: UsbTransferred;
};

export type TransferUsbRemoteInterruptResponse = TransferUsbRemoteInterruptResponses[keyof TransferUsbRemoteInterruptResponses];

export type CloseUsbRemoteData = {
    body?: never;
    path: {
        /**
         * A device that the API holds open; given back where nothing is asked of it for five minutes
         */
        handle: string;
    };
    query?: never;
    url: '/usb/remote/handles/{handle}';
};

export type CloseUsbRemoteErrors = {
    /**
     * Refused or failed
     */
    default: Problem;
};

export type CloseUsbRemoteError = CloseUsbRemoteErrors[keyof CloseUsbRemoteErrors];

export type CloseUsbRemoteResponses = {
    /**
     * Done
     */
    204: void;
};

export type CloseUsbRemoteResponse = CloseUsbRemoteResponses[keyof CloseUsbRemoteResponses];
