import { UsbLab } from '../../tests/lab/usb/usb-lab.ts';
import { bundle } from '../../tests/lab/vm/bundle.ts';
import { PROJECT } from '../../tests/lab/vm/machine.ts';
import { report, summary } from '../figures.ts';
import { BenchProgram } from './bench-program.ts';
import { DELAY_MS, type Measured, type MeasuredUsher, measureProgram, mebibytes, type Sizes, streamOf, usbFigures } from './measured.ts';

const DEVICE = '1209:0020';
/** An address that isn't loopback's: libdatachannel offers no others. Its traffic stays on `lo`, like that of USB/IP. */
const NETWORK = ['ip link add usher0 type dummy', 'ip addr add 10.77.0.1/24 dev usher0', 'ip link set usher0 up'];
/**
 * The kernel's own source of endless bytes (the gadget function SourceSink) behind a controller that exists in memory: `usbip_host` refuses what
 * a virtual host controller of USB/IP has plugged in.
 */
const CONTROLLERS = ['modprobe dummy_hcd num=8', 'modprobe libcomposite', 'mount -t configfs none /sys/kernel/config 2>/dev/null || true'];
const WHOLE: Sizes = { rounds: 300, bytes: 16 * 2 ** 20, delayedBytes: 4 * 2 ** 20, togetherSeconds: 10 };
const QUICK: Sizes = { rounds: 60, bytes: 2 * 2 ** 20, delayedBytes: 2 ** 20, togetherSeconds: 3 };

/** The speed bounds of USB passthrough (issue 3), in the lab's machine, beside USB/IP with the same device in the same run. */
export async function usbBench(quick: boolean): Promise<boolean> {
  const sizes = quick ? QUICK : WHOLE;
  await using lab = await UsbLab.start();
  await lab.machine.sh(...NETWORK);
  await lab.letUserAt(DEVICE);
  await lab.machine.sh(...CONTROLLERS);
  await plugSource(lab, 1);

  const { place, measured: direct } = await overLibusb(lab, sizes);
  const usbip = await overUsbip(lab, sizes, place);
  const bare = await measureProgram(await install(lab, 'over-bare-channel', ['node-datachannel']), sizes);
  const usher = await overUsher(lab, sizes);

  return report('usb, in the lab’s machine; peer: USB/IP (usbip_host and vhci over loopback TCP), or the base protocol', [
    ...usbFigures({ direct, bare, peer: usbip, usher }, sizes),
    {
      name: 'control transfer: WebRTC ÷ USB/IP',
      unit: '×',
      value: summary(usher.control).median / summary(usbip.control).median,
      atMost: 1.5,
    },
    { name: 'bulk IN: USB/IP ÷ WebRTC', unit: '×', value: usbip.bulk / usher.bulk, atMost: 1 },
    { name: 'the agent before any claim', unit: 'MiB', value: mebibytes(usher.memory.before) },
    { name: 'eight idle claims more', unit: 'MiB', value: mebibytes(usher.memory.idle - usher.memory.before) },
    { name: 'eight busy claims more', unit: 'MiB', value: mebibytes(usher.memory.busy - usher.memory.before) },
  ]);
}

/** Through libusb in the guest; `not` is a place where the device isn't to be looked for. */
async function overLibusb(lab: UsbLab, sizes: Sizes, not?: string): Promise<{ readonly place: string; readonly measured: Measured }> {
  const program = await install(lab, 'over-libusb', ['usb']);
  const place = String(await program.ask({ do: 'open', vendorId: 0x1209, productId: 0x0020, ...(not === undefined ? {} : { not }) }));
  return { place, measured: await measureProgram(program, sizes) };
}

/** The same device, taken by `usbip_host`, sent over TCP and brought back by the virtual host controller: libusb sees it twice. */
async function overUsbip(lab: UsbLab, sizes: Sizes, place: string): Promise<Measured> {
  await lab.machine.sh('usbipd -D', `usbip bind -b ${place}`, `usbip attach -r 127.0.0.1 -b ${place}`);
  await lab.untilSeen('1209', '0020', 2);
  const { measured } = await overLibusb(lab, sizes, place);
  await lab.machine.sh(
    "port=$(usbip port 2>/dev/null | sed -n 's/^Port 0*\\([0-9][0-9]*\\):.*/\\1/p' | tail -n 1)",
    'usbip detach -p "$port"',
    `usbip unbind -b ${place}`,
  );
  return measured;
}

interface OverUsher extends MeasuredUsher {
  readonly memory: { readonly before: number; readonly idle: number; readonly busy: number };
}

async function overUsher(lab: UsbLab, sizes: Sizes): Promise<OverUsher> {
  const desktop = await lab.machine.install('no-desktop.mjs', await bundle(new URL('./guest/no-desktop.ts', import.meta.url)));
  await lab.machine.sh(`mount --bind ${desktop} ${PROJECT}/packages/worker/dist/main.js`);
  const program = await install(lab, 'over-usher', ['node-datachannel']);
  const before = await program.number({ do: 'memory' });

  await program.ask({ do: 'connect', name: 'one' });
  await program.ask({ do: 'open', viewer: 'one', name: 'BENCH-1', serial: 'BENCH-1' });
  const echo = await program.numbers({ do: 'echo', viewer: 'one', count: sizes.rounds });
  const control = await program.numbers({ do: 'control', name: 'BENCH-1', count: sizes.rounds });
  const bulk = await program.number({ do: 'bulk', name: 'BENCH-1', stream: streamOf(sizes.bytes) });

  await lab.machine.sh(`tc qdisc add dev lo root netem delay ${DELAY_MS}ms limit 100000`);
  const delayed = await program.number({ do: 'bulk', name: 'BENCH-1', stream: streamOf(sizes.delayedBytes) });
  await program.ask({ do: 'close', name: 'BENCH-1' });
  await lab.machine.sh('tc qdisc del dev lo root');
  await program.ask({ do: 'connect', name: 'base', protocol: 'base' });
  await program.ask({ do: 'open', viewer: 'base', name: 'base', serial: 'BENCH-1' });
  await lab.machine.sh(`tc qdisc add dev lo root netem delay ${DELAY_MS}ms limit 100000`);
  const base = await program.number({ do: 'bulk', name: 'base', stream: streamOf(sizes.delayedBytes / 8, 1) });
  await lab.machine.sh('tc qdisc del dev lo root');
  await program.ask({ do: 'close', name: 'base' });

  await program.ask({ do: 'connect', name: 'two' });
  for (let unit = 1; unit <= 8; unit += 1) {
    const serial = `BENCH-${unit}`;
    if (unit > 1) await plugSource(lab, unit);
    await program.ask({ do: 'open', viewer: unit <= 4 ? 'one' : 'two', name: serial, serial }); // a viewer may hold four
  }
  const idle = await program.number({ do: 'memory' });
  const together = await program.numbers({ do: 'together', seconds: sizes.togetherSeconds });
  const busy = await program.number({ do: 'memory' });
  await program.end();
  return { echo, control, bulk, delayed, base, together, memory: { before, idle, busy } };
}

/** Each has its own controller and its own serial number, `BENCH-1` and so on. */
async function plugSource(lab: UsbLab, unit: number): Promise<void> {
  const gadget = `/sys/kernel/config/usb_gadget/bench${unit}`;
  await lab.machine.sh(
    `mkdir ${gadget} && cd ${gadget}`,
    'echo 0x1209 > idVendor; echo 0x0020 > idProduct',
    `mkdir strings/0x409 configs/c.1 functions/SourceSink.0; echo BENCH-${unit} > strings/0x409/serialnumber`,
    'ln -s functions/SourceSink.0 configs/c.1/',
    `echo dummy_udc.${unit - 1} > UDC`,
  );
  await lab.untilSeen('1209', '0020', unit);
}

async function install(lab: UsbLab, name: string, external: readonly string[]): Promise<BenchProgram> {
  const path = await lab.machine.install(`${name}.mjs`, await bundle(new URL(`./guest/${name}.ts`, import.meta.url), external));
  return BenchProgram.ready(lab.machine.start(['node', path], { asUser: true, directory: PROJECT }));
}
