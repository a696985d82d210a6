import { type InputEvent, InputKind, keyEvent, textEvents } from '@usher/sdk';

/** Keyboards behave differently enough under two systems to be told apart. */
export type KeyboardSystem = 'mac' | 'windows' | 'other';

/** The part of a KeyboardEvent that decides what is sent. */
export interface KeyPress {
  /** The key's place, such as `KeyQ`; empty on most touch keyboards. */
  readonly code: string;
  /** What it types here, such as `é`. */
  readonly key: string;
  /** The browser repeats a held key; the session repeats it by itself. */
  readonly repeat: boolean;
  /** Milliseconds of any steady clock. */
  readonly atMs: number;
}

/** Windows reports AltGr as a left Control that goes down in the same moment. */
const ALTGR_WITHIN_MS = 50;
const MODIFIERS = /^(Control|Shift|Alt|Meta)(Left|Right)$/;

/** Which keys are held in the session, and what each key of the browser changes about that. Undefined = not for the session. */
export class HeldKeys {
  readonly #system: KeyboardSystem;
  readonly #held = new Set<string>();
  #controlAtMs = Number.NEGATIVE_INFINITY;

  constructor(system: KeyboardSystem) {
    this.#system = system;
  }

  down(press: KeyPress): readonly InputEvent[] | undefined {
    const key = keyEvent(press.code, true);
    if (key === undefined) return press.code === '' && [...press.key].length === 1 ? textEvents(press.key) : undefined;
    if (press.repeat) return [];
    if (this.#isLock(press.code)) return this.#tap(press.code);

    const events = press.code === 'AltRight' ? this.#withoutPhantomControl(press.atMs) : [];
    if (press.code === 'ControlLeft') this.#controlAtMs = press.atMs;
    this.#held.add(press.code);
    return [...events, key];
  }

  up(code: string): readonly InputEvent[] | undefined {
    const key = keyEvent(code, false);
    if (key === undefined) return undefined;
    if (this.#isLock(code)) return this.#tap(code);
    if (!this.#held.delete(code)) return [];
    return [key, ...this.#lostUnderMeta(code)];
  }

  /** Focus is gone: whatever is held is let go, and so is what only the host still holds. */
  releaseAll(): readonly InputEvent[] {
    this.#held.clear();
    return [{ kind: InputKind.ReleaseAll, code: 0, x: 0, y: 0, flags: 0 }];
  }

  /** macOS reports Caps Lock as one event when it goes on and one when it goes off, not as down and up. */
  #isLock(code: string): boolean {
    return code === 'CapsLock' && this.#system === 'mac';
  }

  #tap(code: string): readonly InputEvent[] {
    return [keyEvent(code, true), keyEvent(code, false)].filter((event) => event !== undefined);
  }

  #withoutPhantomControl(atMs: number): readonly InputEvent[] {
    const phantom = this.#system === 'windows' && atMs - this.#controlAtMs <= ALTGR_WITHIN_MS;
    return phantom ? (this.up('ControlLeft') ?? []) : [];
  }

  /** macOS never reports that a key was let go while Command was held. */
  #lostUnderMeta(code: string): readonly InputEvent[] {
    if (this.#system !== 'mac' || !code.startsWith('Meta')) return [];
    return [...this.#held].filter((held) => !MODIFIERS.test(held)).flatMap((held) => this.up(held) ?? []);
  }
}
