import type { XEvent } from 'x11';
import type { XConnection } from '../src/display/x-connection.ts';

type Played = readonly [type: number, detail: number, x: number, y: number];

/** The part of an X connection that input goes to. It notes what is played, and has a keyboard with keys to spare. */
export class FakeX {
  readonly played: Played[] = [];
  readonly lent: { readonly keycode: number; readonly keysym: number }[] = [];
  spareKeycodes: readonly number[];
  hear: (event: XEvent) => void = () => undefined;

  constructor(spareKeycodes: readonly number[] = [200, 201, 202]) {
    this.spareKeycodes = spareKeycodes;
  }

  /** Key 38 types a and A, 50 is Shift; a new layout is heard of by `hear`. */
  #meaningOf(keycode: number): number[] {
    if (this.spareKeycodes.includes(keycode)) return [0, 0];
    return keycode === 38 ? [0x61, 0x41] : [0xffe1, 0];
  }

  get connection(): XConnection {
    const fake = {
      root: 1,
      onEvent: (listener: (event: XEvent) => void) => {
        this.hear = listener;
      },
      keycodes: { min: 8, max: 255 },
      ask: (request: (done: (error: null, value: unknown) => void) => void) =>
        new Promise((resolve) => {
          request((_error, value) => resolve(value));
        }),
      extensions: {
        xtest: {
          FakeInput: (type: number, detail: number, _delay: number, _window: number, x: number, y: number) =>
            void this.played.push([type, detail, x, y]),
        },
      },
      client: {
        GetKeyboardMapping: (first: number, count: number, done: (error: null, mapping: number[][]) => void) =>
          done(
            null,
            Array.from({ length: count }, (_, index) => this.#meaningOf(first + index)),
          ),
        ChangeKeyboardMapping: (keycode: number, _levels: number, keysyms: readonly number[]) =>
          void this.lent.push({ keycode, keysym: keysyms[0] ?? 0 }),
      },
    };
    // The rest of the connection belongs to capture, which no test of input touches.
    return fake as unknown as XConnection;
  }
}
