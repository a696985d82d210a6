import {
  CodedError,
  decodePairChallenge,
  decodePairResult,
  encodePairProof,
  encodePairRequest,
  type PairingIdentities,
  Spake2Side,
} from '@usher/protocol';
import type { ControlChannel } from './control-channel.ts';
import { spake2Suite } from './spake2-suite.ts';

/** Each answer takes the host a few milliseconds of arithmetic; its whole handshake allows 10 s (requirement P5.3). */
const ANSWER_MS = 10_000;

/**
 * Pairs by PIN (requirement P9.1). Afterwards each side knows that the other holds the PIN and has the certificate that DTLS proved,
 * because both fingerprints are part of the keys.
 */
export async function pair(
  control: ControlChannel,
  request: { readonly deviceName: string; readonly pin: string; readonly identities: PairingIdentities },
  signal: AbortSignal,
): Promise<void> {
  const side = new Spake2Side(spake2Suite, 'device', request.pin, request.identities);
  control.send(encodePairRequest({ name: request.deviceName, share: side.share }));

  const challenge = decodePairChallenge(await control.next(ANSWER_MS, signal));
  const keys = side.finish(challenge.share);
  // Our proof goes only to a host that knows the PIN: anyone else could test guesses against it.
  if (!side.matches(keys.hostConfirmation, challenge.confirmation)) throw wrongPin();
  control.send(encodePairProof(keys.deviceConfirmation));

  if (!decodePairResult(await control.next(ANSWER_MS, signal))) throw wrongPin();
}

function wrongPin(): CodedError {
  return new CodedError('pairing.wrong-pin', 'the PIN is wrong; a PIN is good for one try, so ask for a new one');
}
