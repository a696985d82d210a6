import preview from '../../../.storybook/preview.tsx';
import { consoleStory } from '../../testing/console.tsx';
import { EMPTY, FULL } from '../../testing/house.ts';

const meta = preview.meta({ title: 'Console/Overview' });

export const SomebodyIsIn = meta.story(consoleStory('/', FULL));
export const Nobody = meta.story(consoleStory('/', EMPTY));
export const Ending = meta.story(consoleStory('/?end=%220011223344556677%22', FULL));
export const WithAProblem = meta.story(
  consoleStory('/', {
    ...FULL,
    host: {
      ...FULL.host,
      problems: [{ code: 'store.unreadable', detail: '~/.config/usher/paired.json: not JSON; mend or move it, then restart the host' }],
    },
  }),
);
export const SignedOut = meta.story(consoleStory('/', { ...FULL, signedIn: false }));
export const Away = meta.story(
  consoleStory('/', FULL, { 'GET /api/v1/host': { status: 502, code: 'host.unreachable', detail: 'the host does not answer' } }),
);
export const Nowhere = meta.story(consoleStory('/nowhere', FULL));
