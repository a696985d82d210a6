import { definePreview } from '@storybook/react-vite';
import { I18nextProvider } from 'react-i18next';
import { common } from '../src/i18n/common.ts';
import { consoleTexts } from '../src/i18n/console.ts';
import { startLanguage } from '../src/i18n/start.ts';
import { viewerTexts } from '../src/i18n/viewer.ts';
import '../src/ui/base.css';
import './preview.css';

const language = startLanguage({
  en: { common: common.en, viewer: viewerTexts.en, console: consoleTexts.en },
  de: { common: common.de, viewer: viewerTexts.de, console: consoleTexts.de },
});

export default definePreview({
  addons: [],
  parameters: { layout: 'fullscreen', controls: { disable: true }, actions: { disable: true } },
  globalTypes: {
    theme: {
      description: 'Colours',
      toolbar: { icon: 'circlehollow', items: ['light', 'dark'], dynamicTitle: true },
    },
    locale: {
      description: 'Language',
      toolbar: { icon: 'globe', items: ['en', 'de'], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: 'light', locale: 'en' },
  decorators: [
    (Story, { globals }) => {
      document.documentElement.dataset['theme'] = String(globals['theme']);
      void language.changeLanguage(String(globals['locale'])); // its texts are in memory
      return (
        <I18nextProvider i18n={language}>
          <Story />
        </I18nextProvider>
      );
    },
  ],
});
