/** What a key event tells of its key; remotes of some televisions have no name for theirs, only a number. */
interface Key {
  readonly key: string;
  readonly keyCode: number;
}

/** webOS and Tizen, in this order. */
const BACK_NUMBERS = [461, 10_009];

/** Whether a remote's "back" was pressed. */
export function isBackKey({ key, keyCode }: Key): boolean {
  return key === 'GoBack' || key === 'BrowserBack' || BACK_NUMBERS.includes(keyCode);
}
