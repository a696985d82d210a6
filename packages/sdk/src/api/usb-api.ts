import { fromBase64, toBase64 } from '@usher/protocol';
import { type DescriptorTree, descriptorTree } from '../usb/descriptor-tree.ts';
import type { Client } from './generated/client/index.ts';
import {
  answerUsbPrompt,
  closeUsbLoopback,
  closeUsbRemote,
  connectUsbRemote,
  disconnectUsbRemote,
  endUsbClaim,
  getUsbRemoteCertificate,
  getUsbStatistics,
  listUsbLoopback,
  listUsbLoopbackHandles,
  listUsbPrompts,
  listUsbRemoteDevices,
  listUsbRemoteHandles,
  listUsbRemoteHosts,
  openUsbLoopback,
  openUsbRemote,
  probeUsbLoopback,
  probeUsbRemoteDevice,
  readUsbLoopbackDescriptors,
  readUsbRemoteDescriptors,
  runActions,
  transferUsbLoopbackBulk,
  transferUsbLoopbackControl,
  transferUsbLoopbackInterrupt,
  transferUsbRemoteBulk,
  transferUsbRemoteControl,
  transferUsbRemoteInterrupt,
} from './generated/sdk.gen.ts';
import type {
  ActionFileInput,
  ActionRun,
  UsbBorrowableDevice,
  UsbHandle,
  UsbProbe,
  UsbPrompt,
  UsbPromptAnswerInput,
  UsbRemoteCertificate,
  UsbRemoteConnectionInput,
  UsbRemoteHost,
  UsbStatistics,
  UsbUnitInput,
} from './generated/types.gen.ts';
import { answerOf } from './problem.ts';

export interface ApiControlTransfer {
  readonly requestType: number;
  readonly request: number;
  readonly value?: number;
  readonly index?: number;
  /** Bytes to read. */
  readonly length?: number;
  /** Bytes to write. */
  readonly data?: Uint8Array;
  readonly timeoutMs?: number;
}

export interface ApiEndpointTransfer {
  /** With bit 7 for reading. */
  readonly endpoint: number;
  readonly length?: number;
  readonly data?: Uint8Array;
  readonly timeoutMs?: number;
}

/** Whose devices: this host's own, or those of another host that it is connected to. */
export type UsbPlace = { readonly kind: 'loopback' } | { readonly kind: 'remote'; readonly host: string };

/** USB through the API, as the operator: questions, statistics, and devices in one's own hands. */
export class UsbApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The questions that wait for the operator. */
  async prompts(): Promise<readonly UsbPrompt[]> {
    return (await answerOf(listUsbPrompts(this.#request()))).prompts;
  }

  /** `api.not-found` where somebody else was quicker, or the question's time was over. */
  async answerPrompt(id: string, answer: UsbPromptAnswerInput): Promise<void> {
    await answerOf(answerUsbPrompt({ ...this.#request(), path: { id }, body: answer }));
  }

  statistics(): Promise<UsbStatistics> {
    return answerOf(getUsbStatistics(this.#request()));
  }

  /** Takes a lent device back. */
  async endClaim(claim: number): Promise<void> {
    await answerOf(endUsbClaim({ ...this.#request(), path: { claim } }));
  }

  /** `directory` is where the file's relative paths begin; it counts over the local socket only. */
  runActions(actions: ActionFileInput, directory?: string): Promise<ActionRun> {
    return answerOf(runActions({ ...this.#request(), body: actions, query: directory === undefined ? {} : { directory } }));
  }

  /** The certificate at an address, for the operator to compare before {@link connectRemote}. */
  remoteCertificate(address: string): Promise<UsbRemoteCertificate> {
    return answerOf(getUsbRemoteCertificate({ ...this.#request(), body: { address } }));
  }

  connectRemote(connection: UsbRemoteConnectionInput): Promise<UsbRemoteHost> {
    return answerOf(connectUsbRemote({ ...this.#request(), body: connection }));
  }

  async remoteHosts(): Promise<readonly UsbRemoteHost[]> {
    return (await answerOf(listUsbRemoteHosts(this.#request()))).hosts;
  }

  async disconnectRemote(id: string): Promise<void> {
    await answerOf(disconnectUsbRemote({ ...this.#request(), path: { id } }));
  }

  /** `signal` is for whoever doesn't want the answer any more: another host may be slow. */
  async borrowable(place: UsbPlace, signal?: AbortSignal): Promise<readonly UsbBorrowableDevice[]> {
    const request = { ...this.#request(), ...(signal === undefined ? {} : { signal }) };
    const list = place.kind === 'loopback' ? listUsbLoopback(request) : listUsbRemoteDevices({ ...request, path: { id: place.host } });
    return (await answerOf(list)).devices;
  }

  /** Opens the device, reads its descriptor and gives it back. */
  probe(place: UsbPlace, unit: UsbUnitInput): Promise<UsbProbe> {
    return place.kind === 'loopback'
      ? answerOf(probeUsbLoopback({ ...this.#request(), body: unit }))
      : answerOf(probeUsbRemoteDevice({ ...this.#request(), path: { id: place.host }, body: unit }));
  }

  /** What is held open now, whoever opened it. */
  async held(kind: UsbPlace['kind']): Promise<readonly UsbHandle[]> {
    const list = kind === 'loopback' ? listUsbLoopbackHandles(this.#request()) : listUsbRemoteHandles(this.#request());
    return (await answerOf(list)).handles;
  }

  /** Holds the device until `close`, or until nothing was asked of it for five minutes. */
  async open(place: UsbPlace, unit: UsbUnitInput): Promise<ApiUsbDevice> {
    const handle =
      place.kind === 'loopback'
        ? await answerOf(openUsbLoopback({ ...this.#request(), body: unit }))
        : await answerOf(openUsbRemote({ ...this.#request(), path: { id: place.host }, body: unit }));
    return new ApiUsbDevice(this.#client, place.kind, handle);
  }

  #request() {
    return { client: this.#client };
  }
}

const LOOPBACK = {
  descriptors: readUsbLoopbackDescriptors,
  control: transferUsbLoopbackControl,
  bulk: transferUsbLoopbackBulk,
  interrupt: transferUsbLoopbackInterrupt,
  close: closeUsbLoopback,
};
const REMOTE = {
  descriptors: readUsbRemoteDescriptors,
  control: transferUsbRemoteControl,
  bulk: transferUsbRemoteBulk,
  interrupt: transferUsbRemoteInterrupt,
  close: closeUsbRemote,
};

/** One device that the API holds. Transfers reject with the codes of `usb.…`. */
export class ApiUsbDevice {
  readonly handle: UsbHandle;
  readonly #client: Client;
  readonly #calls: typeof LOOPBACK | typeof REMOTE;

  constructor(client: Client, kind: UsbPlace['kind'], handle: UsbHandle) {
    this.handle = handle;
    this.#client = client;
    this.#calls = kind === 'loopback' ? LOOPBACK : REMOTE;
  }

  async descriptors(): Promise<DescriptorTree> {
    return descriptorTree(await answerOf(this.#calls.descriptors(this.#request())));
  }

  /** What was read; nothing where bytes were written. */
  async control({
    requestType,
    request,
    value = 0,
    index = 0,
    length = 0,
    data,
    timeoutMs = 1000,
  }: ApiControlTransfer): Promise<Uint8Array> {
    const setup = { bm_request_type: requestType, b_request: request, w_value: value, w_index: index };
    const body = { ...setup, length, timeout_ms: timeoutMs, ...encoded(data) };
    return fromBase64((await answerOf(this.#calls.control({ ...this.#request(), body }))).data);
  }

  bulk(transfer: ApiEndpointTransfer): Promise<Uint8Array> {
    return this.#transfer('bulk', transfer);
  }

  interrupt(transfer: ApiEndpointTransfer): Promise<Uint8Array> {
    return this.#transfer('interrupt', transfer);
  }

  async close(): Promise<void> {
    await answerOf(this.#calls.close(this.#request()));
  }

  async #transfer(kind: 'bulk' | 'interrupt', { endpoint, length = 0, data, timeoutMs = 1000 }: ApiEndpointTransfer): Promise<Uint8Array> {
    const body = { endpoint, length, timeout_ms: timeoutMs, ...encoded(data) };
    return fromBase64((await answerOf(this.#calls[kind]({ ...this.#request(), body }))).data);
  }

  #request() {
    return { client: this.#client, path: { handle: this.handle.handle } };
  }
}

function encoded(data: Uint8Array | undefined): { readonly data?: string } {
  return data === undefined ? {} : { data: toBase64(data) };
}
