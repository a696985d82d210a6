import type {
  UsbAcl,
  UsbAclAdditionInput,
  UsbBorrowableDevice,
  UsbClaimStatistics,
  UsbDevice,
  UsbEvent,
  UsbPrompt,
  UsbRemoteHost,
  UsbViewerStatistics,
} from '@usher/sdk/api';

/** What an invented host knows of USB. */
export interface FakeUsbState {
  readonly devices: readonly UsbDevice[];
  readonly acl: UsbAcl;
  readonly claims: readonly UsbClaimStatistics[];
  readonly viewers: readonly UsbViewerStatistics[];
  readonly prompts: readonly UsbPrompt[];
  readonly events: readonly UsbEvent[];
  readonly remotes: readonly UsbRemoteHost[];
  readonly descriptors: {
    readonly device_hex: string;
    readonly configuration_hex: string;
    readonly strings: readonly { readonly index: number; readonly text: string }[];
  };
}

/** The part of an invented host that answers `/usb/…`. */
export class FakeUsb {
  #state: FakeUsbState;

  constructor(state: FakeUsbState) {
    this.#state = state;
  }

  answer(method: string, path: string, body: unknown): readonly [number, unknown] {
    const { devices, acl, claims, viewers, prompts, events, remotes, descriptors } = this.#state;
    if (method === 'GET') {
      const bodies: Readonly<Record<string, unknown>> = {
        '/usb/devices': { backend: 'sim', error: null, devices, count: devices.length },
        '/usb/acl': acl,
        '/usb/statistics': { claims, viewers, prompts: prompts.length },
        '/usb/prompts': { prompts },
        '/usb/events': { events, count: events.length, watcher_running: true, last_seq: events.length },
        '/usb/remote/hosts': { hosts: remotes },
        '/usb/loopback/list': { devices: devices.map(borrowable) },
      };
      if (path in bodies) return [200, bodies[path]];
      if (path.endsWith('/descriptors')) return [200, descriptors];
      return path.endsWith('/devices') ? [200, { devices: devices.map(borrowable) }] : [404, undefined];
    }
    if (path === '/usb/acl/set') return this.#setRule(body as UsbAclAdditionInput); // the console's own request
    if (path.startsWith('/usb/prompts/')) this.#set({ prompts: prompts.filter(({ id }) => !path.endsWith(id)) });
    if (path === '/usb/acl/sign') this.#set({ acl: { default: acl.default, rules: acl.rules, integrity_ok: true } });
    if (path === '/usb/remote/certificate') return [200, { address: 'https://workshop.local:9939/', fingerprint: 'c4'.repeat(32) }];
    if (path.endsWith('/handles'))
      return [201, { handle: '00112233aabbccdd', vendor_id: '1209', product_id: '0001', serial: null, opened_unix: 0 }];
    if (path.startsWith('/usb/acl/')) return [200, { added: true, rules: acl.rules.length }];
    return [204, undefined];
  }

  #setRule(rule: UsbAclAdditionInput): readonly [number, unknown] {
    const { acl } = this.#state;
    const { serial = null, allow = true, prompt_on_open = false, label = '', ...rest } = rule;
    const others = acl.rules.filter((one) => one.product_id !== rule.product_id || (one.serial ?? null) !== serial);
    const rules = [{ serial, allow, prompt_on_open, label, ...rest }, ...others];
    this.#set({ acl: { ...acl, rules } });
    return [200, { added: true, rules: rules.length }];
  }

  #set(change: Partial<FakeUsbState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function borrowable({ vendor_id, product_id, serial, bus_location }: UsbDevice): UsbBorrowableDevice {
  return { vendor_id: vendor_id ?? '', product_id: product_id ?? '', serial, bus_location };
}

/** Hears nothing: a story shows one moment. */
export class SilentEventSource extends EventTarget {
  close(): void {}
}
