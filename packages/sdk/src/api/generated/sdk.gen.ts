// @ts-nocheck
// Generated from docs/openapi.json; do not edit.

import { client } from './client.gen.ts';
import type { Client, Options as Options2, TDataShape } from './client/index.ts';
import type { AddUsbAclRuleData, AddUsbAclRuleErrors, AddUsbAclRuleResponses, ApprovePendingData, ApprovePendingErrors, ApprovePendingResponses, ArmPairingData, ArmPairingErrors, ArmPairingResponses, AssignProfileDeviceData, AssignProfileDeviceErrors, AssignProfileDeviceResponses, ChallengeDeviceData, ChallengeDeviceErrors, ChallengeDeviceResponses, ConsoleLoginData, ConsoleLoginErrors, ConsoleLoginResponses, ConsoleLogoutData, ConsoleLogoutErrors, ConsoleLogoutResponses, CreateProfileData, CreateProfileErrors, CreateProfileResponses, DeleteProfileData, DeleteProfileErrors, DeleteProfileResponses, DenyPendingData, DenyPendingErrors, DenyPendingResponses, DisarmPairingData, DisarmPairingErrors, DisarmPairingResponses, EnumerateProfilesData, EnumerateProfilesErrors, EnumerateProfilesResponses, GetConsoleSessionData, GetConsoleSessionErrors, GetConsoleSessionResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetHostData, GetHostErrors, GetHostResponses, GetLibraryData, GetLibraryErrors, GetLibraryResponses, GetPairingData, GetPairingErrors, GetPairingResponses, GetProfileData, GetProfileErrors, GetProfileResponses, GetUsbAclData, GetUsbAclErrors, GetUsbAclResponses, GetUsbPassthroughData, GetUsbPassthroughErrors, GetUsbPassthroughResponses, ListAuditData, ListAuditErrors, ListAuditResponses, ListClientsData, ListClientsErrors, ListClientsResponses, ListOsAccountsData, ListOsAccountsErrors, ListOsAccountsResponses, ListPendingData, ListPendingErrors, ListPendingResponses, ListProfilesData, ListProfilesErrors, ListProfilesResponses, ListSessionsData, ListSessionsErrors, ListSessionsResponses, ListUsbDevicesData, ListUsbDevicesErrors, ListUsbDevicesResponses, ListUsbEventsData, ListUsbEventsErrors, ListUsbEventsResponses, OpenDeviceTokenData, OpenDeviceTokenErrors, OpenDeviceTokenResponses, RemoveClientData, RemoveClientErrors, RemoveClientResponses, RemoveUsbAclRuleData, RemoveUsbAclRuleErrors, RemoveUsbAclRuleResponses, SetDefaultProfileData, SetDefaultProfileErrors, SetDefaultProfileResponses, SetProfilePasscodeData, SetProfilePasscodeErrors, SetProfilePasscodeResponses, SetUsbAclDefaultData, SetUsbAclDefaultErrors, SetUsbAclDefaultResponses, SetUsbPassthroughData, SetUsbPassthroughErrors, SetUsbPassthroughResponses, SignUsbAclData, SignUsbAclErrors, SignUsbAclResponses, TerminateSessionData, TerminateSessionErrors, TerminateSessionResponses, UnassignProfileDeviceData, UnassignProfileDeviceErrors, UnassignProfileDeviceResponses, UpdateProfileData, UpdateProfileErrors, UpdateProfileResponses, VerifyAuditData, VerifyAuditErrors, VerifyAuditResponses } from './types.gen.ts';

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
 * USB devices that came and went, oldest first; the latest 500 are kept
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
 * The rules for which devices may be claimed; the first that matches wins
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
 * What holds where no rule matches
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
