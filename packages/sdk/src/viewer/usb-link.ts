import { CodedError, isCoded } from '@usher/protocol';
import { UsbClient } from '@usher/usb';
import type { PeerChannel, ViewerPeer } from './peer.ts';
import { linkPeer } from './peer-link.ts';
import type { Placed } from './place.ts';

/** As for the session's own connection: an offerer on libdatachannel now and then needs a second try (facts/media §1.4). */
const ATTEMPTS = 3;
/** Bytes that may wait to be sent. The windows of four claims keep a caller below it: 4 × 2 MiB (rule U13), and the frames around them. */
const WAITING_MAX = 10 * 1024 * 1024;

export interface UsbLink {
  readonly client: UsbClient;
  close(): void;
}

/**
 * The viewer's second peer connection, by the session's WebSocket: on a shared one, bulk transfers starve the input (facts/media §1.3).
 * `lost` is called when it ends by itself; its client has been shut down by then.
 */
export async function openUsbLink<Certificate, Peer extends ViewerPeer>(
  placed: Placed<Certificate, Peer>,
  signal: AbortSignal,
  lost: () => void,
): Promise<UsbLink> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openOnce(placed, signal, lost);
    } catch (error) {
      if (attempt === ATTEMPTS || placed.signalling.failure !== undefined || !isCoded(error, 'session.transport')) throw error;
    }
  }
}

async function openOnce<Certificate, Peer extends ViewerPeer>(
  placed: Placed<Certificate, Peer>,
  signal: AbortSignal,
  lost: () => void,
): Promise<UsbLink> {
  let client: UsbClient | undefined;
  const end = () => {
    client?.shutdown(new CodedError('session.transport', 'the USB connection to the host was lost'));
    lost();
  };
  const { platform, identity, signalling, hello, origin } = placed;
  const { peer } = await linkPeer({
    platform,
    identity,
    signalling,
    hello,
    origin,
    purpose: 'bulk',
    provesKey: false, // the host takes it from the session's own device only
    signal,
    attach: (_label, channel) => {
      client = attachUsb(channel);
      channel.onClose(end);
    },
    lost: end,
  });
  if (client === undefined) throw new TypeError('the bulk connection has a usb channel');
  const opened = client;
  return {
    client: opened,
    close: () => {
      opened.shutdown();
      peer.close();
    },
  };
}

function attachUsb(channel: PeerChannel): UsbClient {
  const client = new UsbClient({
    send: (frame) => {
      if (channel.bufferedAmount > WAITING_MAX) throw new CodedError('session.transport', 'the host does not take USB frames any more');
      channel.send(frame.slice());
    },
  });
  channel.onMessage((bytes) => client.receive(bytes));
  return client;
}
