import type { Wording } from './wording.ts';

const en = { welcome: 'Welcome' } as const;

const de: Wording<typeof en> = { welcome: 'Willkommen' };

export const viewerTexts = { en, de };
