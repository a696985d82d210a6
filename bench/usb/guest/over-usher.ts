import type { UsbClaimHandle } from '@usher/usb';
import type { Session } from '../../../packages/sdk/src/node/connect.ts';
import { HostProcess } from '../../../tests/harness/host-process.ts';
import { descendants, memoryBytes } from '../../../tests/harness/processes.ts';
import { roundTrips, type Stream, throughput, together } from '../measurable.ts';
import { baseOnly, measurable, usbViewer } from '../usb-viewer.ts';
import { serveCommands } from './serve-commands.ts';

// The packaged host with its agent, and viewers of it over WebRTC, each a device of its own.

const host = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'libusb', '--no-mdns'], readyWithinMs: 120_000 });
await host.api('POST', '/usb/acl/add', { vendor_id: '1209', product_id: '0020', allow: true });
const viewers = new Map<string, Session>();
const claims = new Map<string, UsbClaimHandle>();

/** A host and its agent keep to their times; an emulated machine that others keep busy may need another try. */
const ATTEMPTS = 5;

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      process.stderr.write(`${String(error)}\n`);
    }
  }
}

async function connect(name: string, protocol: unknown): Promise<void> {
  viewers.set(name, await patiently(() => usbViewer(host, name, protocol === 'base' ? baseOnly : undefined)));
}

/** The agent's memory: the packaged process below the host. */
async function agentBytes(): Promise<number> {
  const pid = host.process.pid;
  const agent =
    pid === undefined ? undefined : (await descendants(pid)).find((info) => info.command.includes('usb-agent/dist/main.js --home'));
  return agent === undefined ? Number.NaN : memoryBytes(agent.pid);
}

function viewerOf(name: unknown): Session {
  const viewer = viewers.get(String(name));
  if (viewer === undefined) throw new Error(`no viewer is connected as ${String(name)}`);
  return viewer;
}

function claimOf(name: unknown): UsbClaimHandle {
  const claim = claims.get(String(name));
  if (claim === undefined) throw new Error(`nothing is open as ${String(name)}`);
  return claim;
}

await serveCommands(async (command) => {
  const { name, serial } = command;
  switch (command['do']) {
    case 'connect':
      return connect(String(name), command['protocol']);
    case 'open': {
      const usb = await patiently(() => viewerOf(command['viewer']).usb());
      claims.set(String(name), await patiently(() => usb.open({ vendorId: '1209', productId: '0020', serial: String(serial) })));
      return undefined;
    }
    case 'echo':
      return roundTrips(() => viewerOf(command['viewer']).ping(), { count: Number(command['count']) });
    case 'control':
      return roundTrips((await measurable(claimOf(name))).control, { count: Number(command['count']) });
    case 'bulk':
      return throughput(await measurable(claimOf(name)), command['stream'] as Stream); // the bench wrote it
    case 'together':
      return together(await Promise.all([...claims.values()].map(measurable)), { seconds: Number(command['seconds']), inFlight: 8 });
    case 'memory':
      return agentBytes();
    case 'close': {
      await claimOf(name).close();
      claims.delete(String(name));
      return undefined;
    }
    default:
      throw new Error(`no command "${String(command['do'])}"`);
  }
});
await host.stop();
process.exit(0); // libdatachannel's threads keep a process alive
