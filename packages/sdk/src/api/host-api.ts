import { type Client, createClient } from './generated/client/index.ts';
import {
  addUsbAclRule,
  approvePending,
  armPairing,
  consoleLogin,
  consoleLogout,
  denyPending,
  disarmPairing,
  getConsoleSession,
  getHealth,
  getHost,
  getPairing,
  getUsbAcl,
  getUsbPassthrough,
  listClients,
  listPending,
  listSessions,
  listUsbDevices,
  removeClient,
  removeUsbAclRule,
  setUsbAclDefault,
  setUsbPassthrough,
  terminateSession,
} from './generated/sdk.gen.ts';
import type {
  ArmedPin,
  ConsoleSession,
  Health,
  HostStatus,
  PairedClient,
  PairingStatus,
  PendingDevice,
  Session,
  UsbAcl,
  UsbAclAdded,
  UsbAclAdditionInput,
  UsbAclDefault,
  UsbAclPolicyInput,
  UsbAclRemovalInput,
  UsbAclRemoved,
  UsbDeviceList,
  UsbPassthrough,
} from './generated/types.gen.ts';
import { answerOf } from './problem.ts';

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
  readonly #client: Client;

  constructor(options: HostApiOptions = {}) {
    const { baseUrl, token } = options;
    this.#client = createClient({
      ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, '') }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    });
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

  /** `name` replaces the one that the device gave itself. */
  async approve(id: string, name?: string): Promise<void> {
    await answerOf(approvePending({ ...this.#request(), path: { id }, body: name === undefined ? {} : { name } }));
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

  usbDevices(): Promise<UsbDeviceList> {
    return answerOf(listUsbDevices(this.#request()));
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

  addUsbRule(rule: UsbAclAdditionInput): Promise<UsbAclAdded> {
    return answerOf(addUsbAclRule({ ...this.#request(), body: rule }));
  }

  removeUsbRule(rule: UsbAclRemovalInput): Promise<UsbAclRemoved> {
    return answerOf(removeUsbAclRule({ ...this.#request(), body: rule }));
  }

  setUsbDefault(policy: UsbAclPolicyInput['policy']): Promise<UsbAclDefault> {
    return answerOf(setUsbAclDefault({ ...this.#request(), body: { policy } }));
  }

  #request() {
    return { client: this.#client };
  }
}
