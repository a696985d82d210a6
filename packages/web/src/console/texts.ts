import { common } from '../i18n/common.ts';
import { consoleTexts } from '../i18n/console.ts';
import { auditTexts } from '../i18n/console-audit.ts';
import { profileTexts } from '../i18n/console-profiles.ts';
import { usbTexts } from '../i18n/console-usb.ts';

/** Everything that the console says. */
export const texts = {
  en: { common: common.en, console: consoleTexts.en, profiles: profileTexts.en, audit: auditTexts.en, usb: usbTexts.en },
  de: { common: common.de, console: consoleTexts.de, profiles: profileTexts.de, audit: auditTexts.de, usb: usbTexts.de },
};
