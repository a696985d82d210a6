import type { Wording } from './wording.ts';

const en = { title: 'Console' } as const;

const de: Wording<typeof en> = { title: 'Konsole' };

export const consoleTexts = { en, de };
