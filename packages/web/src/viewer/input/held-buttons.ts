import { buttonEvent, type InputEvent } from '@usher/sdk';

/** Bits of PointerEvent.buttons in the order of MouseEvent.button: the two count right and middle differently. */
const BIT_OF_BUTTON = [1, 4, 2, 8, 16] as const;

/**
 * Which buttons are held. Browsers report only the first and the last of several as pointerdown and pointerup, and those between as
 * motion; the mask in every event tells them all.
 */
export class HeldButtons {
  #mask = 0;

  /** The changes that lead to `mask` (PointerEvent.buttons), in the order of the buttons. */
  change(mask: number): readonly InputEvent[] {
    const before = this.#mask;
    this.#mask = mask;
    return BIT_OF_BUTTON.flatMap((bit, button) => {
      const changed = ((before ^ mask) & bit) !== 0;
      return changed ? (buttonEvent(button, (mask & bit) !== 0) ?? []) : [];
    });
  }
}
