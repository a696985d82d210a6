import { defineMain } from '@storybook/react-vite/node';

/** Each state of each page and part, to look at and to test: see README.md of this package. */
export default defineMain({
  framework: '@storybook/react-vite',
  stories: ['../src/**/*.stories.tsx'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  typescript: { reactDocgen: false },
  viteFinal: ({ build, ...config }) => ({
    ...config,
    // The pages' own entries and their Content-Security-Policy have no part in it.
    build: { ...build, rolldownOptions: {}, chunkSizeWarningLimit: 4096 },
  }),
});
