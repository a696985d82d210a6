import { CodedError, type Fingerprint } from '@usher/protocol';
import { HELLO_MS, originOf, signalUrl } from './approach.ts';
import { toConnectError } from './connect-error.ts';
import type { ViewerPeer, ViewerPlatform } from './peer.ts';
import { Signalling } from './signalling.ts';
import { within } from './within.ts';

/**
 * The fingerprint that a host shows to whoever asks, for a person to compare before anything is trusted (requirement P9.1). Whoever sits
 * in between can show another: only pairing, or a fingerprint that came another way, makes it worth something.
 */
export async function presentedBy(
  platform: Pick<ViewerPlatform<unknown, ViewerPeer>, 'openSocket'>,
  url: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Fingerprint> {
  try {
    signal.throwIfAborted();
    const signalling = new Signalling(await platform.openSocket(signalUrl(originOf(url)), signal));
    try {
      const late = () => new CodedError('session.handshake-timeout', 'the host said nothing');
      return (await within(signalling.hello, HELLO_MS, signal, late)).fingerprint;
    } finally {
      signalling.close();
    }
  } catch (error) {
    if (signal.aborted) throw error; // the caller's own abort
    throw toConnectError(error);
  }
}
