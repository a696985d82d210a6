import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Session } from '../../packages/sdk/src/node/connect.ts';
import { HostProcess } from '../../tests/harness/host-process.ts';
import { type Figure, report, summary } from '../figures.ts';
import { localProgram } from './loopback/local-program.ts';
import { packagesSeeing } from './loopback/packages-copy.ts';
import { UsbredirDevice } from './loopback/usbredir-device.ts';
import { type Measurable, roundTrips, throughput, together } from './measurable.ts';
import { baseOnly, delayed, type Line, measurable, usbViewer } from './usb-viewer.ts';

const IDS = { vendorId: '1209', productId: '0020' } as const;
/** One way; there and back it is 20 ms. */
const DELAY_MS = 10;
const READ = 16 * 1024;

interface Sizes {
  readonly rounds: number;
  readonly bytes: number;
  readonly delayedBytes: number;
  readonly togetherSeconds: number;
}
const WHOLE: Sizes = { rounds: 2000, bytes: 128 * 2 ** 20, delayedBytes: 32 * 2 ** 20, togetherSeconds: 10 };
const QUICK: Sizes = { rounds: 500, bytes: 32 * 2 ** 20, delayedBytes: 8 * 2 ** 20, togetherSeconds: 3 };

/** USB passthrough on this machine itself: real libusb on a bus that libumockdev shows it, beside Debian's usbredirect on the same bus. */
export async function usbLoopbackBench(quick: boolean): Promise<boolean> {
  const sizes = quick ? QUICK : WHOLE;
  await using bus = await DeviceBus.start();
  const direct = await overLibusb(bus, sizes);
  const usbredir = UsbredirDevice.isInstalled() ? await overUsbredir(bus, sizes) : undefined;
  const usher = await overUsher(bus, sizes);

  const [here, there] = [summary(usher.control), usbredir && summary(usbredir.control)];
  const figures: Figure[] = [
    { name: 'control transfer of 18 bytes, nothing between, median', unit: 'ms', value: summary(direct.control).median },
    { name: 'bulk IN, 16 reads under way, nothing between', unit: 'MiB/s', value: mebibytes(direct.bulk) },
    { name: 'control transfer of 18 bytes over WebRTC, median', unit: 'ms', value: here.median, ...peer(there?.median) },
    { name: 'the same, p95', unit: 'ms', value: here.p95, ...peer(there?.p95) },
    { name: 'a message over WebRTC and back, nothing of USB, median', unit: 'ms', value: summary(usher.echo).median },
    {
      name: 'bulk IN over WebRTC, 16 reads under way',
      unit: 'MiB/s',
      value: mebibytes(usher.bulk),
      ...peer(usbredir && mebibytes(usbredir.bulk)),
    },
    {
      name: 'bulk IN at 20 ms, 16 reads under way (peer: base protocol)',
      unit: 'MiB/s',
      value: mebibytes(usher.delayed),
      peer: mebibytes(usher.base),
    },
    { name: 'the base protocol’s one read ÷ that', unit: '×', value: usher.base / usher.delayed, atMost: 0.1 },
    {
      name: 'eight devices at once: fastest ÷ slowest',
      unit: '×',
      value: Math.max(...usher.together) / Math.min(...usher.together),
      atMost: 2,
    },
    { name: 'eight devices at once, all', unit: 'MiB/s', value: mebibytes(sum(usher.together) / sizes.togetherSeconds) },
  ];
  return report('usb-loopback; peer: usbredirect 0.13 over loopback TCP, or the base protocol', figures);
}

interface Measured {
  readonly control: readonly number[];
  /** Bytes a second. */
  readonly bulk: number;
}

/** In the process that has the device, with nothing between. */
async function overLibusb({ environment }: DeviceBus, { rounds, bytes }: Sizes): Promise<Measured> {
  const program = await localProgram('bench/usb/guest/over-libusb.ts', environment);
  await program.ask({ do: 'open', vendorId: Number(`0x${IDS.vendorId}`), productId: Number(`0x${IDS.productId}`) });
  const control = await program.numbers({ do: 'control', count: rounds });
  const bulk = await program.number({ do: 'bulk', stream: { bytes, length: READ, inFlight: 16 } });
  await program.end();
  return { control, bulk };
}

async function overUsbredir({ environment }: DeviceBus, sizes: Sizes): Promise<Measured> {
  const device = await UsbredirDevice.open(`${IDS.vendorId}:${IDS.productId}`, environment);
  const measured = await measure(await device.measurable(), sizes);
  await device.close();
  return measured;
}

interface OverUsher extends Measured {
  /** Milliseconds of a message to the host and back, with nothing of USB. */
  readonly echo: readonly number[];
  /** Bytes a second at 20 ms: v2 with 16 reads under way, and the base protocol with its one. */
  readonly delayed: number;
  readonly base: number;
  /** Bytes of each of eight devices in the same time. */
  readonly together: readonly number[];
}

async function overUsher({ environment }: DeviceBus, sizes: Sizes): Promise<OverUsher> {
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
  const slow = { bytes: sizes.delayedBytes, length: READ };
  const v2 = await over('delayed', delayed(DELAY_MS), (device) => throughput(device, { ...slow, inFlight: 16 }));
  const base = await over('base', delayed(DELAY_MS, baseOnly), (device) =>
    throughput(device, { ...slow, bytes: slow.bytes / 8, inFlight: 1 }),
  );
  return { ...measured, delayed: v2, base, together: await eightDevices(host, sizes) };
}

async function measure(device: Measurable, { rounds, bytes }: Sizes): Promise<Measured> {
  const control = await roundTrips(() => device.control(), { count: rounds });
  return { control, bulk: await throughput(device, { bytes, length: READ, inFlight: 16 }) };
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

/** A peer that isn't installed has no figures. */
function peer(value: number | undefined): Pick<Figure, 'peer'> {
  return value === undefined ? {} : { peer: value };
}

function mebibytes(bytes: number): number {
  return bytes / 2 ** 20;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
