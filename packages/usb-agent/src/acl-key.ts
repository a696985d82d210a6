import { randomBytes } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { CodedError } from '@usher/protocol';
import { createExclusively, readOwnFile } from './safe-file.ts';

export const KEY_BYTES = 32;
/** Holds the key in hex, where the environment is where it comes from. */
const KEY_VARIABLE = 'USHER_USB_ACL_KEY';

/** Where the key is that the rules are signed with (U3.2). */
export interface AclKey {
  /** What messages call it. */
  readonly name: string;
  /** A file that changes when the key does; undefined where nothing tells. */
  readonly path: string | undefined;
  /** Made at the first save, so that a key says that rules were signed; one that somebody brought says nothing. */
  readonly isMadeHere: boolean;
  /** Undefined where there is none yet. `store.unreadable` or `store.unsafe` where it can't be had. */
  read(): Promise<Buffer | undefined>;
  /** Makes the first one. */
  create(): Promise<Buffer>;
  /** Takes back the one that was just made: nothing came to be signed with it. */
  discard(): Promise<void>;
}

/** 32 random bytes in a file that only its owner can read. */
export class FileAclKey implements AclKey {
  readonly path: string;
  readonly isMadeHere: boolean;

  constructor(path: string, isMadeHere = true) {
    this.path = path;
    this.isMadeHere = isMadeHere;
  }

  get name(): string {
    return this.path;
  }

  async read(): Promise<Buffer | undefined> {
    const key = await readOwnFile(this.path);
    if (key !== undefined && key.length !== KEY_BYTES)
      throw new CodedError('store.unsafe', `${this.path} isn't a key of ${KEY_BYTES} bytes`);
    return key;
  }

  async create(): Promise<Buffer> {
    const key = randomBytes(KEY_BYTES);
    await createExclusively(this.path, key);
    return key;
  }

  async discard(): Promise<void> {
    await unlink(this.path);
  }
}

/** For whoever has secrets of their own to keep: the service manager's credentials, a container's. */
export class EnvironmentAclKey implements AclKey {
  readonly name = KEY_VARIABLE;
  readonly path = undefined;
  readonly isMadeHere = false;
  readonly #text: string;

  constructor({ [KEY_VARIABLE]: text = '' }: NodeJS.ProcessEnv) {
    this.#text = text;
  }

  read(): Promise<Buffer> {
    if (/^[0-9a-f]{64}$/i.test(this.#text)) return Promise.resolve(Buffer.from(this.#text, 'hex'));
    const remedy = 'make one: openssl rand -hex 32';
    return Promise.reject(new CodedError('store.unreadable', `${KEY_VARIABLE} holds no key of ${KEY_BYTES} bytes in hex; ${remedy}`));
  }

  create(): Promise<Buffer> {
    return this.read();
  }

  discard(): Promise<void> {
    return Promise.resolve(); // it is somebody else's
  }
}
