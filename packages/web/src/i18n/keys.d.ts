import 'i18next';
import type { common } from './common.ts';
import type { consoleTexts } from './console.ts';
import type { viewerTexts } from './viewer.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false;
    defaultNS: 'common';
    resources: {
      common: (typeof common)['en'];
      viewer: (typeof viewerTexts)['en'];
      console: (typeof consoleTexts)['en'];
    };
  }
}
