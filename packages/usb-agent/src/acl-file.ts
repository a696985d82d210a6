import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Acl, DENY_ALL, formatAcl, parseAcl } from '@usher/domain';
import { CodedError, isCoded, toWire } from '@usher/protocol';
import { type AclKey, FileAclKey } from './acl-key.ts';
import { AclRevisions } from './acl-revisions.ts';
import type { AclFile } from './acl-store.ts';
import { readOwnFile, writeAtomically } from './safe-file.ts';

/** How much is believed of rules, and by what. */
export interface AclTrust {
  readonly key: AclKey;
  /** Rules that carry no signature aren't taken, also where nothing was ever signed (U3.2). */
  readonly requiresSignature: boolean;
}

/**
 * `usb_acl.json` with its HMAC-SHA256 in `usb_acl.json.sig` (64 hex digits) under a key (U3.1, U3.2; `usb_acl.json.key` where
 * no other place was chosen), and its number in `usb_acl.json.revision` ({@link AclRevisions}). Each is 0600 and replaced as a whole. A file without a signature is taken
 * only while there is no key: once one exists, something was signed, and a signature that is missing was removed (usb-field §7, row 22).
 */
export class SignedAclFile implements AclFile {
  readonly #home: string;
  readonly #path: string;
  readonly #signaturePath: string;
  /** The signature of rules that are about to be written: a crash between the two writes leaves one that fits. */
  readonly #nextSignaturePath: string;
  readonly #key: AclKey;
  readonly #requiresSignature: boolean;
  readonly #revisions: AclRevisions;

  /** `path`: where the rules are, if not in the state directory. */
  constructor(home: string, path = join(home, 'usb_acl.json'), trust: Partial<AclTrust> = {}) {
    this.#home = home;
    this.#path = path;
    this.#signaturePath = `${path}.sig`;
    this.#nextSignaturePath = `${path}.sig.next`;
    this.#key = trust.key ?? new FileAclKey(`${path}.key`);
    this.#requiresSignature = trust.requiresSignature ?? false;
    this.#revisions = new AclRevisions(path);
  }

  async load(): Promise<Acl | undefined> {
    const bytes = await readOwnFile(this.#path);
    const key = await this.#key.read();
    if (bytes === undefined) {
      if ((key === undefined || !this.#key.isMadeHere) && !(await this.#isSigned())) return undefined;
      throw new CodedError('store.unreadable', `${this.#path} is missing, but rules were signed`);
    }
    if (key !== undefined) await this.#verify(bytes, key);
    else if (await this.#isSigned()) {
      throw new CodedError('store.unreadable', `${this.#key.name} is missing, so the signature can't be checked`);
    }
    if (key === undefined && this.#requiresSignature) {
      throw new CodedError('store.unreadable', `${this.#path} isn't signed; if it is yours: usher usb acl sign`);
    }
    return parse(bytes, this.#path);
  }

  save(acl: Acl): Promise<void> {
    return this.#write(Buffer.from(formatAcl(acl)));
  }

  async sign(): Promise<void> {
    const bytes = (await readOwnFile(this.#path)) ?? Buffer.from(formatAcl(DENY_ALL));
    parse(bytes, this.#path); // what nobody can read, nobody can stand by
    await this.#write(bytes);
  }

  async glance(): Promise<string> {
    const paths = [this.#path, this.#signaturePath, ...(this.#key.path === undefined ? [] : [this.#key.path]), this.#revisions.path];
    return (await Promise.all(paths.map(glanceAt))).join(' ');
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await mkdir(this.#home, { recursive: true, mode: 0o700 });
      await this.#writeRules(bytes);
      await rename(this.#nextSignaturePath, this.#signaturePath);
      await this.#revisions.commit();
    } catch (error) {
      throw isCoded(error) ? error : new CodedError('store.write-failed', `${this.#path} can't be written`, { cause: error });
    }
  }

  async #writeRules(bytes: Buffer): Promise<void> {
    const known = await this.#key.read();
    const key = known ?? (await this.#key.create());
    try {
      const signature = signatureOf(bytes, key);
      await writeAtomically(this.#nextSignaturePath, signature);
      await this.#revisions.prepare(signature, key);
      await writeAtomically(this.#path, bytes);
    } catch (error) {
      // A key beside no rules says that rules were lost, and then nothing is lent until somebody signs.
      if (known === undefined) await this.#key.discard().catch(() => undefined); // the first failure is the one to tell
      throw error;
    }
  }

  async #verify(bytes: Buffer, key: Buffer): Promise<void> {
    const expected = signatureOf(bytes, key);
    if (!(await this.#holds(this.#signaturePath, expected))) {
      if (!(await this.#holds(this.#nextSignaturePath, expected))) {
        throw new CodedError('store.unreadable', `${this.#path} was changed by something else: its signature doesn't fit`);
      }
      await rename(this.#nextSignaturePath, this.#signaturePath); // a late step of a save that was interrupted
    }
    await this.#revisions.verify(expected, key);
  }

  /** Whether rules were signed at some time, as far as anything but the key can tell. */
  async #isSigned(): Promise<boolean> {
    return this.#revisions.highest > 0 || (await readOwnFile(this.#signaturePath)) !== undefined;
  }

  async #holds(path: string, expected: string): Promise<boolean> {
    const found = (await readOwnFile(path))?.toString('latin1').trim();
    return found !== undefined && found.length === expected.length && timingSafeEqual(Buffer.from(found), Buffer.from(expected));
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

/** The inode's change time can't be set back, as the time of the last write can. */
async function glanceAt(path: string): Promise<string> {
  try {
    const { ino, ctimeNs, size } = await stat(path, { bigint: true });
    return `${ino}:${ctimeNs}:${size}`;
  } catch {
    return '-'; // missing or out of reach; loading says which
  }
}
