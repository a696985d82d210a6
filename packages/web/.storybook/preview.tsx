import { definePreview } from '@storybook/react-vite';
import { I18nextProvider } from 'react-i18next';
import { configure } from 'storybook/test';
import { texts } from '../src/console/texts.ts';
import { startLanguage } from '../src/i18n/start.ts';
import { viewerTexts } from '../src/i18n/viewer.ts';
import type { Language } from '../src/i18n/wording.ts';
import '../src/ui/base.css';
import './preview.css';

/** How long a play function waits for what it looks for: a machine may be slow, and then nothing is wrong. */
configure({ asyncUtilTimeout: 15_000 });

/** One for each language: a story that changes it in the middle of a rendering would change what is being rendered. */
const languages = { en: speaking('en'), de: speaking('de') };

function speaking(language: Language) {
  const instance = startLanguage({ en: { ...texts.en, viewer: viewerTexts.en }, de: { ...texts.de, viewer: viewerTexts.de } });
  void instance.changeLanguage(language); // its texts are in memory
  return instance;
}

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
      const locale = globals['locale'] === 'de' ? 'de' : 'en';
      document.documentElement.dataset['theme'] = String(globals['theme']);
      document.documentElement.lang = locale;
      return (
        <I18nextProvider i18n={languages[locale]}>
          <Story />
        </I18nextProvider>
      );
    },
  ],
});
