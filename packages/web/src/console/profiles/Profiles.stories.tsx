import { expect, within } from 'storybook/test';
import preview from '../../../.storybook/preview.tsx';
import { consoleStory } from '../../testing/console.tsx';
import { ADA, BOB, CROWDED, EMPTY, FULL, KIDS, profile } from '../../testing/house.ts';

const meta = preview.meta({ title: 'Console/Profiles' });

const PASSCODE_FIELDS = 'input[type="password"]';

export const Tiles = meta.story(consoleStory('/profiles', FULL));
export const OnlyTheOperator = meta.story(consoleStory('/profiles', EMPTY));
export const SixtyThree = meta.story(consoleStory('/profiles', CROWDED));
export const WithoutABroker = meta.story(consoleStory('/profiles', { ...FULL, host: { ...FULL.host, isolating_profiles: false } }));
export const Asking = meta.story(consoleStory('/profiles', FULL, { 'GET /api/v1/profiles': 'silent' }));
export const Unreadable = meta.story(
  consoleStory('/profiles', FULL, {
    'GET /api/v1/profiles': { status: 500, code: 'store.unreadable', detail: '~/.config/usher/profiles.json: not JSON' },
  }),
);

export const One = meta.story(consoleStory(`/profiles/${KIDS.id}`, FULL));
export const OneInUse = meta.story(consoleStory(`/profiles/${ADA.id}`, FULL));
export const WithoutCredential = meta.story(consoleStory(`/profiles/${BOB.id}`, FULL));
export const WithoutAccount = meta.story(
  consoleStory(`/profiles/${ADA.id}`, { ...FULL, profiles: [profile({ os_account: { kind: 'linux', username: 'gone' } })] }),
);
export const NotEligible = meta.story(
  consoleStory(`/profiles/${KIDS.id}`, {
    ...FULL,
    accounts: FULL.accounts.map((account) =>
      account.username === 'kids' ? { ...account, eligible: false, remedy: 'sudo usermod -aG usher-users kids' } : account,
    ),
  }),
);
export const LongName = meta.story(consoleStory('/profiles/4123456789ab', FULL));
export const Gone = meta.story(consoleStory('/profiles/ffffffffffff', FULL));
export const Reclaiming = meta.story(consoleStory(`/profiles/${ADA.id}?end=%220011223344556677%22`, FULL));
export const Removing = meta.story({
  ...consoleStory(`/profiles/${ADA.id}?remove=true`, FULL),
  play: async ({ canvas, userEvent }) => {
    const dialog = within(await canvas.findByRole('dialog'));
    const choice = await dialog.findByRole('checkbox', { name: 'End the session that is running' });
    await expect(dialog.getByRole('button', { name: 'Remove' })).toBeDisabled();
    await userEvent.click(choice);
    await expect(dialog.getByRole('button', { name: 'Remove' })).toBeEnabled();
  },
});

export const TitlesUnread = meta.story(
  consoleStory(`/profiles/${KIDS.id}`, FULL, { 'GET /api/v1/library': { status: 500, code: 'internal', detail: 'no' } }),
);
export const ManyTitles = meta.story({
  ...consoleStory('/profiles/new', CROWDED),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('radio', { name: 'Only chosen ones' }));
    await canvas.findByText('2800 more titles. Search to see them.');
    await userEvent.type(canvas.getByRole('searchbox'), 'Title 299');
    await userEvent.click(await canvas.findByRole('checkbox', { name: /Title 2999/ }));
    await canvas.findByText('One chosen');
  },
});

export const New = meta.story(consoleStory('/profiles/new', FULL));
export const NewWithMistakes = meta.story({
  ...consoleStory('/profiles/new', FULL),
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('Width, at most'), '12');
    await userEvent.click(canvas.getByRole('button', { name: 'Make this profile' }));
    await canvas.findByText('A profile needs a name.');
    await expect(canvas.getByLabelText('Name')).toHaveFocus();
  },
});
export const RefusedByTheHost = meta.story({
  ...consoleStory('/profiles/new', FULL, {
    'POST /api/v1/profiles': { status: 400, code: 'message.malformed', detail: 'profile.display_name: has characters that do not show' },
  }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('Name'), 'Sam');
    await userEvent.click(canvas.getByRole('button', { name: 'Make this profile' }));
    await canvas.findByText('The host says: has characters that do not show');
    await expect(canvas.getByLabelText('Name')).toHaveFocus();
  },
});
export const Made = meta.story({
  ...consoleStory('/profiles/new', FULL),
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('Name'), 'Sam');
    await userEvent.selectOptions(canvas.getByLabelText('Account on this host'), 'sam (Sam)');
    await userEvent.click(canvas.getByRole('button', { name: 'Make this profile' }));
    await canvas.findByRole('heading', { name: 'Passcode' });
  },
});

export const ChangedMeanwhile = meta.story({
  ...consoleStory(`/profiles/${ADA.id}`, FULL, {
    [`PUT /api/v1/profiles/${ADA.id}`]: { status: 412, code: 'profile.changed', detail: 'somebody has changed the profile meanwhile' },
  }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('Name'), ' and friends');
    await userEvent.click(canvas.getByRole('button', { name: 'Save' }));
    await canvas.findByText('Somebody else has changed this profile meanwhile');
    await canvas.findByRole('button', { name: 'Replace theirs' });
  },
});

export const PasscodesThatDiffer = meta.story({
  ...consoleStory(`/profiles/${KIDS.id}`, FULL),
  play: async ({ canvas, canvasElement, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Change it' }));
    await userEvent.type(canvas.getByLabelText('New passcode'), 'open sesame');
    await userEvent.type(canvas.getByLabelText('Once more'), 'open sesam');
    await userEvent.click(canvas.getByRole('button', { name: 'Set the passcode' }));
    await canvas.findByText('The two aren’t the same.');
    await expect(canvasElement.querySelectorAll(PASSCODE_FIELDS)).toHaveLength(2);
  },
});
export const PasscodeSet = meta.story({
  ...consoleStory(`/profiles/${KIDS.id}`, FULL),
  play: async ({ canvas, canvasElement, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Change it' }));
    for (const label of ['New passcode', 'Once more']) await userEvent.type(canvas.getByLabelText(label), 'open sesame');
    await userEvent.click(canvas.getByRole('button', { name: 'Set the passcode' }));
    await canvas.findByText('The passcode is set. Failed attempts are forgotten.');
    await expect(canvasElement.querySelectorAll(PASSCODE_FIELDS)).toHaveLength(0);
  },
});
