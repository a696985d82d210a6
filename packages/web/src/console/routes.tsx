import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { Console } from './Console.tsx';
import { DevicesPage } from './devices/DevicesPage.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { OverviewPage } from './overview/OverviewPage.tsx';

const root = createRootRoute({ component: Console, notFoundComponent: NotFoundPage });

/** Which dialog is open stands in the address: "back" closes it, and a page that is loaded again shows it again. */
const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: OverviewPage,
  validateSearch: (search): { end?: string } => (typeof search['end'] === 'string' ? { end: search['end'] } : {}),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  component: DevicesPage,
  validateSearch: (search): { remove?: string } => (typeof search['remove'] === 'string' ? { remove: search['remove'] } : {}),
});

export const router = createRouter({ routeTree: root.addChildren([overview, devices]), basepath: '/console' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
