import preview from '../../../.storybook/preview.tsx';
import { consoleStory } from '../../testing/console.tsx';
import { auditEntries, EMPTY, FULL } from '../../testing/house.ts';

const meta = preview.meta({ title: 'Console/Audit' });

const BROKEN = {
  ok: false,
  entries: 1204,
  first_seq: 0,
  faults: [
    { kind: 'changed', seq: 17, file: 'audit-000000000000.jsonl', line: 18, message: 'entry 17 does not have the hash that it says' },
    { kind: 'missing', seq: 900, file: 'audit-000000000000.jsonl', line: 900, message: 'entry 900 is missing' },
  ],
} as const;

export const Entries = meta.story(consoleStory('/audit', FULL));
export const MoreThanAPage = meta.story(consoleStory('/audit', { ...FULL, audit: auditEntries(250) }));
export const Filtered = meta.story(consoleStory('/audit?event=%22profile%22', FULL));
export const NothingLikeThat = meta.story(consoleStory('/audit?event=%22usb%22', FULL));
export const NothingYet = meta.story(consoleStory('/audit', EMPTY));
export const Whole = meta.story({
  ...consoleStory('/audit', FULL),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Check the whole record' }));
    await canvas.findByText('Whole.');
  },
});
export const NotWhole = meta.story({
  ...consoleStory('/audit', { ...FULL, verdict: { ...BROKEN, faults: [...BROKEN.faults] } }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Check the whole record' }));
    await canvas.findByText('Not whole: 2 faults.');
  },
});
