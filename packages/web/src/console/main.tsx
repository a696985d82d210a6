import { common } from '../i18n/common.ts';
import { consoleTexts } from '../i18n/console.ts';
import { startLanguage } from '../i18n/start.ts';
import { mount } from '../ui/mount.tsx';
import { ConsoleApp } from './ConsoleApp.tsx';

const language = startLanguage({
  en: { common: common.en, console: consoleTexts.en },
  de: { common: common.de, console: consoleTexts.de },
});
mount(language, <ConsoleApp />);
