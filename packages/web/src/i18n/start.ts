import { createInstance, type i18n, type Resource } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { read, write } from '../stored-choice.ts';
import { chooseLanguage, type Language } from './wording.ts';

/**
 * Speaks the person's language at once: the texts are part of the page. A language chosen by hand is kept in this browser;
 * otherwise the browser's own wishes decide.
 */
export function startLanguage(texts: Readonly<Record<Language, Resource[string]>>): i18n {
  const chosen = read('language');
  const instance = createInstance();
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  // Everything is in memory, so this settles before it returns; there is nothing to wait for.
  void instance.use(initReactI18next).init({
    resources: texts,
    lng: chooseLanguage([...(chosen === undefined ? [] : [chosen]), ...navigator.languages]),
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  return instance;
}

export function speak(instance: i18n, language: Language): void {
  write('language', language);
  void instance.changeLanguage(language); // its texts are in memory
}
