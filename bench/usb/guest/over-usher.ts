import { join } from 'node:path';
import type { UsbClaimHandle, UsbClient } from '@usher/usb';
import * as webRtc from 'node-datachannel';
import { Session } from '../../../packages/sdk/src/node/connect.ts';
import { openFileIdentity } from '../../../packages/sdk/src/node/identity-file.ts';
import { NodePeer } from '../../../packages/sdk/src/node/peer.ts';
import { openSocket } from '../../../packages/sdk/src/node/socket.ts';
import type { PeerChannel } from '../../../packages/sdk/src/viewer/peer.ts';
import { place } from '../../../packages/sdk/src/viewer/place.ts';
import { HostProcess } from '../../../tests/harness/host-process.ts';
import { descendants, memoryBytes } from '../../../tests/harness/processes.ts';
import { speakingBaseOnly } from '../../../tests/lab/usb/base-protocol.ts';
import { bulkIn, CONFIGURATION, type Measurable, roundTrips, type Stream, serveCommands, throughput } from './commands.ts';

// The packaged host with its agent, and viewers of it over WebRTC, each a device of its own.

const PATIENCE_MS = 30_000;

/** A viewer that never heard of v2. */
class BasePeer extends NodePeer {
  override channel(label: string): PeerChannel {
    const channel = super.channel(label);
    if (label !== 'usb') return channel;
    const send = speakingBaseOnly((frame) => channel.send(frame.slice()));
    return {
      get bufferedAmount() {
        return channel.bufferedAmount;
      },
      send: (frame) => void send(frame),
      onMessage: (listener) => channel.onMessage(listener),
      onClose: (listener) => channel.onClose(listener),
    };
  }
}

const host = await HostProcess.start({ args: ['--usb-passthrough', '--usb-backend', 'libusb', '--no-mdns'], readyWithinMs: 120_000 });
await host.api('POST', '/usb/acl/add', { vendor_id: '1209', product_id: '0020', allow: true });
const viewers = new Map<string, UsbClient>();
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
  const createPeer = (options: ConstructorParameters<typeof NodePeer>[1]) =>
    protocol === 'base' ? new BasePeer(webRtc, options) : new NodePeer(webRtc, options);
  const identity = await openFileIdentity(join(host.home, `${name}.json`));
  const mode = { width: 320, height: 200, refreshHz: 30 };
  const placed = () =>
    host.armPin().then((pin) => place({ openSocket, createPeer }, { url: host.url, pin, deviceName: name, mode, identity }));
  viewers.set(name, await patiently(async () => new Session(await placed()).usb()));
}

async function measurable(claim: UsbClaimHandle): Promise<Measurable> {
  const endpoint = bulkIn(await claim.control({ ...CONFIGURATION, timeoutMs: PATIENCE_MS }));
  return {
    control: () => claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18, timeoutMs: PATIENCE_MS }),
    read: (length) => claim.bulk({ endpoint, length, timeoutMs: PATIENCE_MS }),
  };
}

/** The agent's memory: the packaged process below the host. */
async function agentBytes(): Promise<number> {
  const pid = host.process.pid;
  const agent =
    pid === undefined ? undefined : (await descendants(pid)).find((info) => info.command.includes('usb-agent/dist/main.js --home'));
  return agent === undefined ? Number.NaN : memoryBytes(agent.pid);
}

/** Bytes that each claim has read in the same time, eight reads of 16 KiB under way on each. */
async function together(names: readonly string[], seconds: number): Promise<readonly number[]> {
  const devices = await Promise.all(names.map((name) => measurable(claimOf(name))));
  const end = performance.now() + seconds * 1000;
  return Promise.all(
    devices.map(async (device) => {
      let got = 0;
      const lane = async () => {
        while (performance.now() < end) {
        const read = await device.read(16 * 1024);
        got += read.length;
      }
      };
      await Promise.all(Array.from({ length: 8 }, lane));
      return got;
    }),
  );
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
      const viewer = viewers.get(String(command['viewer']));
      if (viewer === undefined) throw new Error('no such viewer');
      claims.set(String(name), await patiently(() => viewer.open({ vendorId: '1209', productId: '0020', serial: String(serial) })));
      return undefined;
    }
    case 'control':
      return roundTrips(await measurable(claimOf(name)), { count: Number(command['count']) });
    case 'bulk':
      return throughput(await measurable(claimOf(name)), command['stream'] as Stream); // the bench wrote it
    case 'together':
      return together([...claims.keys()], Number(command['seconds']));
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
