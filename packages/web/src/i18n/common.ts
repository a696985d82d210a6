import type { Wording } from './wording.ts';

const en = {
  product: 'Usher',
  cancel: 'Cancel',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  tryAgain: 'Try again',
  languageLabel: 'Language',
  languageName: { en: 'English', de: 'Deutsch' },
  themeLabel: 'Colours',
  theme: { system: 'As the system', light: 'Light', dark: 'Dark' },
  fingerprintLabel: 'Fingerprint',
  showWhole: 'Show the whole fingerprint',
  stillWorking: 'This takes longer than usual.',
  hostSays: 'The host says:',
} as const;

const de: Wording<typeof en> = {
  product: 'Usher',
  cancel: 'Abbrechen',
  close: 'Schließen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  tryAgain: 'Noch einmal versuchen',
  languageLabel: 'Sprache',
  languageName: { en: 'English', de: 'Deutsch' },
  themeLabel: 'Farben',
  theme: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  fingerprintLabel: 'Fingerabdruck',
  showWhole: 'Ganzen Fingerabdruck zeigen',
  stillWorking: 'Das dauert länger als sonst.',
  hostSays: 'Der Host sagt:',
};

export const common = { en, de };
