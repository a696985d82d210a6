import type { Plugin } from 'vite';

/** Serves the console's page below /console as the host does. */
export function fakeApi(): Plugin {
  return {
    name: 'fake-api',
    configureServer: (server) => {
      server.middlewares.use((request, _response, next) => {
        if (request.url === '/console' || request.url?.startsWith('/console/') === true) request.url = '/console.html';
        next();
      });
    },
  };
}
