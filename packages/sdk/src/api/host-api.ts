import { type Client, createClient } from './generated/client/index.ts';
import {
  addUsbAclRule,
  approvePending,
  armPairing,
  assignProfileDevice,
  challengeDevice,
  clearWindowsCredential,
  consoleLogin,
  consoleLogout,
  createProfile,
  deleteProfile,
  denyPending,
  disarmPairing,
  enumerateProfiles,
  getConsoleSession,
  getHealth,
  getHost,
  getLibrary,
  getPairing,
  getProfile,
  getUsbAcl,
  getUsbPassthrough,
  listAudit,
  listClients,
  listOsAccounts,
  listPending,
  listProfiles,
  listSessions,
  listUsbDevices,
  listUsbEvents,
  openDeviceToken,
  removeClient,
  removeUsbAclRule,
  setDefaultProfile,
  setProfilePasscode,
  setUsbAclDefault,
  setUsbAclRule,
  setUsbPassthrough,
  setWindowsCredential,
  signUsbAcl,
  terminateSession,
  unassignProfileDevice,
  updateProfile,
  verifyAudit,
} from './generated/sdk.gen.ts';
import type {
  ApprovalInput,
  ArmedPin,
  AuditPage,
  AuditVerdict,
  ConsoleSession,
  DeviceChallenge,
  DeviceProofInput,
  DeviceToken,
  GameEntry,
  Health,
  HostStatus,
  ListAuditData,
  OsAccountCandidate,
  PairedClient,
  PairingStatus,
  PendingDevice,
  ProfileAdmin,
  ProfileInput,
  ProfilePublic,
  Session,
  UsbAcl,
  UsbAclAdded,
  UsbAclAdditionInput,
  UsbAclDefault,
  UsbAclPolicyInput,
  UsbAclRemovalInput,
  UsbAclRemoved,
  UsbAclSigned,
  UsbDeviceList,
  UsbEvents,
  UsbPassthrough,
  WindowsCredentialInput,
} from './generated/types.gen.ts';
import { answerOf } from './problem.ts';
import { UsbApi } from './usb-api.ts';

/** Which entries of the audit are wanted. */
export type AuditQuery = NonNullable<ListAuditData['query']>;

export interface HostApiOptions {
  /** `https://127.0.0.1:9939`; the page's own host where absent. */
  readonly baseUrl?: string;
  /** The operator's bearer token; a page signs in instead and has a cookie. */
  readonly token?: string;
  /** Instead of the platform's fetch: Node's SDK brings one that pins the host's certificate. */
  readonly fetch?: typeof fetch;
}

/** The management API of a host. Every call rejects with a coded error: the answer's own code, or `host.unreachable`. */
export class HostApi {
  /** Questions to the operator, statistics, and devices in one's own hands. */
  readonly usb: UsbApi;
  readonly #client: Client;

  constructor(options: HostApiOptions = {}) {
    const { baseUrl, token } = options;
    this.#client = createClient({
      ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, '') }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    });
    this.usb = new UsbApi(this.#client);
  }

  health(): Promise<Health> {
    return answerOf(getHealth(this.#request()));
  }

  host(): Promise<HostStatus> {
    return answerOf(getHost(this.#request()));
  }

  async signIn(token: string): Promise<void> {
    await answerOf(consoleLogin({ ...this.#request(), body: { token } }));
  }

  async signOut(): Promise<void> {
    await answerOf(consoleLogout(this.#request()));
  }

  consoleSession(): Promise<ConsoleSession> {
    return answerOf(getConsoleSession(this.#request()));
  }

  pairing(): Promise<PairingStatus> {
    return answerOf(getPairing(this.#request()));
  }

  armPairing(): Promise<ArmedPin> {
    return answerOf(armPairing(this.#request()));
  }

  async disarmPairing(): Promise<void> {
    await answerOf(disarmPairing(this.#request()));
  }

  async devices(): Promise<readonly PairedClient[]> {
    return (await answerOf(listClients(this.#request()))).clients;
  }

  async removeDevice(fingerprint: string): Promise<void> {
    await answerOf(removeClient({ ...this.#request(), path: { fp: fingerprint } }));
  }

  async pending(): Promise<readonly PendingDevice[]> {
    return (await answerOf(listPending(this.#request()))).pending;
  }

  /** `name` replaces the one that the device gave itself, `profile_id` assigns it; all of it happens or nothing. */
  async approve(id: string, as: ApprovalInput = {}): Promise<void> {
    await answerOf(approvePending({ ...this.#request(), path: { id }, body: as }));
  }

  async deny(id: string): Promise<void> {
    await answerOf(denyPending({ ...this.#request(), path: { id } }));
  }

  async sessions(): Promise<readonly Session[]> {
    return (await answerOf(listSessions(this.#request()))).sessions;
  }

  async endSession(id: string): Promise<void> {
    await answerOf(terminateSession({ ...this.#request(), path: { id } }));
  }

  /** A nonce for a paired device to sign with its long-lived key (rule S12). */
  challengeDevice(): Promise<DeviceChallenge> {
    return answerOf(challengeDevice(this.#request()));
  }

  /** Trades the signed nonce for a token, which `HostApiOptions.token` takes: with it `roster` and `library` are the device's own. */
  openDeviceToken(proof: DeviceProofInput): Promise<DeviceToken> {
    return answerOf(openDeviceToken({ ...this.#request(), body: proof }));
  }

  profiles(): Promise<readonly ProfileAdmin[]> {
    return answerOf(listProfiles(this.#request()));
  }

  profile(id: string): Promise<ProfileAdmin> {
    return answerOf(getProfile({ ...this.#request(), path: { id } }));
  }

  createProfile(profile: ProfileInput): Promise<ProfileAdmin> {
    return answerOf(createProfile({ ...this.#request(), body: profile }));
  }

  /**
   * Replaces everything that the operator says about a profile; what is left out gets its default. With the `revision` that was read it does so
   * only if nobody has changed the profile since, and else rejects with `profile.changed`.
   */
  updateProfile(id: string, profile: ProfileInput, revision?: string): Promise<ProfileAdmin> {
    const headers = revision === undefined ? {} : { headers: { 'if-match': `"${revision}"` } };
    return answerOf(updateProfile({ ...this.#request(), path: { id }, body: profile, ...headers }));
  }

  /** `running`: what becomes of the sessions of those who are in. */
  async removeProfile(id: string, running: 'end' | 'refuse'): Promise<void> {
    await answerOf(deleteProfile({ ...this.#request(), path: { id }, query: { running } }));
  }

  /** Null clears it. */
  async setPasscode(id: string, passcode: string | null): Promise<void> {
    await answerOf(setProfilePasscode({ ...this.#request(), path: { id }, body: { passcode } }));
  }

  /** Null clears it. Only a host on Windows keeps one; any other refuses with `profile.needs-windows`. */
  async setWindowsCredential(id: string, credential: WindowsCredentialInput | null): Promise<void> {
    const request = { ...this.#request(), path: { id } };
    await answerOf(credential === null ? clearWindowsCredential(request) : setWindowsCredential({ ...request, body: credential }));
  }

  /** Takes the device from any other profile. */
  async assignDevice(id: string, fingerprint: string): Promise<void> {
    await answerOf(assignProfileDevice({ ...this.#request(), path: { id }, body: { fingerprint } }));
  }

  async unassignDevice(fingerprint: string): Promise<void> {
    await answerOf(unassignProfileDevice({ ...this.#request(), path: { fp: fingerprint } }));
  }

  /** Where devices without a profile come to; null is the operator's own desktop. */
  async setDefaultProfile(id: string | null): Promise<void> {
    await answerOf(setDefaultProfile({ ...this.#request(), body: { profile_id: id } }));
  }

  /** What a device may pick: the operator says which device, a device sees its own. */
  roster(fingerprint?: string): Promise<readonly ProfilePublic[]> {
    return answerOf(enumerateProfiles({ ...this.#request(), query: fingerprint === undefined ? {} : { fingerprint } }));
  }

  osAccounts(): Promise<readonly OsAccountCandidate[]> {
    return answerOf(listOsAccounts(this.#request()));
  }

  library(): Promise<readonly GameEntry[]> {
    return answerOf(getLibrary(this.#request()));
  }

  /** Newest first; `before` is the `seq` that the page before ended with. What a query leaves out isn't asked for. */
  async audit(query: AuditQuery = {}): Promise<AuditPage['entries']> {
    return (await answerOf(listAudit({ ...this.#request(), query }))).entries;
  }

  verifyAudit(): Promise<AuditVerdict> {
    return answerOf(verifyAudit(this.#request()));
  }

  usbDevices(): Promise<UsbDeviceList> {
    return answerOf(listUsbDevices(this.#request()));
  }

  /** What came and went after event number `since`. */
  usbEvents(since: number): Promise<UsbEvents> {
    return answerOf(listUsbEvents({ ...this.#request(), query: { since } }));
  }

  usbPassthrough(): Promise<UsbPassthrough> {
    return answerOf(getUsbPassthrough(this.#request()));
  }

  setUsbPassthrough(enabled: boolean): Promise<UsbPassthrough> {
    return answerOf(setUsbPassthrough({ ...this.#request(), body: { enabled } }));
  }

  usbAcl(): Promise<UsbAcl> {
    return answerOf(getUsbAcl(this.#request()));
  }

  /** What holds for a device from now on, whatever rules came before; `addUsbRule` appends to the list. */
  setUsbRule(rule: UsbAclAdditionInput): Promise<UsbAclAdded> {
    return answerOf(setUsbAclRule({ ...this.#request(), body: rule }));
  }

  addUsbRule(rule: UsbAclAdditionInput): Promise<UsbAclAdded> {
    return answerOf(addUsbAclRule({ ...this.#request(), body: rule }));
  }

  removeUsbRule(rule: UsbAclRemovalInput): Promise<UsbAclRemoved> {
    return answerOf(removeUsbAclRule({ ...this.#request(), body: rule }));
  }

  setUsbDefault(policy: UsbAclPolicyInput['policy']): Promise<UsbAclDefault> {
    return answerOf(setUsbAclDefault({ ...this.#request(), body: { policy } }));
  }

  signUsbRules(): Promise<UsbAclSigned> {
    return answerOf(signUsbAcl(this.#request()));
  }

  #request() {
    return { client: this.#client };
  }
}
