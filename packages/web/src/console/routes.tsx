import { createRootRoute, createRoute, createRouter, type RouterHistory } from '@tanstack/react-router';
import { AuditPage } from './audit/AuditPage.tsx';
import { readAuditSearch } from './audit/audit-search.ts';
import { Console } from './Console.tsx';
import { DevicesPage } from './devices/DevicesPage.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { OverviewPage } from './overview/OverviewPage.tsx';
import { NewProfilePage } from './profiles/NewProfilePage.tsx';
import { ProfilePage } from './profiles/ProfilePage.tsx';
import { ProfilesPage } from './profiles/ProfilesPage.tsx';
import { BrowserPage } from './usb/BrowserPage.tsx';
import { SharingPage } from './usb/SharingPage.tsx';

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

const profiles = createRoute({ getParentRoute: () => root, path: '/profiles', component: ProfilesPage });
const newProfile = createRoute({ getParentRoute: () => root, path: '/profiles/new', component: NewProfilePage });
const profile = createRoute({
  getParentRoute: () => root,
  path: '/profiles/$id',
  component: ProfilePage,
  validateSearch: (search): { end?: string; remove?: true } => ({
    ...(typeof search['end'] === 'string' ? { end: search['end'] } : {}),
    ...(search['remove'] === true ? { remove: true } : {}),
  }),
});

const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditPage, validateSearch: readAuditSearch });

const usbSharing = createRoute({ getParentRoute: () => root, path: '/usb', component: SharingPage });
const usbBrowser = createRoute({ getParentRoute: () => root, path: '/usb/browser', component: BrowserPage });

/** `history` where the address isn't the browser's own: in a story. */
export function createConsoleRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([overview, devices, profiles, newProfile, profile, audit, usbSharing, usbBrowser]),
    basepath: '/console',
    scrollRestoration: true,
    ...(history === undefined ? {} : { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
