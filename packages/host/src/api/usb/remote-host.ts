import { CodedError, ERRORS, type Fingerprint, isErrorCode } from '@usher/protocol';
import { z } from 'zod';
import { health, hostStatus, problem } from '../schema.ts';
import type { DeviceSource, EndpointTransfer, OpenedDevice, UnitChoice } from './device-source.ts';
import { type HttpsAddress, type PinnedAnswer, PinnedHttps } from './pinned-https.ts';
import { borrowableDevices, transferred, usbDescriptors, usbHandle, usbProbe } from './transfer-schema.ts';

const ANSWERS_WITHIN_MS = 10_000;
/** The other host's operator may be asked first (rule A8), and the way there takes its time. */
const OPENS_WITHIN_MS = 50_000;
/** Beyond a transfer's own time: the other host waits 15 s itself (rule A8). */
const TRANSFER_GRACE_MS = 20_000;

/** The part of the other host's own description that is shown. */
const introduction = hostStatus.pick({ name: true, version: true });

/** Another host, spoken to as its operator: by its API, with its token, pinned to its certificate. The token stays in this object. */
export class RemoteHost implements DeviceSource {
  readonly #https: PinnedHttps;
  readonly #token: string;

  constructor(address: HttpsAddress, pinned: Fingerprint, token: string) {
    this.#https = new PinnedHttps(address, pinned);
    this.#token = token;
  }

  /** Whether it is a host, and takes the token. */
  async introduce(): Promise<z.output<typeof introduction>> {
    await this.#ask('GET', '/healthz', health);
    return this.#ask('GET', '/api/v1/host', introduction);
  }

  devices() {
    return this.#ask('GET', '/usb/loopback/devices', borrowableDevices);
  }

  probe(unit: UnitChoice) {
    return this.#ask('POST', '/usb/loopback/open', usbProbe, unit, OPENS_WITHIN_MS);
  }

  async open(unit: UnitChoice): Promise<OpenedDevice> {
    const { handle } = await this.#ask('POST', '/usb/loopback/handles', usbHandle, unit, OPENS_WITHIN_MS);
    const path = `/usb/loopback/handles/${handle}`;
    const transfer = (kind: string, body: Pick<EndpointTransfer, 'timeout_ms'>) =>
      this.#ask('POST', `${path}/${kind}`, transferred, body, body.timeout_ms + TRANSFER_GRACE_MS);
    return {
      descriptors: () => this.#ask('GET', `${path}/descriptors`, usbDescriptors, undefined, TRANSFER_GRACE_MS),
      control: (body) => transfer('control', body),
      bulk: (body) => transfer('bulk', body),
      interrupt: (body) => transfer('interrupt', body),
      close: async () => {
        await this.#ask('DELETE', path, z.undefined());
      },
    };
  }

  close(): void {
    this.#https.close();
  }

  async #ask<Answer extends z.ZodType>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    answer: Answer,
    body?: unknown,
    withinMs = ANSWERS_WITHIN_MS,
  ): Promise<z.output<Answer>> {
    const given = await this.#https.ask(method, path, { token: this.#token, withinMs, ...(body === undefined ? {} : { body }) });
    if (given.status >= 300) throw refusalOf(given);
    const read = answer.safeParse(given.body);
    if (!read.success) throw new CodedError('host.unreachable', 'what answers there is not an Usher host of this version');
    return read.data;
  }
}

/** The other host's refusal as ours. That it doesn't take the token must not look as if ours weren't taken. */
function refusalOf({ status, body }: PinnedAnswer): CodedError {
  const read = problem.safeParse(body);
  if (status === 401) return new CodedError('usb.remote-refused', "the other host doesn't take this token");
  if (!read.success || !isErrorCode(read.data.code)) {
    return new CodedError('host.unreachable', `what answers there is not an Usher host of this version (status ${status})`);
  }
  const { code, detail } = read.data;
  // A fault of the other host is none of ours: it must not read as a bug here.
  if (ERRORS[code].http >= 500 && !code.startsWith('usb.'))
    return new CodedError('host.unreachable', `the other host failed: ${detail.slice(0, 256)}`);
  return new CodedError(code, `the other host: ${detail.slice(0, 256)}`);
}
