import { ask, type XConnection } from '../display/x-connection.ts';

/**
 * Keys that no key of a keyboard uses, lent to characters for a while. There is more than one, because a program asks for the meaning
 * of a key only when it gets to the event: a key whose meaning changed meanwhile would type the wrong character.
 */
export class TextKeys {
  readonly #connection: XConnection;
  /** Spare key codes, the one lent longest ago first. */
  readonly #spare: number[];
  readonly #lent = new Map<number, number>();
  readonly #keysymsPerKeycode: number;

  private constructor(connection: XConnection, spare: number[], keysymsPerKeycode: number) {
    this.#connection = connection;
    this.#spare = spare;
    this.#keysymsPerKeycode = keysymsPerKeycode;
  }

  static async open(connection: XConnection): Promise<TextKeys> {
    const { min, max } = connection.keycodes;
    const mapping = await ask<readonly (readonly number[])[]>((done) => connection.client.GetKeyboardMapping(min, max - min + 1, done));
    const spare = mapping.flatMap((keysyms, index) => (keysyms.every((keysym) => keysym === 0) ? [min + index] : []));
    return new TextKeys(connection, spare, mapping[0]?.length ?? 1);
  }

  /** The key code that types this keysym from now on; undefined if the keyboard has no key to spare. */
  keycodeFor(keysym: number): number | undefined {
    const known = this.#lent.get(keysym);
    const keycode = known ?? this.#spare[0];
    if (keycode === undefined) return undefined;
    this.#spare.splice(this.#spare.indexOf(keycode), 1);
    this.#spare.push(keycode);
    if (known !== undefined) return keycode;

    for (const [other, at] of this.#lent) if (at === keycode) this.#lent.delete(other);
    this.#lent.set(keysym, keycode);
    // The same on every level, so that a Shift that is held changes nothing.
    const keysyms = Array.from({ length: this.#keysymsPerKeycode }, () => keysym);
    this.#connection.client.ChangeKeyboardMapping(keycode, this.#keysymsPerKeycode, keysyms);
    return keycode;
  }
}
