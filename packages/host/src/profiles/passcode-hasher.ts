import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { CodedError } from '@usher/protocol';

/** argon2id, version 0x13 (requirement P2.1; OWASP's floor): some 25 ms and 19 MiB each. The salt of 16 bytes is the library's own. */
const PARAMETERS = { algorithm: 2, version: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** At once: they run on libuv's four threads, of which files need some. */
const AT_ONCE = 2;
/** Claimed altogether: the last one waits for a fifth of a second. */
const CLAIMS_MAX = 16;

/** A place among those whose passcode is worked on. One call, then it is given back. */
export interface HashingPlace {
  hash(passcode: Uint8Array): Promise<string>;
  /** Whether it is the passcode of this hash. No hash, or one that is damaged, takes as long and is never right. */
  verify(phc: string | undefined, passcode: Uint8Array): Promise<boolean>;
  /** Gives the place back unused. */
  release(): void;
}

export interface PasscodeHasher {
  /** @throws CodedError `api.rate-limited` where too many are being worked on. */
  claim(): HashingPlace;
}

/** Passcodes to hashes and back, off the main thread. Whoever brings a passcode wipes it afterwards. */
export class Argon2Hasher implements PasscodeHasher {
  /** Of no passcode that anybody knows, with the same parameters as every new one. */
  readonly #decoy: string;
  readonly #queue: (() => void)[] = [];
  #claimed = 0;
  #running = 0;

  private constructor(decoy: string) {
    this.#decoy = decoy;
  }

  static async create(): Promise<Argon2Hasher> {
    return new Argon2Hasher(await hash(randomBytes(32), PARAMETERS));
  }

  claim(): HashingPlace {
    if (this.#claimed >= CLAIMS_MAX) {
      throw new CodedError('api.rate-limited', 'too many passcodes are being checked; try again in a moment', { retrySeconds: 2 });
    }
    this.#claimed += 1;
    let isOpen = true;
    const release = (): void => {
      if (isOpen) this.#claimed -= 1;
      isOpen = false;
    };
    return {
      hash: (passcode) => this.#inTurn(() => hash(passcode, PARAMETERS)).finally(release),
      verify: (phc, passcode) => this.#inTurn(() => this.#verify(phc, passcode)).finally(release),
      release,
    };
  }

  async #verify(phc: string | undefined, passcode: Uint8Array): Promise<boolean> {
    try {
      const isRight = await verify(phc ?? this.#decoy, passcode);
      return phc !== undefined && isRight;
    } catch {
      // A hash that can't be read: it must not be told from a wrong passcode by the time it takes.
      await verify(this.#decoy, passcode);
      return false;
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next(); // takes the turn as it is
    }
  }
}
