import { fileURLToPath } from 'node:url';
import { bundle } from '../vm/bundle.ts';
import { runTool } from '../vm/image/run-tool.ts';
import { Machine } from '../vm/machine.ts';
import type { DeviceWish } from './devices/catalogue.ts';
import { type AgentOptions, GuestAgent } from './guest-agent.ts';
import { PluggedDevice } from './plugged-device.ts';

const RULES = '/etc/udev/rules.d/70-usher-lab.rules';
const CLI = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

/** A machine with a USB bus: devices to plug in, and the packaged agent to lend them. */
export class UsbLab implements AsyncDisposable {
  readonly machine: Machine;
  readonly #devicePath: string;

  private constructor(machine: Machine, devicePath: string) {
    this.machine = machine;
    this.#devicePath = devicePath;
  }

  static async start(): Promise<UsbLab> {
    const machine = await Machine.start();
    try {
      await machine.sh('modprobe vhci_hcd');
      const program = await bundle(new URL('./guest/device-process.ts', import.meta.url));
      return new UsbLab(machine, await machine.install('device.mjs', program));
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Plugs a device in; it may take the kernel a moment more to have seen it: see {@link untilSeen}. */
  async plug(wish: DeviceWish): Promise<PluggedDevice> {
    const device = new PluggedDevice(this.machine.start(['node', this.#devicePath, JSON.stringify(wish)]));
    await device.plugIn();
    return device;
  }

  /** Waits until the kernel shows so many units of a device and udev is done with them. */
  async untilSeen(vendorId: string, productId: string, count = 1): Promise<void> {
    await this.machine.until(`test $(${unitsOf(vendorId, productId)}) -ge ${count}`);
    await this.machine.sh('udevadm settle');
  }

  async untilGone(vendorId: string, productId: string): Promise<void> {
    await this.machine.until(`test $(${unitsOf(vendorId, productId)}) -eq 0`);
  }

  /** Lets the ordinary user at devices with these ids, as the operator's guide says: by the rule that `usher usb udev-rule` prints. */
  async letUserAt(...devices: readonly string[]): Promise<void> {
    const rules = await Promise.all(devices.map((device) => runTool(process.execPath, [CLI, 'usb', 'udev-rule', device])));
    const { ended } = await this.machine.run(['sh', '-c', `cat >> ${RULES}`], { input: new TextEncoder().encode(rules.join('')) });
    if (ended !== 0) throw new Error(`${RULES} could not be written`);
    await this.machine.sh('udevadm control --reload', 'udevadm trigger --subsystem-match=usb --settle');
  }

  /** The packaged agent, as the ordinary user. */
  agent(options: AgentOptions = {}): Promise<GuestAgent> {
    return GuestAgent.start(this.machine, options);
  }

  /** The kernel driver of each interface of the one device with these ids, in the interfaces' order; `none` where there is none. */
  async drivers(vendorId: string, productId: string): Promise<readonly string[]> {
    const printed = await this.machine.sh(
      `for one in $(${pathsOf(vendorId, productId)} | xargs -n 1 dirname | sort); do`,
      '  case $one in *:*) if [ -e $one/driver ]; then basename $(readlink $one/driver); else echo none; fi;; esac',
      'done',
    );
    return printed.trim() === '' ? [] : printed.trim().split('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
  }
}

/** Prints a line for each device with these ids and for each of its interfaces; the latter's have a colon. */
function pathsOf(vendorId: string, productId: string): string {
  const product = [vendorId, productId].map((id) => Number.parseInt(id, 16).toString(16)).join('/');
  return `grep -ls ^PRODUCT=${product}/ /sys/bus/usb/devices/*-*/uevent`;
}

function unitsOf(vendorId: string, productId: string): string {
  return `${pathsOf(vendorId, productId)} | grep -vc :`;
}
