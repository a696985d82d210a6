import type { i18n } from 'i18next';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { applyStoredTheme } from './theme.ts';
import './base.css';

/** Puts a page on the screen: the colours and the language are settled before the first paint. */
export function mount(language: i18n, page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new TypeError('the page has no #root');
  applyStoredTheme();
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={language}>{page}</I18nextProvider>
    </StrictMode>,
  );
}
