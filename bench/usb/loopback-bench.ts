import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Session } from '../../packages/sdk/src/node/connect.ts';
import { HostProcess } from '../../tests/harness/host-process.ts';
import { report } from '../figures.ts';
import { localProgram } from './loopback/local-program.ts';
import { packagesSeeing } from './loopback/packages-copy.ts';
import { UsbredirDevice } from './loopback/usbredir-device.ts';
import { type Measurable, roundTrips, throughput, together } from './measurable.ts';
import { DELAY_MS, type Measured, type MeasuredUsher, measure, measureProgram, type Sizes, streamOf, usbFigures } from './measured.ts';
import { baseOnly, delayed, type Line, measurable, usbViewer } from './usb-viewer.ts';

const IDS = { vendorId: '1209', productId: '0020' } as const;
const WHOLE: Sizes = { rounds: 2000, bytes: 128 * 2 ** 20, delayedBytes: 32 * 2 ** 20, togetherSeconds: 10 };
const QUICK: Sizes = { rounds: 500, bytes: 32 * 2 ** 20, delayedBytes: 8 * 2 ** 20, togetherSeconds: 3 };

/** USB passthrough on this machine itself: real libusb on a bus that libumockdev shows it, beside Debian's usbredirect on the same bus. */
export async function usbLoopbackBench(quick: boolean): Promise<boolean> {
  const sizes = quick ? QUICK : WHOLE;
  await using bus = await DeviceBus.start();
  const direct = await overLibusb(bus, sizes);
  const bare = await measureProgram(await localProgram('bench/usb/guest/over-bare-channel.ts', {}), sizes);
  const usbredir = UsbredirDevice.isInstalled() ? await overUsbredir(bus, sizes) : undefined;
  const usher = await overUsher(bus, sizes);

  const ways = { direct, bare, peer: usbredir, usher };
  return report('usb-loopback; peer: usbredirect 0.13 over loopback TCP, or the base protocol', usbFigures(ways, sizes));
}

/** In the process that has the device, with nothing between. */
async function overLibusb({ environment }: DeviceBus, sizes: Sizes): Promise<Measured> {
  const program = await localProgram('bench/usb/guest/over-libusb.ts', environment);
  await program.ask({ do: 'open', vendorId: Number(`0x${IDS.vendorId}`), productId: Number(`0x${IDS.productId}`) });
  return measureProgram(program, sizes);
}

async function overUsbredir({ environment }: DeviceBus, sizes: Sizes): Promise<Measured> {
  const device = await UsbredirDevice.open(`${IDS.vendorId}:${IDS.productId}`, environment);
  const measured = await measure(await device.measurable(), sizes);
  await device.close();
  return measured;
}

async function overUsher({ environment }: DeviceBus, sizes: Sizes): Promise<MeasuredUsher> {
  await using packages = await packagesSeeing(environment);
  const args = ['--usb-passthrough', '--usb-backend', 'libusb', '--no-mdns'];
  await using host = await HostProcess.start({ args, directory: packages.directory });
  await host.api('POST', '/usb/acl/add', { vendor_id: IDS.vendorId, product_id: IDS.productId, allow: true });

  /** What is measured of the first device, over a line of its own. */
  const over = async <T>(name: string, line: Line | undefined, work: (device: Measurable, viewer: Session) => Promise<T>): Promise<T> => {
    const viewer = await usbViewer(host, name, line);
    const claim = await (await viewer.usb()).open({ ...IDS, serial: 'BENCH-1' });
    const result = await work(await measurable(claim), viewer);
    await claim.close();
    viewer.close();
    return result;
  };
  const measured = await over('direct', undefined, async (device, viewer) => {
    const echo = await roundTrips(() => viewer.ping(), { count: sizes.rounds });
    return { echo, ...(await measure(device, sizes)) };
  });
  const v2 = await over('delayed', delayed(DELAY_MS), (device) => throughput(device, streamOf(sizes.delayedBytes)));
  const base = await over('base', delayed(DELAY_MS, baseOnly), (device) => throughput(device, streamOf(sizes.delayedBytes / 8, 1)));
  return { ...measured, delayed: v2, base, together: await eightDevices(host, sizes) };
}

/** Two viewers with four claims each, which is what a viewer may hold. */
async function eightDevices(host: HostProcess, { togetherSeconds }: Sizes): Promise<readonly number[]> {
  const viewers = [await usbViewer(host, 'one'), await usbViewer(host, 'two')];
  const claims = await Promise.all(
    viewers.flatMap((viewer, half) =>
      [1, 2, 3, 4].map(async (unit) => (await viewer.usb()).open({ ...IDS, serial: `BENCH-${half * 4 + unit}` })),
    ),
  );
  const read = await together(await Promise.all(claims.map(measurable)), { seconds: togetherSeconds, inFlight: 8 });
  for (const claim of claims) await claim.close();
  for (const viewer of viewers) viewer.close();
  return read;
}

/** The process that simulates the devices. */
class DeviceBus implements AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  readonly #end: () => Promise<void>;

  private constructor(environment: Readonly<Record<string, string>>, end: () => Promise<void>) {
    this.environment = environment;
    this.#end = end;
  }

  static async start(): Promise<DeviceBus> {
    const child = spawn(process.execPath, [...process.execArgv, 'bench/usb/loopback/device-bus.ts'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]; // a line is text
    const environment = JSON.parse(line) as Readonly<Record<string, string>>; // our own program wrote it
    return new DeviceBus(environment, async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
