import type { Logger } from 'pino';
import type { XEvent } from 'x11';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';

const NO_SYMBOL = 0;
/** MappingNotify of keys, rather than of modifiers or buttons. */
const MAPPING_KEYBOARD = 1;
/**
 * Time that programs get to look up what a lent key means, before it may come to mean something else: they ask only when they get
 * to the event, and would type the wrong character.
 */
const LOOK_UP_US = 150_000;

/** How a character is typed: with a key, perhaps with Shift; or not yet. */
export type TextKey = { readonly keycode: number; readonly shift: boolean } | { readonly waitUs: number };

/**
 * Finds keys for characters. What the keyboard's layout has, with or without Shift, is typed as a person would; for everything else,
 * keys that the layout leaves empty (some twenty) are lent out, the one used longest ago first.
 */
export class TextKeys {
  readonly #connection: XConnection;
  readonly #clock: Pick<Clock, 'nowUs'>;
  readonly #log: Logger;
  #layout: ReadonlyMap<number, { readonly keycode: number; readonly shift: boolean }> = new Map();
  /** Lent and free keys, the one used longest ago first. */
  #spare: { keycode: number; keysym: number; usedUs: number }[] = [];
  #levels = 1;

  static async open(connection: XConnection, clock: Pick<Clock, 'nowUs'>, log: Logger): Promise<TextKeys> {
    const keys = new TextKeys(connection, clock, log);
    await keys.#readLayout();
    return keys;
  }

  private constructor(connection: XConnection, clock: Pick<Clock, 'nowUs'>, log: Logger) {
    this.#connection = connection;
    this.#clock = clock;
    this.#log = log;
    connection.onEvent((event) => this.#hear(event));
  }

  /** The key for a keysym while Shift is held or not; undefined if there is none, and none to lend. */
  keyFor(keysym: number, shiftHeld: boolean): TextKey | undefined {
    const known = this.#layout.get(keysym);
    if (known !== undefined && (known.shift || !shiftHeld)) return known;
    const key = this.#spare.find((spare) => spare.keysym === keysym) ?? this.#spare[0];
    if (key === undefined) return undefined;
    const nowUs = this.#clock.nowUs();
    if (key.keysym !== keysym) {
      const waitUs = key.usedUs + LOOK_UP_US - nowUs;
      if (waitUs > 0) return { waitUs };
      key.keysym = keysym;
      this.#define(key.keycode, keysym);
    }
    key.usedUs = nowUs;
    this.#spare = [...this.#spare.filter((other) => other !== key), key];
    return { keycode: key.keycode, shift: false };
  }

  /** Gives the lent keys back: on somebody's own display they would stay changed. */
  close(): void {
    for (const { keycode, keysym } of this.#spare) if (keysym !== NO_SYMBOL) this.#define(keycode, NO_SYMBOL);
    this.#spare = [];
  }

  /** The same on every level, so that a Shift that is held changes nothing. */
  #define(keycode: number, keysym: number): void {
    const keysyms = Array.from({ length: this.#levels }, () => keysym);
    this.#connection.client.ChangeKeyboardMapping(keycode, this.#levels, keysyms);
  }

  /** A new layout changes many keys at once, and takes back what was lent; our own changes are of one key. */
  #hear(event: XEvent): void {
    if (event.name !== 'MappingNotify' || event.request !== MAPPING_KEYBOARD || (event.count ?? 0) <= 1) return;
    this.#readLayout().catch((error: unknown) => this.#log.warn({ problem: String(error) }, 'the new keyboard layout is unknown'));
  }

  async #readLayout(): Promise<void> {
    const { min, max } = this.#connection.keycodes;
    const rows = await this.#connection.ask<readonly (readonly number[])[]>((done) =>
      this.#connection.client.GetKeyboardMapping(min, max - min + 1, done),
    );
    const layout = new Map<number, { readonly keycode: number; readonly shift: boolean }>();
    // Without Shift first: a character that both ways lead to is typed the simpler way.
    for (const shift of [false, true]) {
      for (const [index, row] of rows.entries()) {
        const keysym = row[shift ? 1 : 0] ?? NO_SYMBOL;
        if (keysym !== NO_SYMBOL && !layout.has(keysym)) layout.set(keysym, { keycode: min + index, shift });
      }
    }
    this.#layout = layout;
    this.#levels = rows[0]?.length ?? 1;
    this.#spare = rows.flatMap((row, index) =>
      row.every((keysym) => keysym === NO_SYMBOL) ? [{ keycode: min + index, keysym: NO_SYMBOL, usedUs: Number.NEGATIVE_INFINITY }] : [],
    );
  }
}
