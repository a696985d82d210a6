import { createHash, randomBytes } from 'node:crypto';
import { CodedError, type DeviceKeyProof, deviceApiStatement, type Fingerprint } from '@usher/protocol';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { provedKey } from '../connection/identity.ts';
import type { PairedDevice, PairedDevices } from '../services.ts';
import { bearerOf } from './operator-access.ts';

/** A challenge is answered at once by a program; a minute covers the slowest network. */
const CHALLENGE_MS = 60_000;
/** Challenges that wait for their answer, in all and of one address. */
const MAX_CHALLENGES = 256;
const MAX_CHALLENGES_OF_ADDRESS = 8;
const TOKEN_MS = 3_600_000;
/** Programs of one device at a time; one more ends the oldest. */
const MAX_TOKENS_OF_DEVICE = 4;
/** Every paired device with its tokens would fit many times into this; one more ends the oldest. */
const MAX_TOKENS = 1024;
/** Tells a device's token from the operator's: one that has expired must not count as a guess at the other. */
const PREFIX = 'device.';

export interface DeviceAccessOptions {
  readonly clock: Clock;
  readonly host: Fingerprint;
  readonly paired: Pick<PairedDevices, 'findByKey'>;
}

/**
 * How a paired device proves over HTTPS who it is (rule S12, ADR 0012): it signs a nonce with its long-lived key and gets a token for an
 * hour. The token stands for the key, and the pairing is looked up at every use: a device that was removed is a stranger at once.
 */
export class DeviceAccess {
  readonly #options: DeviceAccessOptions;
  /** Nonce → who asked and until when; oldest first. */
  readonly #challenges = new Map<string, { readonly address: string; readonly endMs: number }>();
  /** Digest of the token → the key it stands for and until when; oldest first. */
  readonly #tokens = new Map<string, { readonly key: string; readonly endMs: number }>();

  constructor(options: DeviceAccessOptions) {
    this.#options = options;
  }

  /** @throws CodedError `api.rate-limited` while too many challenges wait for an answer. */
  challenge(address: string): { readonly nonce: string; readonly expiresUnix: number } {
    const now = this.#options.clock.now();
    for (const [nonce, { endMs }] of this.#challenges) if (endMs <= now) this.#challenges.delete(nonce);
    const ofAddress = [...this.#challenges.values()].filter((challenge) => challenge.address === address).length;
    if (this.#challenges.size >= MAX_CHALLENGES || ofAddress >= MAX_CHALLENGES_OF_ADDRESS) {
      throw new CodedError('api.rate-limited', 'too many challenges wait for their answer', { retrySeconds: CHALLENGE_MS / 1000 });
    }
    const nonce = randomBytes(32).toString('hex');
    this.#challenges.set(nonce, { address, endMs: now + CHALLENGE_MS });
    return { nonce, expiresUnix: this.#options.clock.unix() + CHALLENGE_MS / 1000 };
  }

  /**
   * Trades a signed nonce for a token; the nonce is gone whatever comes of it.
   *
   * @throws CodedError `api.unauthorized` for a nonce that isn't open, `message.malformed` for a signature that doesn't hold, and
   * `device.not-paired`.
   */
  open(nonce: string, proof: DeviceKeyProof): { readonly token: string; readonly expiresUnix: number } {
    const { clock, host, paired } = this.#options;
    const now = clock.now();
    const challenge = this.#challenges.get(nonce);
    this.#challenges.delete(nonce);
    if (challenge === undefined || challenge.endMs <= now)
      throw new CodedError('api.unauthorized', 'the challenge has ended; ask for another');
    const key = provedKey(proof, deviceApiStatement(nonce, host));
    if (paired.findByKey(key) === undefined) throw new CodedError('device.not-paired', 'this device is not paired with this host');
    this.#makeRoom(key, now);
    const token = `${PREFIX}${randomBytes(32).toString('hex')}`;
    this.#tokens.set(digestOf(token), { key, endMs: now + TOKEN_MS });
    return { token, expiresUnix: clock.unix() + TOKEN_MS / 1000 };
  }

  /** The device that calls; undefined where it isn't a device that calls. Throws `api.unauthorized` for a device whose token has ended. */
  deviceOf(request: FastifyRequest): PairedDevice | undefined {
    const token = bearerOf(request);
    if (token?.startsWith(PREFIX) !== true) return undefined;
    const known = this.#tokens.get(digestOf(token));
    const live = known !== undefined && known.endMs > this.#options.clock.now();
    const device = live ? this.#options.paired.findByKey(known.key) : undefined;
    if (device === undefined) throw new CodedError('api.unauthorized', 'the device token has ended; ask for a challenge');
    return device;
  }

  #makeRoom(key: string, now: number): void {
    for (const [digest, { endMs }] of this.#tokens) if (endMs <= now) this.#tokens.delete(digest);
    const ofDevice = [...this.#tokens].filter(([, token]) => token.key === key);
    const [oldest] = ofDevice.length >= MAX_TOKENS_OF_DEVICE ? ofDevice : this.#tokens.size >= MAX_TOKENS ? [...this.#tokens] : [];
    if (oldest !== undefined) this.#tokens.delete(oldest[0]);
  }
}

/** A dump of the memory holds no token, and a look-up's time tells nothing. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
