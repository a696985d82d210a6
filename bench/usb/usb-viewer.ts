import { join } from 'node:path';
import type { UsbClaimHandle } from '@usher/usb';
import * as webRtc from 'node-datachannel';
import { Session } from '../../packages/sdk/src/node/connect.ts';
import { openFileIdentity } from '../../packages/sdk/src/node/identity-file.ts';
import { NodePeer } from '../../packages/sdk/src/node/peer.ts';
import { openSocket } from '../../packages/sdk/src/node/socket.ts';
import type { PeerChannel } from '../../packages/sdk/src/viewer/peer.ts';
import { place } from '../../packages/sdk/src/viewer/place.ts';
import type { HostProcess } from '../../tests/harness/host-process.ts';
import { speakingBaseOnly } from '../../tests/lab/usb/base-protocol.ts';
import { bulkIn, CONFIGURATION, type Measurable } from './measurable.ts';

const PATIENCE_MS = 30_000;

/** What lies between a viewer and its channel `usb`. */
export type Line = (channel: PeerChannel) => PeerChannel;

/** Of a viewer that never heard of v2. */
export const baseOnly: Line = (channel) => {
  const send = speakingBaseOnly((frame) => channel.send(frame.slice()));
  return between(channel, { send: (frame) => void send(frame) });
};

/** A line on which everything takes so long, each way. */
export function delayed(delayMs: number, line: Line = (channel) => channel): Line {
  return (direct) => {
    const channel = line(direct);
    return between(channel, {
      send: (frame) => void setTimeout(() => channel.send(frame), delayMs),
      onMessage: (listener) => channel.onMessage((frame) => void setTimeout(() => listener(frame), delayMs)),
    });
  };
}

/** A viewer of the host, a device of its own, paired over WebRTC. */
export async function usbViewer(host: HostProcess, name: string, line: Line = (channel) => channel): Promise<Session> {
  const createPeer = (options: ConstructorParameters<typeof NodePeer>[1]) => new LinePeer(line, options);
  const identity = await openFileIdentity(join(host.home, `${name}.json`));
  const mode = { width: 320, height: 200, refreshHz: 30 };
  const pin = await host.armPin();
  return new Session(await place({ openSocket, createPeer }, { url: host.url, pin, deviceName: name, mode, identity }));
}

/** A device that a viewer has lent. */
export async function measurable(claim: UsbClaimHandle): Promise<Measurable> {
  const endpoint = bulkIn(await claim.control({ ...CONFIGURATION, timeoutMs: PATIENCE_MS }));
  return {
    control: () => claim.control({ requestType: 0x80, request: 6, value: 0x0100, length: 18, timeoutMs: PATIENCE_MS }),
    read: (length) => claim.bulk({ endpoint, length, timeoutMs: PATIENCE_MS }),
  };
}

class LinePeer extends NodePeer {
  readonly #line: Line;

  constructor(line: Line, options: ConstructorParameters<typeof NodePeer>[1]) {
    super(webRtc, options);
    this.#line = line;
  }

  override channel(label: string): PeerChannel {
    const channel = super.channel(label);
    return label === 'usb' ? this.#line(channel) : channel;
  }
}

/** The channel, with something in between. */
function between(channel: PeerChannel, { send, onMessage }: Partial<Pick<PeerChannel, 'send' | 'onMessage'>>): PeerChannel {
  return {
    get bufferedAmount() {
      return channel.bufferedAmount;
    },
    send: send ?? ((frame) => channel.send(frame)),
    onMessage: onMessage ?? ((listener) => channel.onMessage(listener)),
    onClose: (listener) => channel.onClose(listener),
  };
}
