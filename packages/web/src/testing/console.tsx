import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { queries } from '../console/query-client.ts';
import { createConsoleRouter } from '../console/routes.tsx';
import { FakeHost, type FakeHostState, type Faults } from './fake-host.ts';
import { SilentEventSource } from './fake-usb.ts';

/** Of the story that is shown, or was shown last: a page that is being taken down may still ask. */
let host: FakeHost | undefined;

/** A page of the console at an address, as a story: real routes, real requests, an invented host. */
export function consoleStory(path: string, state: FakeHostState, faults?: Faults) {
  const begin = () => {
    queries.clear();
    host = new FakeHost(state, faults);
  };
  return { render: () => <ConsoleAt path={path} onBegin={begin} />, beforeEach: answerFromHere };
}

/** The console's requests go to the invented host; what else the storybook asks for goes where it always went. */
function answerFromHere(): void {
  if (globalThis.fetch !== fetchFromHost) Object.assign(globalThis, { fetch: fetchFromHost, EventSource: SilentEventSource });
}

const { fetch: fetchFromNetwork } = globalThis;

function fetchFromHost(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
  const isTheHosts = /^\/(api|usb)\//.test(pathname);
  return isTheHosts && host !== undefined ? host.fetch(input, init) : fetchFromNetwork(input, init);
}

/** One router and one host for as long as the story is shown, whatever it is dressed in. */
function ConsoleAt({ path, onBegin }: { readonly path: string; readonly onBegin: () => void }) {
  const [router] = useState(() => {
    onBegin();
    return createConsoleRouter(createMemoryHistory({ initialEntries: [`/console${path}`] }));
  });
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
