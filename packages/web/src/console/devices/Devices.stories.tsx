import preview from '../../../.storybook/preview.tsx';
import { consoleStory } from '../../testing/console.tsx';
import { CROWDED, EMPTY, FULL, now, PHONE } from '../../testing/house.ts';

const meta = preview.meta({ title: 'Console/Devices' });

export const PairedAndWaiting = meta.story(consoleStory('/devices', FULL));
export const NoneYet = meta.story(consoleStory('/devices', EMPTY));
export const ManyProfiles = meta.story(consoleStory('/devices', CROWDED));
export const Removing = meta.story(consoleStory(`/devices?remove=%22${PHONE}%22`, FULL));
export const ArmedElsewhere = meta.story(consoleStory('/devices', { ...FULL, armedUntil: now + 100 }));
export const Armed = meta.story({
  ...consoleStory('/devices', { ...FULL, armedUntil: now + 3600 }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Make another PIN' }));
    await canvas.findByText('482 913');
  },
});
export const Unreadable = meta.story(
  consoleStory('/devices', FULL, {
    'GET /api/v1/native/clients': { status: 500, code: 'store.unreadable', detail: '~/.config/usher/paired.json: not JSON' },
  }),
);
