import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { common } from '../i18n/common.ts';
import { consoleTexts } from '../i18n/console.ts';
import { startLanguage } from '../i18n/start.ts';
import { mount } from '../ui/mount.tsx';
import { queries } from './query-client.ts';
import { router } from './routes.tsx';

const language = startLanguage({
  en: { common: common.en, console: consoleTexts.en },
  de: { common: common.de, console: consoleTexts.de },
});
mount(
  language,
  <QueryClientProvider client={queries}>
    <RouterProvider router={router} />
  </QueryClientProvider>,
);
