// @ts-nocheck
// Generated from docs/openapi.json; do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type LoginInput = {
    token: string;
};

export type ApprovalInput = {
    name?: string;
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
