import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Acl, formatAcl, parseAcl } from '@usher/domain';
import { CodedError, isCoded, toWire } from '@usher/protocol';
import type { AclFile } from './acl-store.ts';
import { createExclusively, readOwnFile, writeAtomically } from './safe-file.ts';

const KEY_BYTES = 32;

/**
 * `usb_acl.json` with its HMAC-SHA256 in `usb_acl.json.sig` (64 hex digits) under the key in `usb_acl.json.key` (U3.1, U3.2). Each is
 * 0600 and replaced as a whole. A file without a signature is taken only while there is no key: once one exists, something
 * was signed, and a signature that is missing was removed (usb-field §7, row 22).
 */
export class SignedAclFile implements AclFile {
  readonly #home: string;
  readonly #path: string;
  readonly #signaturePath: string;
  /** The signature of rules that are about to be written: a crash between the two writes leaves one that fits. */
  readonly #nextSignaturePath: string;
  readonly #keyPath: string;

  constructor(home: string) {
    this.#home = home;
    this.#path = join(home, 'usb_acl.json');
    this.#signaturePath = `${this.#path}.sig`;
    this.#nextSignaturePath = `${this.#path}.sig.next`;
    this.#keyPath = `${this.#path}.key`;
  }

  async load(): Promise<Acl | undefined> {
    const bytes = await readOwnFile(this.#path);
    const key = await this.#readKey();
    if (bytes === undefined) {
      if (key === undefined) return undefined;
      throw new CodedError('store.unreadable', `${this.#path} is missing, but there is a key that signed one`);
    }
    if (key !== undefined) await this.#verify(bytes, key);
    else if ((await readOwnFile(this.#signaturePath)) !== undefined) {
      throw new CodedError('store.unreadable', `${this.#keyPath} is missing, so the signature can't be checked`);
    }
    return parse(bytes, this.#path);
  }

  async save(acl: Acl): Promise<void> {
    try {
      await this.#write(acl);
    } catch (error) {
      throw isCoded(error) ? error : new CodedError('store.write-failed', `${this.#path} can't be written`, { cause: error });
    }
  }

  async #write(acl: Acl): Promise<void> {
    await mkdir(this.#home, { recursive: true, mode: 0o700 });
    const text = formatAcl(acl);
    const key = (await this.#readKey()) ?? (await this.#createKey());
    await writeAtomically(this.#nextSignaturePath, signatureOf(Buffer.from(text), key));
    await writeAtomically(this.#path, text);
    await rename(this.#nextSignaturePath, this.#signaturePath);
  }

  async #verify(bytes: Buffer, key: Buffer): Promise<void> {
    const expected = signatureOf(bytes, key);
    if (await this.#holds(this.#signaturePath, expected)) return;
    if (await this.#holds(this.#nextSignaturePath, expected)) {
      await rename(this.#nextSignaturePath, this.#signaturePath); // the last step of a save that was interrupted
      return;
    }
    throw new CodedError('store.unreadable', `${this.#path} was changed by something else: its signature doesn't fit`);
  }

  async #holds(path: string, expected: string): Promise<boolean> {
    const found = (await readOwnFile(path))?.toString('latin1').trim();
    return found !== undefined && found.length === expected.length && timingSafeEqual(Buffer.from(found), Buffer.from(expected));
  }

  async #readKey(): Promise<Buffer | undefined> {
    const key = await readOwnFile(this.#keyPath);
    if (key !== undefined && key.length !== KEY_BYTES)
      throw new CodedError('store.unsafe', `${this.#keyPath} isn't a key of ${KEY_BYTES} bytes`);
    return key;
  }

  async #createKey(): Promise<Buffer> {
    const key = randomBytes(KEY_BYTES);
    await createExclusively(this.#keyPath, key);
    return key;
  }
}

function parse(bytes: Buffer, path: string): Acl {
  try {
    return parseAcl(bytes);
  } catch (error) {
    throw new CodedError('store.unreadable', `${path}: ${toWire(error).message}`, { cause: error });
  }
}

function signatureOf(bytes: Uint8Array, key: Uint8Array): string {
  return createHmac('sha256', key).update(bytes).digest('hex');
}
