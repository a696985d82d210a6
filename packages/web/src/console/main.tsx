import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { startLanguage } from '../i18n/start.ts';
import { mount } from '../ui/mount.tsx';
import { queries } from './query-client.ts';
import { createConsoleRouter } from './routes.tsx';
import { texts } from './texts.ts';

mount(
  startLanguage(texts),
  <QueryClientProvider client={queries}>
    <RouterProvider router={createConsoleRouter()} />
  </QueryClientProvider>,
);
