// @ts-nocheck
// Generated from docs/openapi.json; do not edit.

import { client } from './client.gen.ts';
import type { Client, Options as Options2, TDataShape } from './client/index.ts';
import type { AddUsbAclRuleData, AddUsbAclRuleErrors, AddUsbAclRuleResponses, AnswerUsbPromptData, AnswerUsbPromptErrors, AnswerUsbPromptResponses, ApprovePendingData, ApprovePendingErrors, ApprovePendingResponses, ArmPairingData, ArmPairingErrors, ArmPairingResponses, AssignProfileDeviceData, AssignProfileDeviceErrors, AssignProfileDeviceResponses, ChallengeDeviceData, ChallengeDeviceErrors, ChallengeDeviceResponses, ClearWindowsCredentialData, ClearWindowsCredentialErrors, ClearWindowsCredentialResponses, CloseUsbLoopbackData, CloseUsbLoopbackErrors, CloseUsbLoopbackResponses, CloseUsbRemoteData, CloseUsbRemoteErrors, CloseUsbRemoteResponses, ConnectUsbRemoteData, ConnectUsbRemoteErrors, ConnectUsbRemoteResponses, ConsoleLoginData, ConsoleLoginErrors, ConsoleLoginResponses, ConsoleLogoutData, ConsoleLogoutErrors, ConsoleLogoutResponses, CreateProfileData, CreateProfileErrors, CreateProfileResponses, DeleteProfileData, DeleteProfileErrors, DeleteProfileResponses, DenyPendingData, DenyPendingErrors, DenyPendingResponses, DisarmPairingData, DisarmPairingErrors, DisarmPairingResponses, DisconnectUsbRemoteData, DisconnectUsbRemoteErrors, DisconnectUsbRemoteResponses, EndUsbClaimData, EndUsbClaimErrors, EndUsbClaimResponses, EnumerateProfilesData, EnumerateProfilesErrors, EnumerateProfilesResponses, GetConsoleSessionData, GetConsoleSessionErrors, GetConsoleSessionResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetHostData, GetHostErrors, GetHostResponses, GetLibraryData, GetLibraryErrors, GetLibraryResponses, GetPairingData, GetPairingErrors, GetPairingResponses, GetProfileData, GetProfileErrors, GetProfileResponses, GetUsbAclData, GetUsbAclErrors, GetUsbAclResponses, GetUsbPassthroughData, GetUsbPassthroughErrors, GetUsbPassthroughResponses, GetUsbRemoteCertificateData, GetUsbRemoteCertificateErrors, GetUsbRemoteCertificateResponses, GetUsbStatisticsData, GetUsbStatisticsErrors, GetUsbStatisticsResponses, ListAuditData, ListAuditErrors, ListAuditResponses, ListClientsData, ListClientsErrors, ListClientsResponses, ListOsAccountsData, ListOsAccountsErrors, ListOsAccountsResponses, ListPendingData, ListPendingErrors, ListPendingResponses, ListProfilesData, ListProfilesErrors, ListProfilesResponses, ListSessionsData, ListSessionsErrors, ListSessionsResponses, ListUsbDevicesData, ListUsbDevicesErrors, ListUsbDevicesResponses, ListUsbEventsData, ListUsbEventsErrors, ListUsbEventsResponses, ListUsbLoopbackData, ListUsbLoopbackErrors, ListUsbLoopbackHandlesData, ListUsbLoopbackHandlesErrors, ListUsbLoopbackHandlesResponses, ListUsbLoopbackResponses, ListUsbPromptsData, ListUsbPromptsErrors, ListUsbPromptsResponses, ListUsbRemoteData, ListUsbRemoteDevicesData, ListUsbRemoteDevicesErrors, ListUsbRemoteDevicesResponses, ListUsbRemoteErrors, ListUsbRemoteHandlesData, ListUsbRemoteHandlesErrors, ListUsbRemoteHandlesResponses, ListUsbRemoteHostsData, ListUsbRemoteHostsErrors, ListUsbRemoteHostsResponses, ListUsbRemoteResponses, OpenDeviceTokenData, OpenDeviceTokenErrors, OpenDeviceTokenResponses, OpenUsbLoopbackData, OpenUsbLoopbackErrors, OpenUsbLoopbackResponses, OpenUsbRemoteData, OpenUsbRemoteErrors, OpenUsbRemoteResponses, ProbeUsbLoopbackData, ProbeUsbLoopbackErrors, ProbeUsbLoopbackResponses, ProbeUsbRemoteData, ProbeUsbRemoteDeviceData, ProbeUsbRemoteDeviceErrors, ProbeUsbRemoteDeviceResponses, ProbeUsbRemoteErrors, ProbeUsbRemoteResponses, ReadUsbLoopbackDescriptorsData, ReadUsbLoopbackDescriptorsErrors, ReadUsbLoopbackDescriptorsResponses, ReadUsbRemoteDescriptorsData, ReadUsbRemoteDescriptorsErrors, ReadUsbRemoteDescriptorsResponses, RemoveClientData, RemoveClientErrors, RemoveClientResponses, RemoveUsbAclRuleData, RemoveUsbAclRuleErrors, RemoveUsbAclRuleResponses, RunActionsData, RunActionsErrors, RunActionsResponses, SetDefaultProfileData, SetDefaultProfileErrors, SetDefaultProfileResponses, SetProfilePasscodeData, SetProfilePasscodeErrors, SetProfilePasscodeResponses, SetUsbAclDefaultData, SetUsbAclDefaultErrors, SetUsbAclDefaultResponses, SetUsbAclRuleData, SetUsbAclRuleErrors, SetUsbAclRuleResponses, SetUsbPassthroughData, SetUsbPassthroughErrors, SetUsbPassthroughResponses, SetWindowsCredentialData, SetWindowsCredentialErrors, SetWindowsCredentialResponses, SignUsbAclData, SignUsbAclErrors, SignUsbAclResponses, TerminateSessionData, TerminateSessionErrors, TerminateSessionResponses, TransferUsbLoopbackBulkData, TransferUsbLoopbackBulkErrors, TransferUsbLoopbackBulkResponses, TransferUsbLoopbackControlData, TransferUsbLoopbackControlErrors, TransferUsbLoopbackControlResponses, TransferUsbLoopbackInterruptData, TransferUsbLoopbackInterruptErrors, TransferUsbLoopbackInterruptResponses, TransferUsbRemoteBulkData, TransferUsbRemoteBulkErrors, TransferUsbRemoteBulkResponses, TransferUsbRemoteControlData, TransferUsbRemoteControlErrors, TransferUsbRemoteControlResponses, TransferUsbRemoteInterruptData, TransferUsbRemoteInterruptErrors, TransferUsbRemoteInterruptResponses, UnassignProfileDeviceData, UnassignProfileDeviceErrors, UnassignProfileDeviceResponses, UpdateProfileData, UpdateProfileErrors, UpdateProfileResponses, VerifyAuditData, VerifyAuditErrors, VerifyAuditResponses } from './types.gen.ts';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

/**
 * Whether the host answers
 */
export const getHealth = <ThrowOnError extends boolean = false>(options?: Options<GetHealthData, ThrowOnError>) => (options?.client ?? client).get<GetHealthResponses, GetHealthErrors, ThrowOnError>({ url: '/healthz', ...options });

/**
 * Trade the bearer token for the console's cookie
 */
export const consoleLogin = <ThrowOnError extends boolean = false>(options: Options<ConsoleLoginData, ThrowOnError>) => (options.client ?? client).post<ConsoleLoginResponses, ConsoleLoginErrors, ThrowOnError>({
    url: '/api/v1/console/login',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Sign this browser out
 */
export const consoleLogout = <ThrowOnError extends boolean = false>(options?: Options<ConsoleLogoutData, ThrowOnError>) => (options?.client ?? client).post<ConsoleLogoutResponses, ConsoleLogoutErrors, ThrowOnError>({ url: '/api/v1/console/logout', ...options });

/**
 * Whether this browser is signed in
 */
export const getConsoleSession = <ThrowOnError extends boolean = false>(options?: Options<GetConsoleSessionData, ThrowOnError>) => (options?.client ?? client).get<GetConsoleSessionResponses, GetConsoleSessionErrors, ThrowOnError>({ url: '/api/v1/console/session', ...options });

/**
 * A nonce for a device to sign
 */
export const challengeDevice = <ThrowOnError extends boolean = false>(options?: Options<ChallengeDeviceData, ThrowOnError>) => (options?.client ?? client).post<ChallengeDeviceResponses, ChallengeDeviceErrors, ThrowOnError>({ url: '/api/v1/auth/device/challenge', ...options });

/**
 * Trade a signed nonce for a paired device's token
 */
export const openDeviceToken = <ThrowOnError extends boolean = false>(options: Options<OpenDeviceTokenData, ThrowOnError>) => (options.client ?? client).post<OpenDeviceTokenResponses, OpenDeviceTokenErrors, ThrowOnError>({
    url: '/api/v1/auth/device/token',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * The host at a glance
 */
export const getHost = <ThrowOnError extends boolean = false>(options?: Options<GetHostData, ThrowOnError>) => (options?.client ?? client).get<GetHostResponses, GetHostErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/host',
    ...options
});

/**
 * Take the PIN back
 */
export const disarmPairing = <ThrowOnError extends boolean = false>(options?: Options<DisarmPairingData, ThrowOnError>) => (options?.client ?? client).delete<DisarmPairingResponses, DisarmPairingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/pair',
    ...options
});

/**
 * Whether a PIN is armed; never the PIN
 */
export const getPairing = <ThrowOnError extends boolean = false>(options?: Options<GetPairingData, ThrowOnError>) => (options?.client ?? client).get<GetPairingResponses, GetPairingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/pair',
    ...options
});

/**
 * Make a PIN: two minutes, one guess
 */
export const armPairing = <ThrowOnError extends boolean = false>(options?: Options<ArmPairingData, ThrowOnError>) => (options?.client ?? client).post<ArmPairingResponses, ArmPairingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/pair/arm',
    ...options
});

/**
 * The paired devices
 */
export const listClients = <ThrowOnError extends boolean = false>(options?: Options<ListClientsData, ThrowOnError>) => (options?.client ?? client).get<ListClientsResponses, ListClientsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/clients',
    ...options
});

/**
 * Un-pair a device; its connections end at once
 */
export const removeClient = <ThrowOnError extends boolean = false>(options: Options<RemoveClientData, ThrowOnError>) => (options.client ?? client).delete<RemoveClientResponses, RemoveClientErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/clients/{fp}',
    ...options
});

/**
 * Devices that wait for the operator's word
 */
export const listPending = <ThrowOnError extends boolean = false>(options?: Options<ListPendingData, ThrowOnError>) => (options?.client ?? client).get<ListPendingResponses, ListPendingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/pending',
    ...options
});

/**
 * Let a waiting device in, under another name and into a profile if they are given; all of it or nothing
 */
export const approvePending = <ThrowOnError extends boolean = false>(options: Options<ApprovePendingData, ThrowOnError>) => (options.client ?? client).post<ApprovePendingResponses, ApprovePendingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/pending/{id}/approve',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Turn a waiting device away
 */
export const denyPending = <ThrowOnError extends boolean = false>(options: Options<DenyPendingData, ThrowOnError>) => (options.client ?? client).post<DenyPendingResponses, DenyPendingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/native/pending/{id}/deny',
    ...options
});

/**
 * The profiles
 */
export const listProfiles = <ThrowOnError extends boolean = false>(options?: Options<ListProfilesData, ThrowOnError>) => (options?.client ?? client).get<ListProfilesResponses, ListProfilesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles',
    ...options
});

/**
 * Make a profile
 */
export const createProfile = <ThrowOnError extends boolean = false>(options: Options<CreateProfileData, ThrowOnError>) => (options.client ?? client).post<CreateProfileResponses, CreateProfileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Remove a profile with its passcode, its devices and its place as the default
 */
export const deleteProfile = <ThrowOnError extends boolean = false>(options: Options<DeleteProfileData, ThrowOnError>) => (options.client ?? client).delete<DeleteProfileResponses, DeleteProfileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}',
    ...options
});

/**
 * One profile
 */
export const getProfile = <ThrowOnError extends boolean = false>(options: Options<GetProfileData, ThrowOnError>) => (options.client ?? client).get<GetProfileResponses, GetProfileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}',
    ...options
});

/**
 * Replace what a profile says; id, passcode and date of making stay
 */
export const updateProfile = <ThrowOnError extends boolean = false>(options: Options<UpdateProfileData, ThrowOnError>) => (options.client ?? client).put<UpdateProfileResponses, UpdateProfileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Set a passcode of 4 to 64 characters, or clear it; failed attempts are forgotten
 */
export const setProfilePasscode = <ThrowOnError extends boolean = false>(options: Options<SetProfilePasscodeData, ThrowOnError>) => (options.client ?? client).post<SetProfilePasscodeResponses, SetProfilePasscodeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}/passcode',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Forget that password; only a host on Windows has one
 */
export const clearWindowsCredential = <ThrowOnError extends boolean = false>(options: Options<ClearWindowsCredentialData, ThrowOnError>) => (options.client ?? client).delete<ClearWindowsCredentialResponses, ClearWindowsCredentialErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}/windows-credential',
    ...options
});

/**
 * Keep the Windows password of a profile's account; only a host on Windows does, any other refuses with profile.needs-windows
 */
export const setWindowsCredential = <ThrowOnError extends boolean = false>(options: Options<SetWindowsCredentialData, ThrowOnError>) => (options.client ?? client).post<SetWindowsCredentialResponses, SetWindowsCredentialErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}/windows-credential',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Assign a device, and take it from any other profile; it need not be paired yet
 */
export const assignProfileDevice = <ThrowOnError extends boolean = false>(options: Options<AssignProfileDeviceData, ThrowOnError>) => (options.client ?? client).post<AssignProfileDeviceResponses, AssignProfileDeviceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{id}/devices',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Take a device from its profile
 */
export const unassignProfileDevice = <ThrowOnError extends boolean = false>(options: Options<UnassignProfileDeviceData, ThrowOnError>) => (options.client ?? client).delete<UnassignProfileDeviceResponses, UnassignProfileDeviceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/devices/{fp}',
    ...options
});

/**
 * Where devices without a profile of their own come to
 */
export const setDefaultProfile = <ThrowOnError extends boolean = false>(options: Options<SetDefaultProfileData, ThrowOnError>) => (options.client ?? client).put<SetDefaultProfileResponses, SetDefaultProfileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/default',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * What a device may pick: its own profiles, and those with a passcode
 */
export const enumerateProfiles = <ThrowOnError extends boolean = false>(options?: Options<EnumerateProfilesData, ThrowOnError>) => (options?.client ?? client).get<EnumerateProfilesResponses, EnumerateProfilesErrors, ThrowOnError>({
    security: [
        { scheme: 'bearer', type: 'http' },
        { scheme: 'bearer', type: 'http' },
        {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }
    ],
    url: '/api/v1/profiles/enumerate',
    ...options
});

/**
 * People's accounts on this machine, the operator's first
 */
export const listOsAccounts = <ThrowOnError extends boolean = false>(options?: Options<ListOsAccountsData, ThrowOnError>) => (options?.client ?? client).get<ListOsAccountsResponses, ListOsAccountsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/os-accounts',
    ...options
});

/**
 * The titles of the machine; for a device those of its profile. Curation, not a sandbox
 */
export const getLibrary = <ThrowOnError extends boolean = false>(options?: Options<GetLibraryData, ThrowOnError>) => (options?.client ?? client).get<GetLibraryResponses, GetLibraryErrors, ThrowOnError>({
    security: [
        { scheme: 'bearer', type: 'http' },
        { scheme: 'bearer', type: 'http' },
        {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }
    ],
    url: '/api/v1/library',
    ...options
});

/**
 * Who is in, right now
 */
export const listSessions = <ThrowOnError extends boolean = false>(options?: Options<ListSessionsData, ThrowOnError>) => (options?.client ?? client).get<ListSessionsResponses, ListSessionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/sessions',
    ...options
});

/**
 * End a session
 */
export const terminateSession = <ThrowOnError extends boolean = false>(options: Options<TerminateSessionData, ThrowOnError>) => (options.client ?? client).delete<TerminateSessionResponses, TerminateSessionErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/sessions/{id}',
    ...options
});

/**
 * What was decided, newest first
 */
export const listAudit = <ThrowOnError extends boolean = false>(options?: Options<ListAuditData, ThrowOnError>) => (options?.client ?? client).get<ListAuditResponses, ListAuditErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/audit',
    ...options
});

/**
 * Read the whole chain and name what was changed
 */
export const verifyAudit = <ThrowOnError extends boolean = false>(options?: Options<VerifyAuditData, ThrowOnError>) => (options?.client ?? client).post<VerifyAuditResponses, VerifyAuditErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/audit/verify',
    ...options
});

/**
 * The USB devices of the host
 */
export const listUsbDevices = <ThrowOnError extends boolean = false>(options?: Options<ListUsbDevicesData, ThrowOnError>) => (options?.client ?? client).get<ListUsbDevicesResponses, ListUsbDevicesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/devices',
    ...options
});

/**
 * Turn USB sharing on or off until the host ends
 */
export const setUsbPassthrough = <ThrowOnError extends boolean = false>(options: Options<SetUsbPassthroughData, ThrowOnError>) => (options.client ?? client).post<SetUsbPassthroughResponses, SetUsbPassthroughErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/passthrough/enable',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Whether USB devices are lent at all
 */
export const getUsbPassthrough = <ThrowOnError extends boolean = false>(options?: Options<GetUsbPassthroughData, ThrowOnError>) => (options?.client ?? client).get<GetUsbPassthroughResponses, GetUsbPassthroughErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/passthrough/status',
    ...options
});

/**
 * The rules for which USB devices may be claimed; the first that matches wins
 */
export const getUsbAcl = <ThrowOnError extends boolean = false>(options?: Options<GetUsbAclData, ThrowOnError>) => (options?.client ?? client).get<GetUsbAclResponses, GetUsbAclErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/acl',
    ...options
});

/**
 * Append a rule
 */
export const addUsbAclRule = <ThrowOnError extends boolean = false>(options: Options<AddUsbAclRuleData, ThrowOnError>) => (options.client ?? client).post<AddUsbAclRuleResponses, AddUsbAclRuleErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/acl/add',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Remove the rules for a device
 */
export const removeUsbAclRule = <ThrowOnError extends boolean = false>(options: Options<RemoveUsbAclRuleData, ThrowOnError>) => (options.client ?? client).post<RemoveUsbAclRuleResponses, RemoveUsbAclRuleErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/acl/remove',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * What holds for devices that no rule names
 */
export const setUsbAclDefault = <ThrowOnError extends boolean = false>(options: Options<SetUsbAclDefaultData, ThrowOnError>) => (options.client ?? client).post<SetUsbAclDefaultResponses, SetUsbAclDefaultErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/acl/default',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * The host's devices that its own operator may use
 */
export const listUsbLoopback = <ThrowOnError extends boolean = false>(options?: Options<ListUsbLoopbackData, ThrowOnError>) => (options?.client ?? client).get<ListUsbLoopbackResponses, ListUsbLoopbackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/devices',
    ...options
});

/**
 * Open a device of the host, read its descriptor, and give it back: the whole way works
 */
export const probeUsbLoopback = <ThrowOnError extends boolean = false>(options: Options<ProbeUsbLoopbackData, ThrowOnError>) => (options.client ?? client).post<ProbeUsbLoopbackResponses, ProbeUsbLoopbackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/open',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * The devices of the other host that was connected last
 */
export const listUsbRemote = <ThrowOnError extends boolean = false>(options?: Options<ListUsbRemoteData, ThrowOnError>) => (options?.client ?? client).get<ListUsbRemoteResponses, ListUsbRemoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/devices',
    ...options
});

/**
 * Open a device of the other host, read its descriptor, and give it back
 */
export const probeUsbRemote = <ThrowOnError extends boolean = false>(options: Options<ProbeUsbRemoteData, ThrowOnError>) => (options.client ?? client).post<ProbeUsbRemoteResponses, ProbeUsbRemoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/open',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Do what an action file says
 *
 * Actions that name a file of the host are done only for callers of the local socket.
 */
export const runActions = <ThrowOnError extends boolean = false>(options: Options<RunActionsData, ThrowOnError>) => (options.client ?? client).post<RunActionsResponses, RunActionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/api/v1/actions/run',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * USB devices that came and went, oldest first; the latest 500 are kept
 *
 * With `Accept: text/event-stream` the answer is a stream of what happens from then on: `device` (a UsbEvent), `prompt` (a UsbPrompt; those that are open come first), `prompt-closed` ({id, reason}), `sharing` ({enabled, running}). `Last-Event-ID` brings the devices that came and went since. It ends after fifteen minutes; whoever may still listen connects again.
 */
export const listUsbEvents = <ThrowOnError extends boolean = false>(options?: Options<ListUsbEventsData, ThrowOnError>) => (options?.client ?? client).get<ListUsbEventsResponses, ListUsbEventsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/events',
    ...options
});

/**
 * Say what holds for a device from now on, whatever rules came before
 *
 * The rule replaces those for the same unit and profile, and is put where it is heeded; `add` appends to the list.
 */
export const setUsbAclRule = <ThrowOnError extends boolean = false>(options: Options<SetUsbAclRuleData, ThrowOnError>) => (options.client ?? client).post<SetUsbAclRuleResponses, SetUsbAclRuleErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/acl/set',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Stand by the rules as their file has them now, after it was edited by hand or restored
 */
export const signUsbAcl = <ThrowOnError extends boolean = false>(options?: Options<SignUsbAclData, ThrowOnError>) => (options?.client ?? client).post<SignUsbAclResponses, SignUsbAclErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/acl/sign',
    ...options
});

/**
 * Questions that wait for the operator
 */
export const listUsbPrompts = <ThrowOnError extends boolean = false>(options?: Options<ListUsbPromptsData, ThrowOnError>) => (options?.client ?? client).get<ListUsbPromptsResponses, ListUsbPromptsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/prompts',
    ...options
});

/**
 * Lend the device, or not; the first answer counts
 */
export const answerUsbPrompt = <ThrowOnError extends boolean = false>(options: Options<AnswerUsbPromptData, ThrowOnError>) => (options.client ?? client).post<AnswerUsbPromptResponses, AnswerUsbPromptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/prompts/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Who moves how much through which device
 */
export const getUsbStatistics = <ThrowOnError extends boolean = false>(options?: Options<GetUsbStatisticsData, ThrowOnError>) => (options?.client ?? client).get<GetUsbStatisticsResponses, GetUsbStatisticsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/statistics',
    ...options
});

/**
 * Take a lent device back
 */
export const endUsbClaim = <ThrowOnError extends boolean = false>(options: Options<EndUsbClaimData, ThrowOnError>) => (options.client ?? client).delete<EndUsbClaimResponses, EndUsbClaimErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/claims/{claim}',
    ...options
});

/**
 * Devices of this host that are held open
 */
export const listUsbLoopbackHandles = <ThrowOnError extends boolean = false>(options?: Options<ListUsbLoopbackHandlesData, ThrowOnError>) => (options?.client ?? client).get<ListUsbLoopbackHandlesResponses, ListUsbLoopbackHandlesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles',
    ...options
});

/**
 * Open a device of this host and hold it, by the same rules and questions as for every viewer
 */
export const openUsbLoopback = <ThrowOnError extends boolean = false>(options: Options<OpenUsbLoopbackData, ThrowOnError>) => (options.client ?? client).post<OpenUsbLoopbackResponses, OpenUsbLoopbackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * What the device says of itself
 */
export const readUsbLoopbackDescriptors = <ThrowOnError extends boolean = false>(options: Options<ReadUsbLoopbackDescriptorsData, ThrowOnError>) => (options.client ?? client).get<ReadUsbLoopbackDescriptorsResponses, ReadUsbLoopbackDescriptorsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles/{handle}/descriptors',
    ...options
});

/**
 * A control transfer
 */
export const transferUsbLoopbackControl = <ThrowOnError extends boolean = false>(options: Options<TransferUsbLoopbackControlData, ThrowOnError>) => (options.client ?? client).post<TransferUsbLoopbackControlResponses, TransferUsbLoopbackControlErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles/{handle}/control',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * A bulk transfer
 */
export const transferUsbLoopbackBulk = <ThrowOnError extends boolean = false>(options: Options<TransferUsbLoopbackBulkData, ThrowOnError>) => (options.client ?? client).post<TransferUsbLoopbackBulkResponses, TransferUsbLoopbackBulkErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles/{handle}/bulk',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * An interrupt transfer
 */
export const transferUsbLoopbackInterrupt = <ThrowOnError extends boolean = false>(options: Options<TransferUsbLoopbackInterruptData, ThrowOnError>) => (options.client ?? client).post<TransferUsbLoopbackInterruptResponses, TransferUsbLoopbackInterruptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles/{handle}/interrupt',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Give the device back
 */
export const closeUsbLoopback = <ThrowOnError extends boolean = false>(options: Options<CloseUsbLoopbackData, ThrowOnError>) => (options.client ?? client).delete<CloseUsbLoopbackResponses, CloseUsbLoopbackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/loopback/handles/{handle}',
    ...options
});

/**
 * The certificate that another host shows, to be compared before its token goes there; no token is sent
 */
export const getUsbRemoteCertificate = <ThrowOnError extends boolean = false>(options: Options<GetUsbRemoteCertificateData, ThrowOnError>) => (options.client ?? client).post<GetUsbRemoteCertificateResponses, GetUsbRemoteCertificateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/certificate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * The other hosts that are connected
 */
export const listUsbRemoteHosts = <ThrowOnError extends boolean = false>(options?: Options<ListUsbRemoteHostsData, ThrowOnError>) => (options?.client ?? client).get<ListUsbRemoteHostsResponses, ListUsbRemoteHostsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/hosts',
    ...options
});

/**
 * Connect to another host as its operator; forgotten after half an hour without use, and when this host ends
 */
export const connectUsbRemote = <ThrowOnError extends boolean = false>(options: Options<ConnectUsbRemoteData, ThrowOnError>) => (options.client ?? client).post<ConnectUsbRemoteResponses, ConnectUsbRemoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/hosts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Forget another host and its token
 */
export const disconnectUsbRemote = <ThrowOnError extends boolean = false>(options: Options<DisconnectUsbRemoteData, ThrowOnError>) => (options.client ?? client).delete<DisconnectUsbRemoteResponses, DisconnectUsbRemoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/hosts/{id}',
    ...options
});

/**
 * The devices of another host that its operator may use
 */
export const listUsbRemoteDevices = <ThrowOnError extends boolean = false>(options: Options<ListUsbRemoteDevicesData, ThrowOnError>) => (options.client ?? client).get<ListUsbRemoteDevicesResponses, ListUsbRemoteDevicesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/hosts/{id}/devices',
    ...options
});

/**
 * Open a device of another host, read its descriptor, and give it back
 */
export const probeUsbRemoteDevice = <ThrowOnError extends boolean = false>(options: Options<ProbeUsbRemoteDeviceData, ThrowOnError>) => (options.client ?? client).post<ProbeUsbRemoteDeviceResponses, ProbeUsbRemoteDeviceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/hosts/{id}/open',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Open a device of another host and hold it
 */
export const openUsbRemote = <ThrowOnError extends boolean = false>(options: Options<OpenUsbRemoteData, ThrowOnError>) => (options.client ?? client).post<OpenUsbRemoteResponses, OpenUsbRemoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/hosts/{id}/handles',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Devices of another host that are held open
 */
export const listUsbRemoteHandles = <ThrowOnError extends boolean = false>(options?: Options<ListUsbRemoteHandlesData, ThrowOnError>) => (options?.client ?? client).get<ListUsbRemoteHandlesResponses, ListUsbRemoteHandlesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/handles',
    ...options
});

/**
 * What the device says of itself
 */
export const readUsbRemoteDescriptors = <ThrowOnError extends boolean = false>(options: Options<ReadUsbRemoteDescriptorsData, ThrowOnError>) => (options.client ?? client).get<ReadUsbRemoteDescriptorsResponses, ReadUsbRemoteDescriptorsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/handles/{handle}/descriptors',
    ...options
});

/**
 * A control transfer
 */
export const transferUsbRemoteControl = <ThrowOnError extends boolean = false>(options: Options<TransferUsbRemoteControlData, ThrowOnError>) => (options.client ?? client).post<TransferUsbRemoteControlResponses, TransferUsbRemoteControlErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/handles/{handle}/control',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * A bulk transfer
 */
export const transferUsbRemoteBulk = <ThrowOnError extends boolean = false>(options: Options<TransferUsbRemoteBulkData, ThrowOnError>) => (options.client ?? client).post<TransferUsbRemoteBulkResponses, TransferUsbRemoteBulkErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/handles/{handle}/bulk',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * An interrupt transfer
 */
export const transferUsbRemoteInterrupt = <ThrowOnError extends boolean = false>(options: Options<TransferUsbRemoteInterruptData, ThrowOnError>) => (options.client ?? client).post<TransferUsbRemoteInterruptResponses, TransferUsbRemoteInterruptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/handles/{handle}/interrupt',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Give the device back
 */
export const closeUsbRemote = <ThrowOnError extends boolean = false>(options: Options<CloseUsbRemoteData, ThrowOnError>) => (options.client ?? client).delete<CloseUsbRemoteResponses, CloseUsbRemoteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'usher_console',
            type: 'apiKey'
        }],
    url: '/usb/remote/handles/{handle}',
    ...options
});
