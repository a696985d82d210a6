import { CodedError, isCoded, type Mode, PASSCODE_MAX, type ProfileEntry, type Welcome } from '@usher/protocol';
import { type Approach, approach } from './approach.ts';
import { ConnectError, toConnectError } from './connect-error.ts';
import { askProfiles, enter, type Wish } from './handshake.ts';
import type { ConnectOptions, HostOptions } from './options.ts';
import type { ViewerPeer, ViewerPlatform } from './peer.ts';
import { negotiatedCodec, type VideoCodecName } from './sdp.ts';

/** What a session is made of once the host has let the device in. */
export interface Placed<Certificate, Peer extends ViewerPeer> extends Approach<Peer> {
  readonly platform: ViewerPlatform<Certificate, Peer>;
  readonly identity: ConnectOptions<Certificate>['identity'];
  readonly profile: string;
  readonly mode: Mode;
  readonly codec: VideoCodecName;
}

/** One viewer from the first byte to its place in a profile. Rejects with ConnectError, or with the reason of the caller's signal. */
export function place<Certificate, Peer extends ViewerPeer>(
  platform: ViewerPlatform<Certificate, Peer>,
  options: ConnectOptions<Certificate>,
): Promise<Placed<Certificate, Peer>> {
  return visit(platform, options, async (reached, signal) => {
    const codec = negotiatedCodec(reached.answer);
    options.onProgress?.('starting');
    const welcome = await entering(
      reached,
      {
        mode: options.mode,
        deviceName: options.deviceName,
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        ...(options.passcode === undefined ? {} : { passcode: options.passcode }),
        ...(options.launch === undefined ? {} : { launch: options.launch }),
        onKnock: (secondsLeft) => {
          options.onProgress?.('waiting-for-approval');
          options.onKnock?.(secondsLeft);
        },
      },
      signal,
    );
    const profile = welcome.resolvedProfile ?? 'operator'; // a host of the base protocol has no other
    await reached.remember(profile);
    const { width, height, refreshHz } = welcome;
    return {
      ...reached,
      platform,
      identity: options.identity,
      profile,
      mode: { width, height, refreshHz },
      codec,
    };
  });
}

/** A host that refuses the profile has let the device in before: it is known from then on, whatever becomes of the profile. */
async function entering(reached: Approach<ViewerPeer>, wish: Wish, signal: AbortSignal): Promise<Welcome> {
  try {
    return await enter(reached.control, wish, signal);
  } catch (error) {
    if (error instanceof ConnectError && error.reject !== undefined) await reached.remember();
    throw error;
  }
}

/** The profiles that the host offers this device; an unpaired device without a PIN gets an empty list. */
export function profilesOf<Certificate, Peer extends ViewerPeer>(
  platform: ViewerPlatform<Certificate, Peer>,
  options: HostOptions<Certificate>,
): Promise<readonly ProfileEntry[]> {
  return visit(platform, options, async (reached, signal) => {
    const profiles = await askProfiles(reached.control, signal);
    reached.close();
    return profiles;
  });
}

async function visit<Certificate, Peer extends ViewerPeer, Result>(
  platform: ViewerPlatform<Certificate, Peer>,
  options: HostOptions<Certificate> & Pick<ConnectOptions, 'passcode'>,
  ask: (reached: Approach<Peer>, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const signal = options.signal ?? new AbortController().signal;
  try {
    signal.throwIfAborted();
    assertTypable(options);
    const reached = await approach(platform, options, signal);
    try {
      return await ask(reached, signal);
    } catch (error) {
      reached.close();
      throw error;
    }
  } catch (error) {
    if (signal.aborted && !isCoded(error)) throw error; // the caller's own abort
    throw toConnectError(error);
  }
}

/** What a person typed, before anybody is asked; the message never quotes it. */
function assertTypable({ pin, passcode }: Pick<ConnectOptions, 'pin' | 'passcode'>): void {
  if (pin !== undefined && !/^[0-9]{6}$/.test(pin)) throw new CodedError('config.invalid', 'a PIN has six digits');
  if (passcode === undefined || passcode.length <= PASSCODE_MAX) return;
  throw new CodedError('config.invalid', `a passcode has at most ${PASSCODE_MAX} bytes`);
}
