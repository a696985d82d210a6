/** The keys of a pad on the screen, row by row: every character that a keyboard of the person's language would offer for a passcode. */
export const PAD_LAYERS = {
  digits: ['123', '456', '789', '0'],
  letters: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  capitals: ['QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM'],
  signs: ['!"#$%&\'()*', '+,-./:;<=>', '?@[\\]^_`{|', '} ~äöüßéèñç'],
} as const;
export type PadLayer = keyof typeof PAD_LAYERS;
export const PAD_LAYER_NAMES = ['digits', 'letters', 'capitals', 'signs'] as const satisfies readonly PadLayer[];
