import 'i18next';
import type { common } from './common.ts';
import type { consoleTexts } from './console.ts';
import type { auditTexts } from './console-audit.ts';
import type { profileTexts } from './console-profiles.ts';
import type { usbTexts } from './console-usb.ts';
import type { viewerTexts } from './viewer.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false;
    defaultNS: 'common';
    resources: {
      common: (typeof common)['en'];
      viewer: (typeof viewerTexts)['en'];
      console: (typeof consoleTexts)['en'];
      profiles: (typeof profileTexts)['en'];
      audit: (typeof auditTexts)['en'];
      usb: (typeof usbTexts)['en'];
    };
  }
}
