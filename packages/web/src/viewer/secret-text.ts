import { passcodeBytes } from '@usher/sdk';

/** What a passcode may have, in bytes of UTF-8. */
export const PASSCODE_BYTES_MAX = 64;

/** A passcode that is typed key by key: kept as bytes, so that it can be wiped (requirement P2.4), and never part of a page's state. */
export class SecretText {
  readonly #bytes = new Uint8Array(PASSCODE_BYTES_MAX);
  #length = 0;

  /** How many characters there are. */
  get characters(): number {
    return this.#bytes.subarray(0, this.#length).filter((byte) => !continues(byte)).length;
  }

  /** One key's character; false where there is no more room. */
  append(character: string): boolean {
    const bytes = new TextEncoder().encode(character);
    if (this.#length + bytes.length > this.#bytes.length) return false;
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return true;
  }

  removeLast(): void {
    while (this.#length > 0) {
      this.#length -= 1;
      const byte = this.#bytes[this.#length] ?? 0;
      this.#bytes[this.#length] = 0;
      if (!continues(byte)) return;
    }
  }

  /** The passcode, from now on the caller's to wipe; nothing of it stays here. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.wipe();
    return taken;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#length = 0;
  }
}

/** What a field holds, as bytes, and the field empty; undefined where it is longer than a passcode may be. Strings can't be wiped: this one is let go. */
export function takeFrom(field: { value: string }): Uint8Array | undefined {
  if (new TextEncoder().encode(field.value).length > PASSCODE_BYTES_MAX) return undefined;
  const passcode = passcodeBytes(field.value);
  field.value = '';
  return passcode;
}

/** UTF-8 continues a character with 10xxxxxx. */
function continues(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
