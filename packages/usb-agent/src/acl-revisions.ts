import { createHmac, timingSafeEqual } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { CodedError } from '@usher/protocol';
import { readOwnFile, writeAtomically } from './safe-file.ts';

interface Revision {
  readonly number: number;
  /** Of the rules that have this number. */
  readonly signature: string;
}

/**
 * Which signed rules are the latest, in `usb_acl.json.revision`: `NUMBER SIGNATURE MAC`, where the MAC is the HMAC-SHA256 of
 * `NUMBER SIGNATURE` under the rules' key (U3.2). Old rules with their old signature still carry a signature that fits; this file names
 * another. It is a file of its own because the signature itself covers the rules' bytes and nothing else, as AutoControl has it.
 * Rules without one are number 0: AutoControl's, or Usher's from before there were numbers.
 */
export class AclRevisions {
  readonly path: string;
  /** Written before the rules are: a crash leaves either the old rules and number, or the new rules and this. */
  readonly #nextPath: string;
  #highest = 0;

  constructor(rulesPath: string) {
    this.path = `${rulesPath}.revision`;
    this.#nextPath = `${this.path}.next`;
  }

  /** The highest number that was seen while this process runs: it notices also where every file was set back together. */
  get highest(): number {
    return this.#highest;
  }

  /** Fails with `store.unreadable` unless the rules with this signature are the latest. */
  async verify(signature: string, key: Buffer): Promise<void> {
    const current = await this.#read(this.path, key);
    const next = await this.#read(this.#nextPath, key);
    const number = current?.number ?? 0;
    const isInterruptedSave = next !== undefined && next.number > number && next.signature === signature;
    const found = isInterruptedSave ? next.number : number;
    const isNamed = isInterruptedSave || current === undefined || current.signature === signature;
    const isLatest = isNamed && found >= this.#highest;
    this.#highest = Math.max(this.#highest, found);
    if (!isLatest) throw new CodedError('store.unreadable', 'the USB rules were set back to an earlier version');
    if (isInterruptedSave) await rename(this.#nextPath, this.path);
  }

  /** Writes down that rules with this signature are about to be the latest. */
  async prepare(signature: string, key: Buffer): Promise<void> {
    const text = `${this.#highest + 1} ${signature}`;
    await writeAtomically(this.#nextPath, `${text} ${macOf(text, key)}`);
  }

  /** The rules of {@link prepare} are in place. */
  async commit(): Promise<void> {
    await rename(this.#nextPath, this.path);
    this.#highest += 1;
  }

  async #read(path: string, key: Buffer): Promise<Revision | undefined> {
    const text = (await readOwnFile(path))?.toString('latin1').trim();
    if (text === undefined) return undefined;
    const [, signed, number, signature, mac] = /^(([1-9]\d{0,14}) ([0-9a-f]{64})) ([0-9a-f]{64})$/.exec(text) ?? [];
    if (signed === undefined || signature === undefined || mac === undefined || !isMac(mac, signed, key)) {
      throw new CodedError('store.unreadable', `${path} was changed by something else`);
    }
    return { number: Number(number), signature };
  }
}

function macOf(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

function isMac(mac: string, text: string, key: Buffer): boolean {
  return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(text, key)));
}
