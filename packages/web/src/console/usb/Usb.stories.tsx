import preview from '../../../.storybook/preview.tsx';
import { consoleStory } from '../../testing/console.tsx';
import { FULL } from '../../testing/house.ts';
import { BARE_SHELF, PROMPT, SHELF } from '../../testing/usb-shelf.ts';

const meta = preview.meta({ title: 'Console/USB' });

export const Lending = meta.story(consoleStory('/usb', FULL));
export const Off = meta.story(consoleStory('/usb', { ...FULL, host: { ...FULL.host, usb: { enabled: false, running: false } } }));
export const NothingPluggedIn = meta.story(consoleStory('/usb', { ...FULL, usb: BARE_SHELF }));
export const Broken = meta.story(
  consoleStory('/usb', {
    ...FULL,
    host: {
      ...FULL.host,
      usb: { enabled: true, running: true, backend: 'libusb', problem: 'libusb can’t be loaded; on Debian: apt install libudev1' },
    },
    usb: BARE_SHELF,
  }),
);
export const Untrusted = meta.story(
  consoleStory('/usb', {
    ...FULL,
    usb: {
      ...SHELF,
      acl: {
        default: 'deny',
        integrity_ok: false,
        rules: [],
        problem: 'usb_acl.json was changed by another hand: its signature does not hold',
      },
    },
  }),
);
export const OpenToOthers = meta.story(
  consoleStory('/usb', {
    ...FULL,
    usb: {
      ...SHELF,
      acl: {
        ...{ default: 'deny', integrity_ok: false, rules: [] },
        problem: '/home/ada/.config/usher/usb_acl.json is open to others',
        mend: "chmod 600 '/home/ada/.config/usher/usb_acl.json'",
      },
    },
  }),
);
export const Asked = meta.story(consoleStory('/', { ...FULL, usb: { ...SHELF, prompts: [PROMPT, { ...PROMPT, id: '1'.repeat(16) }] } }));
export const AskedForOneself = meta.story(
  consoleStory('/usb/browser', {
    ...FULL,
    usb: { ...SHELF, prompts: [{ ...PROMPT, viewer: 'loopback', viewer_name: '', label: '', profile_name: 'Host', risks: ['storage'] }] },
  }),
);
export const Browsing = meta.story({
  ...consoleStory('/usb/browser', FULL),
  play: async ({ canvas, userEvent }) => {
    const [button] = await canvas.findAllByRole('button', { name: /1209:0001/ });
    if (button !== undefined) await userEvent.click(button);
    await canvas.findByText('Open Hardware', { exact: false });
  },
});
export const BrowsingWhileOff = meta.story(
  consoleStory('/usb/browser', { ...FULL, host: { ...FULL.host, usb: { enabled: false, running: false } } }),
);
export const AnotherHost = meta.story({
  ...consoleStory('/usb/browser', FULL),
  play: async ({ canvas, userEvent }) => {
    await userEvent.selectOptions(await canvas.findByRole('combobox', { name: /^(Where|Wo)$/ }), 'another');
    await userEvent.type(canvas.getByRole('textbox'), 'workshop.local');
    await userEvent.click(canvas.getByRole('button', { name: /^(Continue|Weiter)$/ }));
    await canvas.findByText(/c4c4 c4c4/);
  },
});
