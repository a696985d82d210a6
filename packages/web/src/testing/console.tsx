import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { queries } from '../console/query-client.ts';
import { createConsoleRouter } from '../console/routes.tsx';
import { FakeHost, type FakeHostState, type Faults } from './fake-host.ts';

/** A page of the console at an address, as a story: real routes, real requests, an invented host. */
export function consoleStory(path: string, state: FakeHostState, faults?: Faults) {
  return {
    render: () => <ConsoleAt path={path} />,
    beforeEach: () => {
      const { fetch } = globalThis;
      queries.clear();
      globalThis.fetch = new FakeHost(state, faults).fetch;
      return () => {
        globalThis.fetch = fetch;
      };
    },
  };
}

/** One router for as long as the story is shown, whatever it is dressed in. */
function ConsoleAt({ path }: { readonly path: string }) {
  const [router] = useState(() => createConsoleRouter(createMemoryHistory({ initialEntries: [`/console${path}`] })));
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
